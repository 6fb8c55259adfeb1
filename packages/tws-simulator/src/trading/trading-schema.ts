import { z } from 'zod';
import { DEFAULT_COMMISSIONS } from '../accounts/commissions.js';
import { DEFAULT_MARGINS } from '../accounts/margin.js';

const money = z.number().min(0);
const marginRate = z.strictObject({ initial: money, maintenance: money });
const currency = z.string().regex(/^[A-Z]{3}$/);

const commissions = z.strictObject({
  /** Per futures contract, by symbol: added to those that are built in. */
  perContract: z.record(z.string(), money).default({}),
  perContractDefault: money.default(DEFAULT_COMMISSIONS.perContractDefault),
  perShare: money.default(DEFAULT_COMMISSIONS.perShare),
  minimumPerStockOrder: money.default(DEFAULT_COMMISSIONS.minimumPerStockOrder),
  currencyFraction: money.default(DEFAULT_COMMISSIONS.currencyFraction),
  minimumPerCurrencyOrder: money.default(DEFAULT_COMMISSIONS.minimumPerCurrencyOrder),
}).prefault({});

const margins = z.strictObject({
  /** Money per futures contract, by symbol: added to those that are built in. */
  perContract: z.record(z.string(), marginRate).default({}),
  futureFraction: marginRate.default(DEFAULT_MARGINS.futureFraction),
  stockFraction: marginRate.default(DEFAULT_MARGINS.stockFraction),
  currencyFraction: marginRate.default(DEFAULT_MARGINS.currencyFraction),
}).prefault({});

/** Accounts, costs and how orders are matched. */
export const tradingSchema = z.strictObject({
  /** Cash of each account at the start. */
  cash: z.number().default(100_000),
  baseCurrency: currency.default('USD'),
  /** Units of the base currency for one unit of another; by default the market's. */
  rates: z.record(currency, z.number().positive()).default({}),
  commissions,
  margins,
  /** Held at the start, in the first account unless it names one. */
  positions: z.array(z.strictObject({ symbol: z.string().min(1), quantity: z.number(), price: z.number(), account: z.string().optional() })).default([]),
  /** Most that trades on one quote, so that larger orders fill in parts; without it every order fills whole. */
  sizePerQuote: z.number().positive().optional(),
  /** File that orders, executions and accounts are kept in, so that they outlive the simulator; beside the scenario unless the path is absolute. */
  state: z.string().min(1).optional(),
  /** The client that hears of the orders of all clients. */
  masterClientId: z.int().min(0).optional(),
  /** Refuses orders, as a gateway does whose API is set to read-only. */
  readOnly: z.boolean().default(false),
  /** How long a cancelled order is PendingCancel and can still fill. */
  cancelDelayMs: z.number().min(0).default(0),
}).prefault({});
