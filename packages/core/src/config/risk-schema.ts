import { z } from 'zod';

/** `risk:` ceilings that nothing can loosen; plugins only tighten them. */
export const riskSchema = z.strictObject({
  maxContracts: z.number().positive().default(5).describe('Largest position per instrument, in units of quantity.'),
  maxOrderQuantity: z.number().positive().optional().describe('Largest single order; default: maxContracts.'),
  maxDailyLossFraction: z.number().gt(0).max(1).optional().describe("No entries once the session's loss, realised and open, reaches this fraction of its opening equity."),
  maxTradesPerDay: z.int().min(1).optional().describe('Entries per trading day, the session of the first instrument.'),
  maxOpenOrders: z.int().min(1).default(50).describe('Working orders of the account.'),
  maxExposureFraction: z.number().positive().optional().describe('Notional of all positions as a fraction of equity.'),
  maxDrawdownFraction: z.number().gt(0).max(1).optional().describe("Halts entries once equity fell this far from its peak."),
  marginBuffer: z.number().min(0).max(1).default(0.2).describe('Share of equity that margin must leave free.'),
  allowOrders: z.boolean().default(false).describe('Real venues only: false refuses every order that would leave the process.'),
});

export type RiskSettings = z.output<typeof riskSchema>;
