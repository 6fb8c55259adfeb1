import type { BarColumns, Instrument, SessionCalendar, Timeframe } from '@keelson/core/domain';
import { parseTimeframe, toUtcMs } from '@keelson/core/domain';
import type { Feature, FeatureDefinition, Schema } from '@keelson/core/ports';
import { BarRing, allocateBars } from '@keelson/core/series';

const DAY = 86_400_000;

/** A calendar of UTC days without a pause. */
export const everyDay: SessionCalendar = {
  id: '24/7',
  timeZone: 'UTC',
  sessionsPerYear: 365,
  sessionAt: (time) => dayOf(Math.floor(time / DAY)),
  nextSession: (time) => dayOf(Math.ceil(time / DAY)),
  previousSession: (time) => dayOf(Math.floor(time / DAY) - 1),
};

function dayOf(day: number) {
  return { date: new Date(day * DAY).toISOString().slice(0, 10), open: toUtcMs(day * DAY), close: toUtcMs((day + 1) * DAY) };
}

/** An instrument with the given tick size; the rest does not matter to features. */
export function instrumentWith(tickSize: number): Instrument {
  return { id: 'TEST', venue: 'TEST', type: 'future', currency: 'USD', multiplier: 1, tickSize, lotSize: 1, calendar: '24/7', symbols: {} };
}

/** Parameters as the kernel would pass them: through the schema, defaults filled in. */
export function parse<P>(schema: Schema<P>, params: unknown): P {
  const result = schema['~standard'].validate(params);
  if (result instanceof Promise) throw new Error('schema is asynchronous');
  if (result.issues) throw new Error(result.issues.map((issue) => issue.message).join('; '));
  return result.value;
}

export function createFeature(definition: FeatureDefinition, params: Record<string, unknown> = {}, options: { tickSize?: number; calendar?: SessionCalendar } = {}): Feature {
  return definition.create({
    params: parse(definition.params, params),
    instrument: instrumentWith(options.tickSize ?? 0.01),
    calendar: options.calendar ?? everyDay,
    timeframe: parseTimeframe('1m') as Timeframe,
  });
}

/** Every output of the feature on every bar: one column per output. */
export function runFeature(feature: Feature, bars: BarColumns, outputs = 1): Float64Array[] {
  const columns = Array.from({ length: outputs }, () => new Float64Array(bars.length));
  const out = new Float64Array(outputs);
  const ring = new BarRing(16);
  for (let row = 0; row < bars.length; row++) {
    ring.push(bars, row);
    out.fill(NaN);
    feature.update(ring, out);
    for (let k = 0; k < outputs; k++) (columns[k] as Float64Array)[row] = out[k];
  }
  return columns;
}

/** Bars of equal open, high, low and close, one a minute, volume 1. */
export function barsOfCloses(closes: ArrayLike<number>): BarColumns {
  const bars = allocateBars(closes.length);
  for (let i = 0; i < closes.length; i++) {
    const price = closes[i];
    bars.time[i] = i * 60_000;
    bars.open[i] = bars.high[i] = bars.low[i] = bars.close[i] = price;
    bars.volume[i] = 1;
  }
  return bars;
}
