import * as z from '#zod';

/** `decision.proposals:` what lets a proposal from outside become a vote. */
export const proposalsSchema = z.strictObject({
  sources: z
    .array(z.strictObject({ use: z.string().min(1).describe('Id of a proposal source.'), config: z.record(z.string(), z.unknown()).default({}).describe('Settings of the source.') }))
    .min(1)
    .describe('Where proposals come from.'),
  confirm: z
    .union([
      z.literal('none'),
      z.strictObject({
        by: z.array(z.string().min(1)).min(1).describe('Names of strategies of the account.'),
        atLeast: z.int().min(1).default(1).describe('How many of them must say the same.'),
        withinBars: z.int().min(1).max(10_000).default(1).describe('Newest bars among which they must have said it; 1 is the bar at hand.'),
      }),
    ])
    .describe('Strategies that must want the same. none lets every proposal vote that passes the other rules: nothing tested then stands between its maker and the limits.'),
  exits: z.enum(['confirm', 'allow']).default('confirm').describe('Whether a proposal to leave needs to be confirmed, too.'),
  weight: z.number().positive().default(1).describe("Weight of a confirmed proposal's vote."),
  requireStop: z.boolean().default(true).describe('Refuses entries for which neither the proposal nor exits: gives a stop.'),
  minRewardRisk: z.number().positive().optional().describe('Least distance to the target by distance to the stop; the proposal must name both.'),
  maxDistanceAtr: z.number().positive().optional().describe('Farthest that any price of the proposal may lie from the last close, in ATR.'),
  atrPeriod: z.int().min(1).default(14).describe('Period of that ATR, in bars of the base timeframe.'),
  maxValidMinutes: z.number().positive().default(1440).describe('Longest that a proposal waits after its arrival, whatever it says itself.'),
});

export type ProposalSettings = z.output<typeof proposalsSchema>;
