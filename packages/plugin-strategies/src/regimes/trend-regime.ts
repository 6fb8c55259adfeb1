import { defineRegime } from '@keelson/core/plugin';
import type { UseFeature } from '@keelson/core/ports';
import { z } from 'zod';
import { DimensionRegime, hysteresisParams, type Dimension } from './dimension.js';

export const TREND_LABELS = ['down', 'range', 'up'] as const;

export const trendShape = {
  adxPeriod: z.int().min(2).max(100_000).default(14).describe('Period of the ADX.'),
  adx: z.number().gt(0).max(100).default(25).describe('ADX from which there is a trend.'),
  vwapPeriod: z.int().min(2).max(100_000).default(50).describe('Bars of the average price, weighted by volume where the feed has it.'),
  slopeBars: z.int().min(1).max(255).default(10).describe('Bars over which its slope is taken.'),
  slope: z.number().gt(0).max(100).default(0.5).describe('Move of the average over `slopeBars` from which there is a trend, in ATR of `adxPeriod` bars.'),
  ...hysteresisParams(0.1, 'as a share of the threshold'),
};

type TrendParams = z.output<z.ZodObject<typeof trendShape>>;

/**
 * `trend`: whether prices go somewhere, and where.
 *
 * Label `trend`: `up`, `down` or `range`. A trend needs both: an ADX of `adx` or more, and an average price that moved by
 * `slope` ATR or more; the average says which way. Without traded volume the average is not weighted.
 */
export const trendRegime = defineRegime({
  params: z.strictObject({ ...trendShape, avoid: z.array(z.enum(TREND_LABELS)).default([]).describe('Labels with which the market is not tradable.') }),
  create: ({ params, use }) => new DimensionRegime([trendDimension(params, use)], { trend: params.avoid }, 'trade'),
});

export function trendDimension(params: TrendParams, use: UseFeature): Dimension {
  const strength = use('adx', { period: params.adxPeriod });
  const atr = use('atr', { period: params.adxPeriod });
  const vwap = use('vwap', { window: 'bars', period: params.vwapPeriod }, { optional: true });
  const sma = use('sma', { period: params.vwapPeriod, source: 'hlc3' });
  return {
    name: 'trend',
    labels: TREND_LABELS,
    // the level is 1 where both thresholds are just reached, with the sign of the slope
    thresholds: [-1, 1],
    hysteresis: params,
    level() {
      const line = vwap.unavailable === undefined ? vwap : sma;
      const [now, before, range, adx] = [line.value, line.at(params.slopeBars), atr.value, strength.value];
      if (now === undefined || before === undefined || range === undefined || adx === undefined) return undefined;
      const move = now - before;
      if (move === 0 || range === 0) return 0;
      const level = Math.min(adx / params.adx, Math.abs(move) / range / params.slope);
      // down to −1 belongs to the range, as up to 1 does not: both edges are a trend
      return move > 0 ? level : -level - Number.EPSILON * level;
    },
  };
}
