import * as z from '#zod';
import { toUtcMs } from '../domain/units.js';

const positive = z.number().positive();

/** One entry of `instruments:`. */
export const instrumentSchema = z.strictObject({
  id: z.string().min(1).describe('Name of the instrument within this account.'),
  venue: z.string().min(1).default('SIM').describe('Exchange or venue, for display and for adapters.'),
  type: z.enum(['future', 'stock', 'spot', 'perpetual', 'forex']).describe('Decides what a trade exchanges: notional (stock, spot) or profit only (future, perpetual, forex).'),
  currency: z.string().min(2).max(10).describe('Currency of price and profit.'),
  baseCurrency: z.string().min(2).max(10).optional().describe('Coin or currency that a spot or forex trade receives.'),
  multiplier: positive.default(1).describe('Money per 1.0 of price for a quantity of 1.'),
  tickSize: positive.describe('Smallest price step.'),
  lotSize: positive.default(1).describe('Smallest quantity step.'),
  calendar: z.string().min(1).default('24/7').describe('Session calendar: cme-equity-index, cme-fx, comex-metals, us-equity, 24/7.'),
  expiry: z.iso.datetime({ offset: true }).transform((text) => toUtcMs(Date.parse(text))).optional().describe('Last trading moment of a future, ISO-8601.'),
  symbols: z.record(z.string(), z.unknown()).default({}).describe("A vendor's own names, keyed by plugin."),
});
