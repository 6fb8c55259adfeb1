import type { CommissionSettings } from '../config.js';
import type { SimOrder } from '../sim-order.js';

/** What a fill costs, in the instrument's currency; negative is a rebate. */
export interface CommissionModel {
  /**
   * @param order the order that fills; undefined for a liquidation
   * @param quantity contracts, shares or coins
   * @param notional unsigned, in the instrument's currency
   */
  charge(order: SimOrder | undefined, quantity: number, notional: number, maker: boolean, time: number): number;
  /** Commission of a market order, without booking it: for margin checks before the fill. */
  estimate(quantity: number, notional: number): number;
}

class PerContract implements CommissionModel {
  constructor(private readonly amount: number) {}

  charge(_order: SimOrder | undefined, quantity: number): number {
    return this.amount * quantity;
  }

  estimate(quantity: number): number {
    return this.amount * quantity;
  }
}

/** Minimum and maximum hold for the order, not for each of its fills. */
class PerShare implements CommissionModel {
  constructor(
    private readonly amount: number,
    private readonly minimum: number,
    private readonly maximumFraction: number,
  ) {}

  charge(order: SimOrder | undefined, quantity: number, notional: number): number {
    if (order === undefined) return this.total(this.amount * quantity, notional);
    order.rawCommission += this.amount * quantity;
    order.notional += notional;
    // a later fill never gives back what an earlier one paid
    const charge = Math.max(0, this.total(order.rawCommission, order.notional) - order.paidCommission);
    order.paidCommission += charge;
    return charge;
  }

  estimate(quantity: number, notional: number): number {
    return this.total(this.amount * quantity, notional);
  }

  private total(raw: number, notional: number): number {
    return Math.min(Math.max(raw, this.minimum), this.maximumFraction * notional);
  }
}

class OfNotional implements CommissionModel {
  constructor(
    private readonly taker: number,
    private readonly maker: number,
  ) {}

  charge(_order: SimOrder | undefined, _quantity: number, notional: number, maker: boolean): number {
    return (maker ? this.maker : this.taker) * notional;
  }

  estimate(_quantity: number, notional: number): number {
    return this.taker * notional;
  }
}

type Tier = NonNullable<CommissionSettings['tiers']>[number];

/** The tier is the one that was reached before the fill; the count starts again with each UTC month. */
class Tiered implements CommissionModel {
  private traded = 0;
  private monthStart = Infinity;
  private monthEnd = -Infinity;

  constructor(private readonly tiers: readonly Tier[]) {}

  charge(_order: SimOrder | undefined, quantity: number, notional: number, maker: boolean, time: number): number {
    this.enterMonth(time);
    const tier = this.tier();
    this.traded += tier.perContract === undefined ? notional : quantity;
    return amountOf(tier, quantity, notional, maker);
  }

  estimate(quantity: number, notional: number): number {
    return amountOf(this.tier(), quantity, notional, false);
  }

  private enterMonth(time: number): void {
    if (time >= this.monthStart && time < this.monthEnd) return;
    const date = new Date(time);
    this.monthStart = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
    this.monthEnd = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
    this.traded = 0;
  }

  private tier(): Tier {
    let reached = this.tiers[0] as Tier;
    for (let i = 1; i < this.tiers.length; i++) {
      const next = this.tiers[i] as Tier;
      if (this.traded < next.from) break;
      reached = next;
    }
    return reached;
  }
}

function amountOf(tier: Tier, quantity: number, notional: number, maker: boolean): number {
  if (tier.perContract !== undefined) return tier.perContract * quantity;
  const taker = tier.takerBps ?? 0;
  return ((maker ? (tier.makerBps ?? taker) : taker) / 10_000) * notional;
}

/** The model of one instrument; tiers count for each instrument by itself. */
export function commissionModel(settings: CommissionSettings): CommissionModel {
  if (settings.perContract !== undefined) return new PerContract(settings.perContract);
  if (settings.perShare !== undefined) return new PerShare(settings.perShare, settings.minimum, settings.maximumFraction ?? Infinity);
  if (settings.fraction !== undefined) return new OfNotional(settings.fraction, settings.fraction);
  if (settings.takerBps !== undefined) return new OfNotional(settings.takerBps / 10_000, (settings.makerBps ?? settings.takerBps) / 10_000);
  if (settings.tiers !== undefined) return new Tiered(settings.tiers);
  return new PerContract(0);
}
