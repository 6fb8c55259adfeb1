import { parseTimeframe } from '@keelson/core/domain';
import type { BarColumns, Instrument, SessionCalendar } from '@keelson/core/domain';
import { joinBars } from '@keelson/core/series';
import { barChunks } from './bar-generator.js';
import { marketModel, syntheticParams } from './synthetic-params.js';
import type { SyntheticSettings } from './synthetic-params.js';

/** Settings of the feed `synthetic`, and what an account would say around them. */
export type GenerateBarsOptions = SyntheticSettings & {
  readonly instrument: Pick<Instrument, 'id' | 'tickSize' | 'lotSize'>;
  readonly calendar: SessionCalendar;
  /** Default `1m`. */
  readonly timeframe?: string;
};

/**
 * All bars of a series at once, the same that the feed `synthetic` streams: for benches, tests and examples.
 * 48 bytes a bar.
 *
 * @throws RangeError for a timeframe that cannot be read
 * @throws z.ZodError for settings that the feed would refuse
 */
export function generateBars(options: GenerateBarsOptions): BarColumns {
  const { instrument, calendar, timeframe: text = '1m', ...settings } = options;
  const params = syntheticParams.parse(settings);
  const timeframe = parseTimeframe(text);
  if (timeframe === undefined) throw new RangeError(`timeframe was ${text}, expected one such as 30s, 1m, 4h or 1d`);
  const chunks = [
    ...barChunks({
      model: marketModel(params, instrument.id),
      instrument,
      calendar,
      timeframe,
      start: Date.parse(params.start),
      end: params.end === undefined ? Infinity : Date.parse(params.end),
      bars: params.bars ?? Infinity,
      from: -Infinity,
      chunkBars: params.bars ?? 65_536,
      depth: params.depth,
    }),
  ];
  return chunks.length === 1 ? (chunks[0] as BarColumns) : joinBars(chunks);
}
