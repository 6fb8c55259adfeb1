import * as z from '#zod';

const positive = z.number().positive();

const partialSchema = z.strictObject({
  atR: positive.describe('Take part of the profit at this multiple of the initial risk.'),
  fraction: z.number().gt(0).lt(1).describe('Share of the position, as it then is, to close.'),
});

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
      distanceAtr: positive.optional().describe('Distance of the trailing stop to the best close, in ATR.'),
      distanceFraction: z.number().gt(0).lt(1).optional().describe('Distance of the trailing stop to the best close, as a fraction of it.'),
      chandelier: z
        .strictObject({
          period: z.int().min(2).default(22).describe('Bars of the extreme and of the average true range.'),
          multiplier: positive.default(3).describe('Average ranges between the extreme and the stop.'),
        })
        .optional()
        .describe("LeBeau's stop: hangs below the highest high of the last bars, or above the lowest low."),
    })
    .optional()
    .describe('A stop that follows the market; exactly one of the three ways to say how far behind.'),
  breakEvenAfterR: positive.optional().describe('Move the stop to the entry price once the open profit reached this multiple of the initial risk.'),
  partialTarget: partialSchema.optional().describe('Taking a part of the profit early.'),
  partialTargets: z.array(partialSchema).min(1).optional().describe('The same in several steps, nearest first; instead of partialTarget.'),
  maxHoldMinutes: positive.optional().describe('Flat after this time in the position.'),
  disasterStop: z.strictObject({ lossFraction: z.number().gt(0).max(1).describe('Flat when the open loss reaches this fraction of equity.') }).optional().describe('The last way out, whatever the other exits say; rests at the venue as a stop where an entry has no other.'),
  withoutStop: z
    .enum(['allow', 'refuse'])
    .optional()
    .describe("An entry that gets no stop, neither from its signal nor from here, is sent or refused. Default in a backtest: allow; on paper and live it has to be said where `exits:` gives no stop."),
  entryExpiryMinutes: positive.optional().describe('What has not filled of an entry after this time is taken back.'),
  conviction: z
    .strictObject({
      min: z.number().gt(0).max(1).describe("An entry that has not filled is taken back once its plan's conviction is below this."),
      decayPerHour: z.number().min(0).default(0).describe("What a plan's conviction, at first its signal's confidence, loses in an hour; a signal for the same side renews it."),
      closePositions: z.boolean().default(false).describe('Also leaves open positions below it.'),
    })
    .optional()
    .describe('Gives up plans that nothing speaks for any more.'),
  scaling: z
    .strictObject({
      tolerance: z.number().gt(0).describe('Acts once ATR is this fraction above or below what the position was last scaled to.'),
      scaleIn: z.boolean().default(false).describe('Also adds when ATR falls, within all limits; else only takes off when it rises.'),
    })
    .optional()
    .describe('Keeps the risk of an open position level while volatility changes: its quantity goes with 1 / ATR.'),
});

export type ExitSettings = z.output<typeof exitsSchema>;
export type PartialLevel = z.output<typeof partialSchema>;

/** The steps in which parts are taken off, however they were given. */
export function partialLevels({ partialTarget, partialTargets }: ExitSettings): readonly PartialLevel[] {
  return partialTargets ?? (partialTarget === undefined ? [] : [partialTarget]);
}

/** Whether a stop follows from the settings alone, whatever a signal names. */
export function givesStop({ stopAtr, stopPoints, minStopPoints, disasterStop }: ExitSettings): boolean {
  return stopAtr !== undefined || stopPoints !== undefined || minStopPoints !== undefined || disasterStop !== undefined;
}
