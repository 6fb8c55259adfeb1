import { z } from 'zod';
import { DEFAULT_COMMISSIONS } from '../accounts/commissions.js';
import { DEFAULT_MARGINS } from '../accounts/margin.js';

const money = z.number().min(0);
const marginRate = z.strictObject({ initial: money.describe('To open a position.'), maintenance: money.describe('To keep it.') });
const currency = z.string().regex(/^[A-Z]{3}$/);

const commissions = z.strictObject({
  perContract: z.record(z.string(), money).default({}).describe('Money per futures contract, by symbol: added to those that are built in.'),
  perContractDefault: money.default(DEFAULT_COMMISSIONS.perContractDefault).describe('Money per contract of every other future.'),
  perShare: money.default(DEFAULT_COMMISSIONS.perShare).describe('Money per share.'),
  minimumPerStockOrder: money.default(DEFAULT_COMMISSIONS.minimumPerStockOrder).describe('Least for an order in a stock.'),
  currencyFraction: money.default(DEFAULT_COMMISSIONS.currencyFraction).describe('Fraction of the amount of a trade in currencies.'),
  minimumPerCurrencyOrder: money.default(DEFAULT_COMMISSIONS.minimumPerCurrencyOrder).describe('Least for an order in currencies.'),
}).prefault({});

const margins = z.strictObject({
  perContract: z.record(z.string(), marginRate).default({}).describe('Money per futures contract, by symbol, as `{ initial, maintenance }`: added to those that are built in.'),
  futureFraction: marginRate.default(DEFAULT_MARGINS.futureFraction).describe('Of the value of every other future.'),
  stockFraction: marginRate.default(DEFAULT_MARGINS.stockFraction).describe('Of the value of stocks.'),
  currencyFraction: marginRate.default(DEFAULT_MARGINS.currencyFraction).describe('Of the value of currencies.'),
}).prefault({});

const position = z.strictObject({
  symbol: z.string().min(1).describe('Symbol or local symbol.'),
  quantity: z.number().describe('Negative for a short position.'),
  price: z.number().describe('Price that it was opened at.'),
  account: z.string().optional().describe('Account; the first by default.'),
});

/** Accounts, costs and how orders are matched. */
export const tradingSchema = z.strictObject({
  cash: z.number().default(100_000).describe('Cash of each account at the start.'),
  baseCurrency: currency.default('USD').describe('Currency of the accounts.'),
  rates: z.record(currency, z.number().positive()).default({}).describe("Units of the base currency for one unit of another; by default the market's."),
  commissions: commissions.describe('What trades cost.'),
  margins: margins.describe('What positions need.'),
  positions: z.array(position).default([]).describe('Held at the start.'),
  sizePerQuote: z.number().positive().optional().describe('Most that trades on one quote, so that larger orders fill in parts; without it every order fills whole.'),
  state: z.string().min(1).optional().describe('File that orders, executions and accounts are kept in, so that they outlive the simulator; beside the scenario unless the path is absolute.'),
  masterClientId: z.int().min(0).optional().describe('The client that hears of the orders of all clients.'),
  readOnly: z.boolean().default(false).describe('Refuses orders, as a gateway does whose API is set to read-only.'),
  cancelDelayMs: z.number().min(0).default(0).describe('How long a cancelled order is PendingCancel and can still fill.'),
}).prefault({});
