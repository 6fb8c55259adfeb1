import { z } from 'zod';

/** The period of a feature. */
export const bars = (fallback: number, meaning: string, least = 1) => z.int().min(least).max(100_000).default(fallback).describe(meaning);

/** How many bars ago something may have been: looked up bar by bar, so it is short, and within what the kernel keeps. */
export const barsBack = (fallback: number, meaning: string, least = 0) => z.int().min(least).max(50).default(fallback).describe(meaning);

/** A multiple of something, above zero. */
export const multiple = (fallback: number, meaning: string) => z.number().positive().max(1_000).default(fallback).describe(meaning);

/** A multiple of something that may be nothing of it. */
export const multipleOrNone = (fallback: number, meaning: string) => z.number().min(0).max(1_000).default(fallback).describe(meaning);

export const side = (fallback: 'long' | 'both') => z.enum(['long', 'short', 'both']).default(fallback).describe('`long`, `short` or `both`: which positions are opened.');

export const minutes = (fallback: number, meaning: string) => z.number().min(0).max(1_440).default(fallback).describe(meaning);

/** For `superRefine`: `low` has to be less than `high`. */
export function lessThan<P extends Readonly<Record<string, unknown>>>(low: keyof P & string, high: keyof P & string) {
  return (params: P, context: z.RefinementCtx): void => {
    if ((params[low] as number) >= (params[high] as number)) refuse(params, low, high, 'less than', context);
  };
}

/** For `superRefine`: `low` has to be `high` or less. */
export function atMost<P extends Readonly<Record<string, unknown>>>(low: keyof P & string, high: keyof P & string) {
  return (params: P, context: z.RefinementCtx): void => {
    if ((params[low] as number) > (params[high] as number)) refuse(params, low, high, 'at most', context);
  };
}

function refuse(params: Readonly<Record<string, unknown>>, low: string, high: string, relation: string, context: z.RefinementCtx): void {
  context.addIssue({ code: 'custom', path: [low], message: `${low} was ${String(params[low])}, expected ${relation} ${high} (${String(params[high])}): lower ${low} or raise ${high}` });
}
