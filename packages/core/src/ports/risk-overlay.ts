import type { Instrument, InstrumentId } from '../domain/instrument.js';
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

/** Another instrument of the account. Notionals are unsigned, at the last close, in the base currency. */
export type OtherInstrument = {
  readonly instrument: InstrumentId;
  /** Held long, with the buys that work to enter; `short` likewise. */
  readonly long: Money;
  readonly short: Money;
  /** Close times (UtcMs) and closes of the newest bars, oldest first: at most `count`, and 1024. */
  closes(count: number): { readonly time: Float64Array; readonly close: Float64Array };
};

/** Made anew for each overlay: what one does to it reaches nobody. */
export type OverlayRequest = {
  readonly target: Target;
  readonly time: UtcMs;
  readonly bars: BarWindow;
  readonly position: PositionView;
  readonly regime: Regime;
  /** Account equity in the base currency; `balance` is the same without the profit of open positions. */
  readonly equity: Money;
  readonly balance: Money;
  /** What a quantity of 1 gains in the base currency when the price rises by 1. */
  readonly pointValue: Money;
  /** Closed trades, oldest first: of the account at most the last 256, of this instrument the last 64. */
  readonly recentTrades: readonly Trade[];
  readonly ownTrades: readonly Trade[];
  readonly others: readonly OtherInstrument[];
};

/** May only make a target smaller or veto it. A throw counts as a veto. */
export interface RiskOverlay {
  review(request: OverlayRequest): OverlayVerdict;
}

/** `instruments` are all that the account has, in its order. */
export type OverlayContext<Params> = { readonly params: Params; readonly instrument: Instrument; readonly instruments: readonly InstrumentId[]; readonly use: UseFeature; readonly context: UseContext; readonly news: NewsView };

/** What a plugin adds under an overlay's id; `create` is called once per instrument. */
export interface RiskOverlayDefinition<Params = unknown> {
  readonly params: Schema<Params>;
  create(context: OverlayContext<Params>): RiskOverlay;
}
