import { z } from 'zod';
import { faultsSchema } from './faults/fault-settings.js';

/** True when at most one of `keys` is given. */
function atMostOne(keys: readonly string[]): (value: object) => boolean {
  return (value) => keys.filter((key) => (value as Record<string, unknown>)[key] !== undefined).length <= 1;
}

const bps = z.number().min(-1_000).max(1_000);

const tier = z.strictObject({
  from: z.number().min(0).describe('Traded so far in the UTC month: quantity for perContract, notional for basis points.'),
  perContract: z.number().optional(),
  makerBps: bps.optional(),
  takerBps: bps.optional(),
});

const commissionKinds = ['perContract', 'perShare', 'fraction', 'takerBps', 'tiers'] as const;

/** What the venue takes for a trade, in the instrument's currency. Empty for nothing. */
export const commissionSchema = z
  .strictObject({
    perContract: z.number().min(0).optional().describe('Money for each contract, share or coin.'),
    perShare: z.number().min(0).optional().describe('Money for each share, with the minimum and maximum of the order below.'),
    minimum: z.number().min(0).default(0).describe('With perShare: least commission of an order.'),
    maximumFraction: z.number().gt(0).max(1).optional().describe("With perShare: most commission as a fraction of the order's notional; it wins over the minimum."),
    fraction: z.number().min(-0.1).max(0.1).optional().describe('Fraction of the notional: 0.0005 is 5 bps.'),
    takerBps: bps.optional().describe('Basis points of the notional for fills that take liquidity.'),
    makerBps: bps.optional().describe('Basis points for resting limit orders; negative is a rebate. Default: as takerBps.'),
    tiers: z.array(tier).min(1).optional().describe('By what was traded in the UTC month before the fill.'),
  })
  .refine(atMostOne(commissionKinds), { error: `expected at most one of ${commissionKinds.join(', ')}` })
  .refine((value) => value.makerBps === undefined || value.takerBps !== undefined, { error: 'expected takerBps beside makerBps', path: ['makerBps'] })
  .refine((value) => value.perShare !== undefined || (value.minimum === 0 && value.maximumFraction === undefined), { error: 'expected perShare beside minimum and maximumFraction', path: ['minimum'] })
  .refine((value) => value.tiers === undefined || value.tiers[0]?.from === 0, { error: 'expected the first tier from 0', path: ['tiers', 0, 'from'] })
  .refine((value) => value.tiers === undefined || value.tiers.every((each, i) => i === 0 || each.from > (value.tiers?.[i - 1]?.from ?? 0)), { error: 'expected tiers in ascending order', path: ['tiers'] })
  .refine((value) => value.tiers === undefined || value.tiers.every((each) => (each.perContract === undefined) !== (each.takerBps === undefined)), { error: 'expected perContract or takerBps in each tier', path: ['tiers'] })
  .refine((value) => value.tiers === undefined || new Set(value.tiers.map((each) => each.perContract === undefined)).size === 1, { error: 'expected all tiers of one kind', path: ['tiers'] });

const slippageKinds = ['ticks', 'spreadTicks', 'bps', 'volatilityShare', 'volumeShare'] as const;

/** How much worse than the model's price a fill is that takes liquidity. Empty for nothing. */
export const slippageSchema = z
  .strictObject({
    ticks: z.number().min(0).optional().describe('Whole or broken ticks.'),
    spreadTicks: z.number().min(0).optional().describe('Width of the spread; half of it is paid.'),
    bps: z.number().min(0).max(1_000).optional().describe('Basis points of the price.'),
    volatilityShare: z.number().min(0).max(1).optional().describe("Fraction of the bar's range, high − low."),
    volumeShare: z.number().min(0).max(10).optional().describe('Price impact k: k × (filled ÷ bar volume)² of the price.'),
  })
  .refine(atMostOne(slippageKinds), { error: `expected at most one of ${slippageKinds.join(', ')}` });

const isoDay = z.string().regex(/^\d{4}-?\d{2}-?\d{2}$/, { error: 'expected a date such as 2024-01-31' });

const marginKinds = ['none', 'initial', 'table', 'rows', 'leverage', 'fraction'] as const;

