import type { VenueContext } from '@keelson/core/ports';
import { ConfigError } from '@keelson/core/errors';
import type { SimulatedParams } from './config.js';
import type { DueTimes } from './due-times.js';
import { fundingSchedule } from './funding.js';
import { InstrumentBook, type BookRules } from './instrument-book.js';
import { marginRule } from './margin/margin-rule.js';
import { commissionModel } from './models/commission.js';
import { slippageModel } from './models/slippage.js';
import type { VenueAccount } from './venue-account.js';

/** Ticks that a bar must trade beyond a limit under `through`: any price beyond it, rounding noise excluded. */
const THROUGH = 1e-4;

/**
 * One book for each instrument of the account.
 * @throws ConfigError CFG_REFERENCE for settings of an instrument, a calendar or a currency that the account does not have
 */
export function makeBooks(context: VenueContext<SimulatedParams>, account: VenueAccount, dueTimes: DueTimes): readonly InstrumentBook[] {
  const { params, instruments, calendars, baseDir } = context;
  const ids = instruments.map((instrument) => instrument.id);
  for (const id of Object.keys(params.instruments)) {
    if (!ids.includes(id)) throw new ConfigError('CFG_REFERENCE', `broker.config.instruments has ${id}, expected one of ${ids.join(', ')}`, { hint: 'remove it or add the instrument' });
  }
  return instruments.map((instrument, index) => {
    const own = params.instruments[instrument.id];
    const calendar = calendars[instrument.calendar];
    if (calendar === undefined) {
      throw new ConfigError('CFG_REFERENCE', `instrument ${instrument.id} has the calendar ${instrument.calendar}, expected one of ${Object.keys(calendars).join(', ')}`, { hint: 'name a calendar that exists' });
    }
    const margin = marginRule(own?.margin ?? params.margin, instrument, calendar, baseDir);
    if (margin !== undefined && !account.rates.canConvert(instrument.currency)) {
      throw new ConfigError('CFG_REFERENCE', `margin of ${instrument.id} is in ${instrument.currency} and has no rate to ${account.rates.base}, expected one`, {
        hint: `add rates: { ${instrument.currency}: … } to the account, or a forex instrument of the pair`,
      });
    }
    const rules: BookRules = {
      commission: commissionModel(own?.commission ?? params.commission),
      slippage: slippageModel(own?.slippage ?? params.slippage),
      margin,
      funding: instrument.type === 'perpetual' ? fundingSchedule(own?.funding ?? params.funding, baseDir) : undefined,
      settles: params.settlement && instrument.type === 'future',
      limitSlack: params.limitFill === 'touch' ? 0 : THROUGH,
      volumeLimit: params.volumeLimit,
    };
    return new InstrumentBook(index, instrument, calendar, account.position(index), rules, dueTimes);
  });
}
