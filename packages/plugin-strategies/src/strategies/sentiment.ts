import type { StrategyContext } from '@keelson/core/ports';
import { z } from 'zod';

const description = "What the crowd feels, as a number from elsewhere: moves the confidence of entries, and forbids those that go hard against it. While it is absent nothing changes.";

/** `sentiment:` of a strategy. */
export const sentimentParams = z
  .strictObject({
    context: z.string().min(1).optional().describe('Name of a series under `context:` in the account.'),
    feature: z.string().min(1).optional().describe('Id of a feature, instead of a series.'),
    params: z.record(z.string(), z.unknown()).default({}).describe("The feature's parameters."),
    timeframe: z.string().optional().describe("The feature's timeframe; default: the account's own."),
    neutral: z.number().default(0).describe('Value that says nothing: 50 for an index from 0 to 100.'),
    scale: z
      .number()
      .refine((scale) => scale !== 0, { error: 'expected a number that is not 0' })
      .default(1)
      .describe('Distance from there that counts as full agreement with longs, as a score of 1; negative where a high value speaks against them.'),
    weight: z.number().min(0).max(1).default(0.1).describe('Confidence that a score of 1 adds to an entry, or takes from one against it.'),
    veto: z.number().min(0).max(1).default(0.5).describe('An entry against a score of this size or more is not made; the cross only ends a position.'),
  })
  .superRefine(({ context, feature }, { addIssue }) => {
    if ((context === undefined) !== (feature === undefined)) return;
    const found = context === undefined ? 'context was missing and so was feature' : `context was ${context} beside feature ${String(feature)}`;
    addIssue({ code: 'custom', path: ['context'], message: `${found}, expected exactly one of the two: ${context === undefined ? 'add' : 'remove'} one` });
  })
  .optional()
  .describe(description);

/** The score of a sentiment, from −1 to 1; undefined while it is absent. */
export class Sentiment {
  private readonly source: { readonly value: number | undefined } | undefined;

  constructor(
    private readonly params: z.output<typeof sentimentParams>,
    { use, context }: Pick<StrategyContext<unknown>, 'use' | 'context'>,
  ) {
    if (params?.context !== undefined) this.source = context(params.context);
    else if (params?.feature !== undefined) this.source = use(params.feature, params.params, { optional: true, ...(params.timeframe === undefined ? {} : { timeframe: params.timeframe }) });
  }

  private get score(): number | undefined {
    const value = this.source?.value;
    if (value === undefined || this.params === undefined) return undefined;
    return Math.max(-1, Math.min(1, (value - this.params.neutral) / this.params.scale));
  }

  /** Whether it forbids an entry on a side. */
  forbids(side: 1 | -1): boolean {
    const score = this.score;
    return score !== undefined && this.params !== undefined && score * side < 0 && Math.abs(score) >= this.params.veto;
  }

  /** The signal of an entry on a side, with the confidence that it leaves. */
  tint(side: 1 | -1, signal: { readonly confidence: number; readonly reason: string }): { readonly confidence: number; readonly reason: string } {
    const score = this.score;
    if (score === undefined || this.params === undefined) return signal;
    const confidence = Math.max(0, Math.min(1, signal.confidence + this.params.weight * score * side));
    return { confidence, reason: `${signal.reason}, sentiment ${score.toFixed(2)}` };
  }
}
