import { z } from 'zod';
import { scriptSchema } from '../faults/fault-schema.js';
import { isZone } from '../time/zone-offset.js';
import { tradingSchema } from '../trading/trading-schema.js';

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const clock = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('real') }),
  z.strictObject({ kind: z.literal('scaled'), start: instant, speed: z.number().positive().max(100_000) }),
  z.strictObject({ kind: z.literal('stepped'), start: instant }),
]);

const price = z.number().positive();

/** Bars of a file as the prices of a contract. */
const dataFile = z.strictObject({
  /** Symbol, so every contract of it, or local symbol, so that one contract: `MES`, `MESM6`, `EUR.USD`. */
  symbol: z.string().min(1),
  /** CSV, also compressed; beside the scenario unless the path is absolute. */
  file: z.string().min(1),
  /** Length of the bars in seconds. */
  barSeconds: z.int().min(5).multipleOf(5).default(60),
});

const market = z.strictObject({
  /** Changes of the quote of a contract that someone watches. */
  ticksPerSecond: z.number().min(0.2).max(1000).default(4),
  data: z.array(dataFile).default([]),
  /** Stocks besides those that are built in, or instead of them. */
  stocks: z.array(z.strictObject({
    symbol: z.string().regex(/^[A-Z0-9. ]+$/),
    conId: z.int().positive().optional(),
    primaryExchange: z.string().default('NASDAQ'),
    longName: z.string().default(''),
    currency: z.string().length(3).default('USD'),
    stockType: z.enum(['COMMON', 'ETF']).default('COMMON'),
    price: price.default(100),
    volatility: price.max(5).default(0.28),
  })).default([]),
  /** What the login may see, the first rule that fits; everything live by default. */
  permissions: z.array(z.strictObject({
    securityType: z.enum(['FUT', 'STK', 'CASH']).optional(),
    exchange: z.string().optional(),
    symbol: z.string().optional(),
    /** `partial`: trades but no quotes. */
    data: z.enum(['live', 'partial', 'delayed', 'none']),
  })).default([]),
  /** Contracts with live data at one time. */
  lines: z.int().min(1).default(100),
  /** Days on which every exchange is closed, besides its holidays. */
  closedDays: z.array(z.iso.date()).default([]),
}).prefault({});

const pacing = z.strictObject({
  enabled: z.boolean().default(true),
  /** Time that the limits count in. */
  clock: z.enum(['wall', 'simulated']).default('wall'),
  messagesPerSecond: z.int().min(1).default(50),
  historicalPerTenMinutes: z.int().min(1).default(60),
}).prefault({});

/** What the simulator is: accounts, time, markets, limits. Everything has a default, so an empty file is a scenario. */
export const scenarioSchema = z.strictObject({
  /** Newest server version to agree to, 176 to 193. */
  serverVersion: z.int().min(176).max(193).default(193),
  /** Zone of the login, IANA: times without a zone are in it. */
  timeZone: z.string().default('America/New_York').refine(isZone, { error: (issue) => `was ${JSON.stringify(issue.input)}, expected a time zone such as America/New_York or UTC` }),
  accounts: z.array(z.string().regex(/^[A-Z0-9]+$/)).min(1).default(['DU1234567']),
  /** First order id of a new client. */
  firstOrderId: z.int().min(1).default(1),
  clock: clock.default({ kind: 'real' }),
  market,
  trading: tradingSchema,
  pacing,
  /** Commands of the control port, faults among them, at their simulated time. */
  script: scriptSchema,
  /** Another seed, other generated prices. */
  seed: z.int().min(0).default(1),
});

export type Scenario = z.infer<typeof scenarioSchema>;
export type ScenarioInput = z.input<typeof scenarioSchema>;
