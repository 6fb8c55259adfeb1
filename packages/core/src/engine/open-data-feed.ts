import { schemaFaults } from '../config/faults.js';
import { instrumentSchema } from '../config/instrument-schema.js';
import { nearest } from '../config/nearest.js';
import { calendarById, CALENDAR_IDS } from '../domain/calendars/index.js';
import type { Instrument } from '../domain/instrument.js';
import { parseTimeframe } from '../domain/market-data.js';
import { ConfigError, KeelsonErrors, isKeelsonError } from '../errors.js';
import { checkInstance } from '../plugin/check-contract.js';
import { checkSettings } from '../plugin/register-plugins.js';
import type { PluginRegistry } from '../plugin/registry.js';
import { DATA_FEED } from '../plugin/tokens.js';
import type { OpenDataFeed } from '../ports/open-data-feed.js';
import type { VenueContext } from '../ports/venue.js';

/** Gives components data feeds of their own, beside the one that the account trades on. */
export function openDataFeed(registry: PluginRegistry, venue: Omit<VenueContext<unknown>, 'params' | 'timeframe'>): OpenDataFeed {
  return ({ feed: id, config, instrument: wanted, timeframe: text }) => {
    const definition = registry.find(DATA_FEED, id, 'feed');
    if (isKeelsonError(definition)) throw new ConfigError(definition.code, definition.message, { hint: definition.hint });
    const timeframe = parseTimeframe(text);
    if (timeframe === undefined) throw new ConfigError('CFG_TYPE', `timeframe was '${text}', expected one such as 1m, 4h or 1d`, { hint: 'correct the timeframe' });
    const instrument = instrumentOf(wanted, venue.instruments);
    const calendar = calendarById(instrument.calendar);
    if (calendar === undefined) {
      const close = nearest(instrument.calendar, CALENDAR_IDS);
      throw new ConfigError('CFG_REFERENCE', `calendar of ${instrument.id} was '${instrument.calendar}', expected one of ${CALENDAR_IDS.join(', ')}`, { hint: close === undefined ? 'use one of these' : `did you mean ${close}?` });
    }
    const checked = checkSettings(definition.params, config, `config of feed ${id}`);
    if (Array.isArray(checked)) throw new KeelsonErrors(checked.map((fault) => new ConfigError(fault.code, fault.message, { hint: fault.hint })));
    const feed = definition.create({ ...venue, instruments: [instrument], calendars: { [instrument.calendar]: calendar }, timeframe, params: checked.value });
    checkInstance('data-feed', id, feed, registry.pluginOf('data-feed', id));
    return { feed, request: { instrument, calendar, timeframe } };
  };
}

function instrumentOf(wanted: unknown, known: readonly Instrument[]): Instrument {
  if (typeof wanted !== 'string') {
    const result = instrumentSchema.safeParse(wanted);
    if (result.success) return result.data as Instrument;
    throw new KeelsonErrors(schemaFaults('CFG_TYPE', 'instrument', result.error.issues, wanted, instrumentSchema).map((fault) => new ConfigError(fault.code, fault.message, { hint: fault.hint })));
  }
  const found = known.find(({ id }) => id === wanted);
  if (found !== undefined) return found;
  const ids = known.map(({ id }) => id);
  const close = nearest(wanted, ids);
  throw new ConfigError('CFG_REFERENCE', `instrument was '${wanted}', expected one of the account (${ids.join(', ')}) or the whole of another`, {
    hint: close === undefined ? 'write it out: { id, type, currency, tickSize, calendar }' : `did you mean ${close}?`,
  });
}
