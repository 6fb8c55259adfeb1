import { toFraction, toUtcMs } from '@keelson/core/domain';
import { defineAdvisor } from '@keelson/core/plugin';
import type { Advice, AdvisorRequest } from '@keelson/core/ports';
import { z } from 'zod';

/**
 * `__ID__`: leans with the drift of the newest closes, the surer the steadier it was. No opinion with fewer than
 * `lookback` closes. Replace `opinion` with a call to a model or a service; pass `cancel` on to it.
 */
export const advisor = defineAdvisor({
  params: z.strictObject({
    lookback: z.int().min(3).max(500).default(20).describe('Closes that are looked at.'),
    everyMs: z.int().positive().default(3_600_000).describe('How often it is asked.'),
    latencyMs: z.int().min(0).default(0).describe('How long an answer takes to count in a backtest.'),
    validForMs: z.int().positive().default(7_200_000).describe('How long an answer counts.'),
  }),
  create({ params }) {
    return {
      schedule: { everyMs: params.everyMs, latencyMs: params.latencyMs },
      async refresh(request, cancel) {
        cancel.throwIfAborted();
        return opinion(request, params.lookback, params.validForMs);
      },
    };
  },
});

function opinion({ closes, time }: AdvisorRequest, lookback: number, validForMs: number): Advice | undefined {
  const newest = closes.slice(-lookback);
  if (newest.length < lookback) return undefined;
  const steps = newest.slice(1).map((close, i) => close - (newest[i] as number));
  const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
  const deviation = Math.sqrt(steps.reduce((sum, step) => sum + (step - mean) ** 2, 0) / steps.length);
  // the t-statistic of the drift, 3 being as sure as it gets; steps that are all equal are sure, too
  const strength = deviation > 0 ? Math.min(1, (Math.abs(mean) / deviation) * (Math.sqrt(steps.length) / 3)) : mean === 0 ? 0 : 1;
  return {
    bias: mean > 0 ? 'bullish' : mean < 0 ? 'bearish' : 'neutral',
    confidence: toFraction(strength),
    rationale: `the last ${steps.length} closes moved ${mean.toPrecision(3)} each on average`,
    expiresAt: toUtcMs(time + validForMs),
  };
}