/** What the venue asks for to hold a position. */
export const marginSchema = z
  .strictObject({
    none: z.literal(true).optional().describe('Nothing is asked and nothing refused.'),
    initial: z.number().positive().optional().describe('Money per contract to open, in the currency of the instrument.'),
    maintenance: z.number().positive().optional().describe('Money per contract to keep; default: as initial.'),
    table: z.string().min(1).optional().describe('CSV file with the columns date, initial, maintenance; relative to the account file.'),
    rows: z.array(z.strictObject({ date: isoDay, initial: z.number().positive(), maintenance: z.number().positive() })).min(1).optional().describe('Dated amounts per contract; each is valid from its date on, in the zone of the exchange.'),
    leverage: z.number().positive().optional().describe('Notional that one unit of equity carries.'),
    fraction: z.number().gt(0).max(10).optional().describe('Fraction of the notional to open.'),
    maintenanceFraction: z.number().gt(0).max(10).optional().describe('With leverage or fraction: fraction of the notional to keep; default: half of the initial.'),
    intraday: z
      .strictObject({
        initial: z.number().positive(),
        maintenance: z.number().positive(),
        endsBeforeCloseMinutes: z.number().min(0).max(720).default(15).describe("The lower amounts end this long before the session's close."),
      })
      .optional()
      .describe('Lower amounts per contract within a session.'),
  })
  .refine((value) => marginKinds.filter((key) => value[key] !== undefined).length === 1, { error: `expected exactly one of ${marginKinds.join(', ')}` })
  .refine((value) => value.maintenance === undefined || value.initial !== undefined, { error: 'expected initial beside maintenance', path: ['maintenance'] })
  .refine((value) => value.maintenanceFraction === undefined || value.leverage !== undefined || value.fraction !== undefined, { error: 'expected leverage or fraction beside maintenanceFraction', path: ['maintenanceFraction'] })
  .refine((value) => value.intraday === undefined || (value.initial ?? value.table ?? value.rows) !== undefined, { error: 'expected initial, table or rows beside intraday', path: ['intraday'] });

const fundingKinds = ['rate', 'table', 'rows'] as const;

/** What longs of a perpetual pay to shorts. Empty for nothing. */
export const fundingSchema = z
  .strictObject({
    rate: z.number().min(-0.1).max(0.1).optional().describe('Fraction of the notional at each funding time; longs pay when it is positive.'),
    everyHours: z.number().positive().max(24).default(8).describe('With rate: hours between funding times.'),
    offsetHours: z.number().min(0).lt(24).default(0).describe('With rate: first funding time of the UTC day.'),
    table: z.string().min(1).optional().describe('CSV file with the columns time (ISO-8601 with zone, or epoch milliseconds) and rate.'),
    rows: z.array(z.strictObject({ time: z.iso.datetime({ offset: true }), rate: z.number().min(-0.1).max(0.1) })).min(1).optional(),
  })
  .refine(atMostOne(fundingKinds), { error: `expected at most one of ${fundingKinds.join(', ')}` });

/** Settings of the broker `simulated`. */
export const simulatedParams = z.strictObject({
  fill: z.enum(['next-open', 'same-close']).default('next-open').describe('Where a market order fills. same-close is optimistic: it trades at the price that it was decided on.'),
  limitFill: z.enum(['through', 'touch']).default('through').describe('Whether a limit order needs a price beyond its limit, or the limit itself.'),
  intrabar: z.enum(['worst', 'ohlc', 'olhc', 'nearest-open']).default('worst').describe('What is assumed about the way of the price inside a bar.'),
  entryBarStops: z.boolean().default(true).describe("Whether a bracket's stop may fill in the bar of its entry."),
  entryBarTargets: z.boolean().default(true).describe("Whether a bracket's target may fill in the bar of its entry."),
  commission: commissionSchema.prefault({}),
  slippage: slippageSchema.prefault({}),
  volumeLimit: z.number().gt(0).max(1).optional().describe("Share of a bar's volume that the account's orders may fill."),
  latency: z
    .strictObject({ bars: z.int().min(0).optional(), ms: z.number().min(0).optional() })
    .refine(atMostOne(['bars', 'ms']), { error: 'expected at most one of bars, ms' })
    .prefault({})
    .describe('Time from the submit until an order can fill.'),
  margin: marginSchema.optional().describe('For all instruments. Default: stocks and spot are paid in full, nothing is asked for the others.'),
  settlement: z.boolean().default(true).describe("Futures: open profit becomes cash at each session's close."),
  funding: fundingSchema.prefault({}).describe('For all perpetuals.'),
  liquidation: z
    .strictObject({ enabled: z.boolean().default(true), feeBps: z.number().min(0).max(1_000).default(0).describe('Fee of the venue, basis points of the notional.') })
    .prefault({})
    .describe('Positions are closed when equity falls below the maintenance margin.'),
  faults: faultsSchema.optional().describe('What goes wrong on purpose, to see how the account bears it.'),
  instruments: z
    .record(
      z.string(),
      z.strictObject({
        commission: commissionSchema.optional(),
        slippage: slippageSchema.optional(),
        margin: marginSchema.optional(),
        funding: fundingSchema.optional(),
      }),
    )
    .default({})
    .describe('What differs for single instruments, by id.'),
});

export type SimulatedParams = z.output<typeof simulatedParams>;
export type SimulatedSettings = z.input<typeof simulatedParams>;
export type CommissionSettings = z.output<typeof commissionSchema>;
export type SlippageSettings = z.output<typeof slippageSchema>;
export type MarginSettings = z.output<typeof marginSchema>;
export type FundingSettings = z.output<typeof fundingSchema>;
