import type { Instrument } from '../domain/instrument.js';
import type { BarWindow } from '../domain/market-data.js';
import type { Target } from '../domain/plan.js';
import type { PositionView, Trade } from '../domain/position.js';
import type { Money, UtcMs } from '../domain/units.js';
import type { Regime } from './regime.js';
import type { UseContext } from './context.js';
import type { NewsView } from './news.js';
import type { UseFeature } from './feature-handle.js';
import type { Schema } from '../domain/schema.js';

/** `reduce` gives an unsigned quantity; the kernel takes it only when it is smaller than the target's. */
export type OverlayVerdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'reduce'; readonly quantity: number; readonly reason: string }
  | { readonly kind: 'veto'; readonly reason: string };

export type OverlayRequest = {
  readonly target: Target;
  readonly time: UtcMs;
  readonly bars: BarWindow;
  readonly position: PositionView;
  readonly regime: Regime;
  /** Account equity in the base currency. */
  readonly equity: Money;
  /** Closed trades of the account, oldest first, at most the last 256. */
  readonly recentTrades: readonly Trade[];
};

/** May only make a target smaller or veto it. A throw counts as a veto. */
export interface RiskOverlay {
  review(request: OverlayRequest): OverlayVerdict;
}

export type OverlayContext<Params> = {
  readonly params: Params;
  readonly instrument: Instrument;
  readonly use: UseFeature;
  readonly context: UseContext;
  readonly news: NewsView;
};

/** What a plugin adds under an overlay's id; `create` is called once per instrument. */
export interface RiskOverlayDefinition<Params = unknown> {
  readonly params: Schema<Params>;
  create(context: OverlayContext<Params>): RiskOverlay;
}
