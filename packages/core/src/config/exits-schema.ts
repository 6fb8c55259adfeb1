import { z } from 'zod';

const positive = z.number().positive();

/** `exits:` how every position of the account is left, unless its signal names a stop or target of its own. */
export const exitsSchema = z.strictObject({
  stopAtr: positive.optional().describe('Protective stop at this multiple of ATR from the decision price.'),
  atrPeriod: z.int().min(1).default(14).describe('Period of that ATR, in bars of the base timeframe.'),
  minStopPoints: positive.optional().describe('The stop is at least this far away, in price units.'),
  stopPoints: positive.optional().describe('Protective stop at a fixed distance, in price units.'),
  rewardRisk: positive.optional().describe("Target at this multiple of the stop's distance."),
  trailing: z
    .strictObject({
      afterR: z.number().min(0).default(0).describe('Trail once the open profit reached this multiple of the initial risk.'),
      distanceAtr: positive.describe('Distance of the trailing stop to the best close, in ATR.'),
    })
    .optional()
    .describe('A stop that follows the market.'),
  breakEvenAfterR: positive.optional().describe('Move the stop to the entry price once the open profit reached this multiple of the initial risk.'),
  partialTarget: z
    .strictObject({
      atR: positive.describe('Take part of the profit at this multiple of the initial risk.'),
      fraction: z.number().gt(0).lt(1).describe('Share of the position to close.'),
    })
    .optional()
    .describe('Taking a part of the profit early.'),
  maxHoldMinutes: positive.optional().describe('Flat after this time in the position.'),
  disasterStop: z.strictObject({ lossFraction: z.number().gt(0).max(1).describe('Flat when the open loss reaches this fraction of equity.') }).optional().describe('The last way out, whatever the other exits say.'),
});

export type ExitSettings = z.output<typeof exitsSchema>;
