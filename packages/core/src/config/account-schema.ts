import * as z from '#zod';
import { parseTimeframe } from '../domain/market-data.js';
import { contextSchema, newsSchema, triggersSchema } from './context-schema.js';
import { decisionSchema } from './decision-schema.js';
import { exitsSchema } from './exits-schema.js';
import { instrumentSchema } from './instrument-schema.js';
import { riskSchema } from './risk-schema.js';
import { telemetrySchema } from './telemetry-schema.js';
import { watchSchema } from './watch-schema.js';

const timeframe = z
  .string()
  .refine((text) => parseTimeframe(text) !== undefined, { error: 'expected a timeframe such as 30s, 1m, 4h or 1d' })
  .describe('Bar length: a number and s, m or h; or 1d for one session.');

/** A component by id, with its own settings. */
const component = z.strictObject({
  use: z.string().min(1).describe('Id that a plugin provides.'),
  config: z.record(z.string(), z.unknown()).default({}).describe('Settings of the component.'),
});

/** `data:`; keys that stand here and are not known go to the feed as its own settings. */
export const dataSchema = z.looseObject({
  feed: z.string().min(1).default('file').describe('Id of a data feed.'),
  timeframe,
  higherTimeframes: z.array(timeframe).default([]).describe('Built from the base bars on session boundaries.'),
  speed: z
    .string()
    .refine((text) => text === 'max' || (/^\d{1,6}(\.\d+)?x$/.test(text) && Number.parseFloat(text) > 0), { error: 'expected a factor such as 60x, or max' })
    .optional()
    .describe('On paper: plays the history of the feed as live bars, so many times as fast as it went (`60x`), or as fast as it can be (`max`). Default: live bars.'),
  store: component.optional().describe('Where bars are kept, so that the feed is asked only for what is missing, e.g. `use: sqlite`; default: nowhere.'),
  detail: z.looseObject({ feed: z.string().min(1).optional().describe('Id of a data feed; default: the same.'), timeframe }).optional().describe('Finer bars of the same instruments, for exact fills inside a bar; settings as for the feed.'),
});

export const sizingSchema = z.discriminatedUnion('use', [
  z.strictObject({ use: z.literal('fixed-quantity'), quantity: z.number().positive().default(1).describe('Contracts, shares or coins of every entry.') }),
  z.strictObject({ use: z.literal('risk-fraction'), fraction: z.number().gt(0).max(1).describe("Loss at the stop as a fraction of equity.") }),
  z.strictObject({
    use: z.literal('volatility'),
    fraction: z.number().gt(0).max(1).describe('One ATR of the position as a fraction of equity.'),
    atrPeriod: z.int().min(1).default(14).describe('Period of that ATR, in bars of the base timeframe.'),
  }),
  z.strictObject({ use: z.literal('equity-fraction'), fraction: z.number().gt(0).max(100).describe('Notional as a fraction of equity.') }),
]);

/** The account file of section "An account is a YAML file" in the docs, after the environment was filled in. */
export const accountSchema = z.strictObject({
  account: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, { error: 'expected 1 to 40 letters, digits, dots, dashes or underscores' }).describe('Name of the account; stands in every client order id.'),
  mode: z.enum(['backtest', 'paper', 'live']).default('backtest').describe('What the account is for.'),
  baseCurrency: z.string().min(2).max(10).default('USD').describe('Currency of equity and statistics.'),
  initialCash: z.number().positive().describe('Cash at the start, in the base currency.'),
  rates: z.record(z.string(), z.number().positive()).default({}).describe('Fixed value of other currencies in the base currency; a forex or spot instrument of the account takes precedence.'),
  seed: z.union([z.string(), z.int()]).default('keelson').describe('Seed of everything random.'),
  dryRun: z.boolean().default(false).describe('Does everything but send.'),
  plugins: z
    .array(z.union([z.string().min(1), z.strictObject({ use: z.string().min(1).describe('Package or path.'), config: z.record(z.string(), z.unknown()).default({}).describe('Settings of the plugin.') })]))
    .default([])
    .describe('Packages, or paths that start with a dot; the shipped ones are always there.'),
  instruments: z.array(instrumentSchema).min(1).describe('What is traded.'),
  data: dataSchema.describe('Where bars come from.'),
  broker: component.default({ use: 'simulated', config: {} }).describe('Where orders go.'),
  strategies: z
    .array(
      z.strictObject({
        use: z.string().min(1).describe('Id of a strategy.'),
        name: z.string().min(1).optional().describe('Name of its votes, to tell two of the same id apart; default: its id.'),
        weight: z.number().min(0).default(1).describe('Weight of its vote; 0 for one that only confirms proposals.'),
        params: z.record(z.string(), z.unknown()).default({}).describe('Its parameters.'),
        instruments: z.array(z.string()).optional().describe('Instruments it trades; default: all.'),
      }),
    )
    .min(1)
    .describe('What decides; their votes are weighed.'),
  regimes: z.array(component).default([]).describe('Say when the market is not tradable: entries stop, exits do not.'),
  memory: component.optional().describe('Recalls similar trades of the past.'),
  advisors: z
    .array(z.strictObject({ ...component.shape, triggers: triggersSchema.optional().describe('When it is asked besides its own schedule.') }))
    .default([])
    .describe('Advise on confidence; they never trade.'),
  journal: component.optional().describe('Where every input and decision is written down; default: nowhere in a backtest, `sqlite` on paper and live.'),
  telemetry: telemetrySchema.optional().describe('Tells every decision in one line of JSON; default: nowhere.'),
  notifiers: z.array(component).default([]).describe('Tell people what happens.'),
  context: contextSchema.default({}).describe('Slow series from outside, by name: indices, dominance, funding.'),
  news: newsSchema.prefault({}).describe('Headlines and calendar events.'),
  decision: decisionSchema.prefault({}).describe('From votes to one signal.'),
  sizing: sizingSchema.prefault({ use: 'fixed-quantity' }).describe('From a signal to a quantity.'),
  exits: exitsSchema.prefault({}).describe('How positions are left.'),
  overlays: z.array(component).default([]).describe('May only shrink or veto a position.'),
  risk: riskSchema.prefault({}).describe('Ceilings that nothing can loosen.'),
  watch: watchSchema.prefault({}).describe('On paper and live: what is watched over beside the market.'),
});

/** A validated account. */
export type AccountConfig = z.output<typeof accountSchema>;
export type SizingSettings = z.output<typeof sizingSchema>;
