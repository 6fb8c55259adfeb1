import { calendarById, parseTimeframe } from '@keelson/core/domain';
import { families } from '@keelson/plugin-features';
import { TICK } from './market.mjs';

/** What a param counts where the schema has no default. */
const PERIOD = 20;

/** What depends on the length of a bar. */
const BY_BAR = { 'opening-range': (minutes) => ({ minutes: Math.max(30, minutes) }) };

/** Every feature with the params it is measured with: its defaults, and 20 (or the first choice) where there is none. */
export function allFeatures(timeframe = '1m') {
  const minutes = parseTimeframe(timeframe).ms / 60_000;
  return Object.entries(families).flatMap(([family, features]) => Object.entries(features).map(([id, definition]) => ({ family, id, definition, params: benchParams(id, definition, minutes) })));
}

/** `count` of them, spread evenly over all families. */
export function someFeatures(count, timeframe = '1m') {
  const all = allFeatures(timeframe);
  return all.filter((_, i) => Math.floor((i * count) / all.length) !== Math.floor(((i + 1) * count) / all.length));
}

function benchParams(id, definition, minutes) {
  const given = BY_BAR[id]?.(minutes) ?? {};
  const { issues } = definition.params['~standard'].validate(given);
  for (const { path, values } of issues ?? []) given[path[0]] = values?.[0] ?? PERIOD;
  const second = definition.params['~standard'].validate(given);
  if (second.issues) throw new Error(`${id}: ${second.issues.map(({ message }) => message).join('; ')}`);
  return given;
}

const instrument = { id: 'X', venue: 'SIM', type: 'future', currency: 'USD', multiplier: 1, tickSize: TICK, lotSize: 1, calendar: '24/7', symbols: {} };

/** A feature as the kernel would make it. */
export function createFeature({ definition, params }) {
  const { value } = definition.params['~standard'].validate(params);
  return definition.create({ params: value, instrument, calendar: calendarById('24/7'), timeframe: parseTimeframe('1m') });
}

/** A window over whole columns, so that a bench measures the feature and not the copying of bars. */
export class ColumnsWindow {
  constructor(bars, stepMs) {
    Object.assign(this, bars, { closeTime: bars.time.map((time) => time + stepMs), mask: 2 ** 31 - 1, count: 0, index: -1 });
  }
}
