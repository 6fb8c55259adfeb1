import type { SlippageSettings } from '../config.js';

/** The bar a fill happens in; prices in ticks, volume and quantity in the same unit. */
export type SlippageBar = { readonly high: number; readonly low: number; readonly volume: number };

/** How many ticks worse than `price` a fill is; never negative, not yet rounded. */
export interface SlippageModel {
  /**
   * @param price in ticks, before slippage
   * @param quantity contracts, shares or coins of this fill
   */
  ticks(price: number, quantity: number, bar: SlippageBar): number;
}

class FixedTicks implements SlippageModel {
  constructor(private readonly amount: number) {}

  ticks(): number {
    return this.amount;
  }
}

class BasisPoints implements SlippageModel {
  constructor(private readonly fraction: number) {}

  ticks(price: number): number {
    return Math.abs(price) * this.fraction;
  }
}

class VolatilityShare implements SlippageModel {
  constructor(private readonly share: number) {}

  ticks(_price: number, _quantity: number, bar: SlippageBar): number {
    return (bar.high - bar.low) * this.share;
  }
}

/**
 * Square of the share of volume, as in Zipline's `VolumeShareSlippage` (Quantopian, 2014,
 * https://zipline.ml4trading.io/api-reference.html). A bar without volume counts as taken whole.
 */
class VolumeShare implements SlippageModel {
  constructor(private readonly impact: number) {}

  ticks(price: number, quantity: number, bar: SlippageBar): number {
    const share = bar.volume > 0 ? Math.min(1, quantity / bar.volume) : 1;
    return Math.abs(price) * this.impact * share * share;
  }
}

export function slippageModel(settings: SlippageSettings): SlippageModel {
  if (settings.spreadTicks !== undefined) return new FixedTicks(settings.spreadTicks / 2);
  if (settings.bps !== undefined) return new BasisPoints(settings.bps / 10_000);
  if (settings.volatilityShare !== undefined) return new VolatilityShare(settings.volatilityShare);
  if (settings.volumeShare !== undefined) return new VolumeShare(settings.volumeShare);
  return new FixedTicks(settings.ticks ?? 0);
}

/**
 * The fill price in ticks: adverse slippage, rounded adversely to a whole tick. `sign` is +1 for a buy.
 * Without slippage a price of the data stays what it is, also one that lies off the tick.
 */
export function adversePrice(price: number, slippageTicks: number, sign: number): number {
  if (slippageTicks === 0) return price;
  // what lies within a millionth of a tick is on it: 100.00000001 is not a reason to pay a tick more
  return sign > 0 ? Math.ceil(price + slippageTicks - 1e-6) : Math.floor(price - slippageTicks + 1e-6);
}
