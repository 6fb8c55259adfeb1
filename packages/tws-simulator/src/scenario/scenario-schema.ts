import { z } from 'zod';
import { scriptSchema } from '../faults/fault-schema.js';
import { MARKET_RULES } from '../reference/market-rules.js';
import { isZone } from '../time/zone-offset.js';
import { tradingSchema } from '../trading/trading-schema.js';

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const start = instant.describe('Simulated time at the start, such as 2026-05-04T14:30:00Z.');

const clock = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('real').describe("The machine's time.") }),
  z.strictObject({ kind: z.literal('scaled').describe('Runs from a start, faster or slower than real time.'), start, speed: z.number().positive().max(100_000).describe('Simulated seconds in a real one.') }),
  z.strictObject({ kind: z.literal('stepped').describe('Stands still until the command `advance` moves it.'), start }),
]);

const price = z.number().positive();

const dataFile = z.strictObject({
  symbol: z.string().min(1).describe('Symbol, so every contract of it, or local symbol, so that one contract: `MES`, `MESM6`, `EUR.USD`.'),
  file: z.string().min(1).describe('CSV, also as .gz, with the columns time, open, high, low, close, volume; beside the scenario unless the path is absolute.'),
  barSeconds: z.int().min(5).multipleOf(5).default(60).describe('Length of the bars, a multiple of 5.'),
});

const stock = z.strictObject({
  symbol: z.string().regex(/^[A-Z0-9. ]+$/).describe('Symbol in capitals.'),
  conId: z.int().positive().optional().describe('Contract id; by default one made of the symbol.'),
  primaryExchange: z.string().default('NASDAQ').describe('Home exchange.'),
  longName: z.string().default('').describe('Name of the company.'),
  currency: z.string().length(3).default('USD').describe('Currency of its prices.'),
  stockType: z.enum(['COMMON', 'ETF']).default('COMMON').describe('Kind of stock.'),
  price: price.default(100).describe('Where generated prices start from.'),
  marketRule: z.literal([...MARKET_RULES.keys()]).default(26).describe('Steps that its prices lie on, by the number of a market rule: 26 is one cent, 557 a hundredth of a cent below one and a cent above.'),
  volatility: price.max(5).default(0.28).describe('Spread of generated prices over a year, as a fraction.'),
});

const permission = z.strictObject({
  securityType: z.enum(['FUT', 'STK', 'CASH']).optional().describe('Only contracts of this kind.'),
  exchange: z.string().optional().describe('Only contracts of this exchange.'),
  symbol: z.string().optional().describe('Only contracts of this symbol.'),
  data: z.enum(['live', 'partial', 'delayed', 'none']).describe('What is seen of them; `partial`: trades but no quotes.'),
});

const market = z.strictObject({
  ticksPerSecond: z.number().min(0.2).max(1000).default(4).describe('Changes of the quote of a contract that someone watches.'),
  data: z.array(dataFile).default([]).describe('Bars of files as the prices of contracts. Where no file says anything prices are generated.'),
  stocks: z.array(stock).default([]).describe('Stocks besides those that are built in, or instead of them.'),
  permissions: z.array(permission).default([]).describe('What the login may see: the first rule that fits, live without one.'),
  lines: z.int().min(1).default(100).describe('Contracts with live data at one time.'),
  closedDays: z.array(z.iso.date()).default([]).describe('Days on which every exchange is closed, besides its holidays.'),
}).prefault({});

const pacing = z.strictObject({
  enabled: z.boolean().default(true).describe('Whether clients are held to the limits of the venue.'),
  clock: z.enum(['wall', 'simulated']).default('wall').describe('Time that the limits count in.'),
  messagesPerSecond: z.int().min(1).default(50).describe('Messages of one client.'),
  historicalPerTenMinutes: z.int().min(1).default(60).describe('Historical requests of all clients; BID_ASK counts twice.'),
}).prefault({});

/** What the simulator is: accounts, time, markets, limits. Everything has a default, so an empty file is a scenario. */
export const scenarioSchema = z.strictObject({
  serverVersion: z.int().min(176).max(193).default(193).describe('Newest server version to agree to.'),
  timeZone: z.string().default('America/New_York').refine(isZone, { error: (issue) => `was ${JSON.stringify(issue.input)}, expected a time zone such as America/New_York or UTC` }).describe('Zone of the login (IANA): times without a zone are in it.'),
  accounts: z.array(z.string().regex(/^[A-Z0-9]+$/)).min(1).default(['DU1234567']).describe('Accounts of the login; paper accounts begin with D.'),
  firstOrderId: z.int().min(1).default(1).describe('First order id of a new client.'),
  clock: clock.default({ kind: 'real' }).describe("Time of the markets; the machine's by default."),
  market: market.describe('Prices, and what the login may see of them.'),
  trading: tradingSchema.describe('Money, costs, and how orders are matched.'),
  pacing: pacing.describe('How much a client may ask for.'),
  script: scriptSchema.describe('Commands of the control port, faults among them, at their simulated time.'),
  seed: z.int().min(0).default(1).describe('Another seed, other generated prices.'),
});

export type Scenario = z.infer<typeof scenarioSchema>;
export type ScenarioInput = z.input<typeof scenarioSchema>;
