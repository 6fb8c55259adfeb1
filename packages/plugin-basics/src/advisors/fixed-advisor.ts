import { toFraction, toUtcMs } from '@keelson/core/domain';
import { defineAdvisor } from '@keelson/core/plugin';
import { z } from 'zod';

/**
 * `fixed`: always of the same opinion. For trying out what advice does to an account, and for a person who
 * wants to lean one way for a while.
 *
 * Config: `bias` (`bullish`, `bearish` or `neutral`), `confidence` (0 to 1, default 0.5), `rationale`;
 * `validForMs`, how long an answer counts from the time it was asked for (default two hours); `everyMs`, how
 * often it is asked (default one hour); `latencyMs`, how long an answer takes to count (default 0).
 * With `validForMs` below `everyMs` + `latencyMs` there are times without advice.
 */
export const fixedAdvisor = defineAdvisor({
  params: z.strictObject({
    bias: z.enum(['bullish', 'bearish', 'neutral']),
    confidence: z.number().min(0).max(1).default(0.5),
    rationale: z.string().default('fixed by the configuration'),
    validForMs: z.int().positive().default(7_200_000),
    everyMs: z.int().positive().default(3_600_000),
    latencyMs: z.int().min(0).default(0),
  }),
  create: ({ params }) => ({
    schedule: { everyMs: params.everyMs, latencyMs: params.latencyMs },
    refresh: async ({ time }) => ({
      bias: params.bias,
      confidence: toFraction(params.confidence),
      rationale: params.rationale,
      expiresAt: toUtcMs(time + params.validForMs),
    }),
  }),
});
