import { z } from 'zod';

/** What may differ between the instruments of one account. */
const market = {
  startPrice: z.number().positive().describe('Price before the first bar; rounded to the tick.'),
  annualVolatility: z.number().gt(0).max(3).describe('Deviation of yearly returns: 0.16 is 16%.'),
  annualDrift: z.number().min(-1).max(1).describe('Expected yearly return, on average over all trends.'),
  sessionVolume: z.number().positive().describe('Average quantity traded in a session.'),
};

const isoDay = z.iso.date().or(z.iso.datetime({ offset: true }));

/**
 * Settings of the feed `synthetic`. Exactly one of `bars` and `end` says how long the series is.
 * The defaults resemble the E-mini S&P 500.
 */
export const syntheticParams = z
  .strictObject({
    seed: z.union([z.string(), z.int()]).default('keelson').describe('Equal seeds give equal bars, instrument by instrument.'),
    startPrice: market.startPrice.default(5000),
    annualVolatility: market.annualVolatility.default(0.16),
    annualDrift: market.annualDrift.default(0.06),
    sessionVolume: market.sessionVolume.default(1_200_000),
    start: isoDay.default('2023-01-01').describe('The first session opens at or after this date or time; UTC where it names no zone.'),
    end: isoDay.optional().describe('Bars open before this date or time.'),
    depth: z.boolean().default(false).describe('Whether bars carry the top of an order book; prices and volumes are the same with and without.'),
    bars: z.int().positive().optional().describe('Number of bars of the timeframe asked for.'),
    instruments: z.record(z.string(), z.strictObject(market).partial()).default({}).describe('What differs for single instruments, by id.'),
  })
  .superRefine(({ bars, end }, { addIssue }) => {
    if ((bars === undefined) !== (end === undefined)) return;
    const found = bars === undefined ? 'bars was missing and so was end' : `bars was ${bars} beside end ${end}`;
    addIssue({ code: 'custom', path: ['bars'], message: `${found}, expected exactly one of the two: ${bars === undefined ? 'add' : 'remove'} one` });
  })
  .refine((params) => params.end === undefined || Date.parse(params.end) > Date.parse(params.start), { error: 'expected an end after the start', path: ['end'] });

export type SyntheticParams = z.output<typeof syntheticParams>;
export type SyntheticSettings = z.input<typeof syntheticParams>;

/** The parameters of one instrument's series, overrides applied; everything that decides its path. */
export type MarketModel = {
  readonly seed: string;
  readonly startPrice: number;
  readonly annualVolatility: number;
  readonly annualDrift: number;
  readonly sessionVolume: number;
};

/** Parameters of `instrument` as the account states them. */
export function marketModel(params: SyntheticParams, instrument: string): MarketModel {
  const own = Object.hasOwn(params.instruments, instrument) ? params.instruments[instrument] : undefined;
  return {
    seed: String(params.seed),
    startPrice: own?.startPrice ?? params.startPrice,
    annualVolatility: own?.annualVolatility ?? params.annualVolatility,
    annualDrift: own?.annualDrift ?? params.annualDrift,
    sessionVolume: own?.sessionVolume ?? params.sessionVolume,
  };
}
