import type { BarWindow, UtcMs } from '@keelson/core/domain';
import { defineRegime } from '@keelson/core/plugin';
import type { Regime, RegimeClassifier } from '@keelson/core/ports';
import { z } from 'zod';
import { DimensionRegime, ascending, reachable, type Dimension } from './dimension.js';
import { LIQUIDITY_LABELS, liquidityDimension, liquidityShape } from './liquidity-regime.js';
import { SESSION_LABELS, sessionParams, sessionRegime } from './session-regime.js';
import { TREND_LABELS, trendDimension, trendShape } from './trend-regime.js';
import { VOLATILITY_LABELS, volatilityDimension, volatilityShape } from './volatility-regime.js';

const off = z.literal(false);

/**
 * `combined`: volatility, trend, liquidity and session together, and the labels with which not to enter.
 *
 * Labels `volatility`, `trend`, `liquidity` and `session`, each as its own regime says it; a dimension that is `false` is left
 * out. Not tradable while a label stands in `avoid`, and outside of sessions; the reason names every label that is against it.
 */
export const combinedRegime = defineRegime({
  params: z.strictObject({
    volatility: z
      .union([off, z.strictObject(volatilityShape).superRefine(ascending('period', 'lookback')).superRefine(ascending('normal', 'high', 'extreme')).superRefine(reachable('normal', 'extreme'))])
      .prefault({})
      .describe('Settings of `volatility`, without `avoid`; or `false`.'),
    trend: z.union([off, z.strictObject(trendShape)]).prefault({}).describe('Settings of `trend`, without `avoid`; or `false`.'),
    liquidity: z
      .union([off, z.strictObject(liquidityShape).superRefine(ascending('period', 'lookback')).superRefine(ascending('normal', 'deep')).superRefine(reachable('normal', 'deep'))])
      .prefault({})
      .describe('Settings of `liquidity`, without `avoid`; or `false`.'),
    session: z.union([off, sessionParams]).prefault({}).describe('Settings of `session`; or `false`.'),
    avoid: z
      .strictObject({
        volatility: z.array(z.enum(VOLATILITY_LABELS)).default(['extreme']),
        trend: z.array(z.enum(TREND_LABELS)).default([]),
        liquidity: z.array(z.enum(LIQUIDITY_LABELS)).default(['thin']),
        session: z.array(z.enum(SESSION_LABELS)).default(['closed']),
      })
      .prefault({})
      .describe('Labels with which the market is not tradable, by dimension.'),
    whileUnknown: z.enum(['trade', 'wait']).default('trade').describe('What to do while a dimension has no label yet: its features are not warm.'),
  }),
  create(context) {
    const { params, use } = context;
    const dimensions: Dimension[] = [
      ...(params.volatility === false ? [] : [volatilityDimension(params.volatility, use)]),
      ...(params.trend === false ? [] : [trendDimension(params.trend, use)]),
      ...(params.liquidity === false ? [] : [liquidityDimension(params.liquidity, use)]),
    ];
    const market = new DimensionRegime(dimensions, params.avoid, params.whileUnknown);
    const session = params.session === false ? undefined : sessionRegime.create({ ...context, params: params.session });
    return session === undefined ? market : new CombinedRegime(market, session, params.avoid.session);
  },
});

class CombinedRegime implements RegimeClassifier {
  readonly labels: Readonly<Record<string, readonly string[]>>;
  private lastMarket: Regime | undefined;
  private lastSession: Regime | undefined;
  private regime: Regime | undefined;

  constructor(
    private readonly market: RegimeClassifier,
    private readonly session: RegimeClassifier,
    private readonly avoid: readonly string[],
  ) {
    this.labels = { ...market.labels, ...session.labels };
  }

  classify(bars: BarWindow, close: UtcMs): Regime {
    const market = this.market.classify(bars, close);
    const session = this.session.classify(bars, close);
    if (this.regime === undefined || market !== this.lastMarket || session !== this.lastSession) this.regime = this.join(market, session);
    this.lastMarket = market;
    this.lastSession = session;
    return this.regime;
  }

  private join(market: Regime, session: Regime): Regime {
    const label = session.labels['session'] as string;
    // whoever takes `closed` out of what is avoided wants entries that wait for the next session
    const shut = label !== 'closed' && !session.tradable ? [session.reason] : [];
    const avoided = this.avoid.includes(label) ? [`session is ${label}`] : [];
    const reasons = [...(market.tradable ? [] : [market.reason]), ...(avoided.length > 0 ? avoided : shut)];
    return Object.freeze({ tradable: reasons.length === 0, reason: reasons.join('; '), labels: Object.freeze({ ...market.labels, ...session.labels }) });
  }
}
