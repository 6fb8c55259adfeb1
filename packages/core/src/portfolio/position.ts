import { InstrumentGrid, type Instrument } from '../domain/instrument.js';
import type { PositionView } from '../domain/position.js';
import { toMoney, toPrice, toUtcMs, type Money, type Price, type UtcMs } from '../domain/units.js';

/** What is left of one entry fill. Prices are whole ticks, quantities whole lots, unsigned. */
export type EntryLot = {
  orderId: string;
  reason: string;
  time: number;
  entryTicks: number;
  /** Price that profit still to be paid is measured from: the entry, or the last settlement. */
  basisTicks: number;
  lots: number;
  /** Commission still carried by these lots, in the base currency. */
  commission: number;
};

/** Takes what a fill closed of one entry lot; `lots` is unsigned. */
export type ClosedLots = (lot: EntryLot, lots: number, commission: number) => void;

/**
 * Open lots of one instrument, first in first out. Sums are kept in ticks × lots: whole numbers, so that
 * they are exact up to 2^53 whatever the number of fills.
 */
export class Position implements PositionView {
  readonly grid: InstrumentGrid;
  /** Money, in the instrument's currency, of one tick on one lot. */
  readonly tickLotValue: number;
  private readonly ticksPerUnit: number;
  /** {@link unsettledPnl} at the last {@link revalue}. */
  readonly unsettledCell = new Float64Array(1);
  /** Signed whole lots. */
  lots = 0;
  /** Last mark in the instrument's price units; 0 before the first. */
  markPrice = 0;
  private basisTickLots = 0;
  private costTickLots = 0;
  /** Those from `head` to before `tail` are open; those behind are used again. */
  private entries: EntryLot[] = [];
  private head = 0;
  private tail = 0;

  constructor(readonly definition: Instrument) {
    this.grid = new InstrumentGrid(definition);
    this.ticksPerUnit = this.grid.ticks.perUnit;
    // 15 significant digits take out the binary noise of decimal factors: 0.00005 × 125000 is 6.25
    this.tickLotValue = Number((definition.tickSize * definition.lotSize * definition.multiplier).toPrecision(15));
  }

  get instrument(): string {
    return this.definition.id;
  }

  get quantity(): number {
    return this.lots === 0 ? 0 : this.grid.lots.value(this.lots);
  }

  get averagePrice(): Price | undefined {
    if (this.lots === 0) return undefined;
    const ticks = this.costTickLots / this.lots;
    return toPrice(Number.isInteger(ticks) ? this.grid.ticks.value(ticks) : ticks * this.definition.tickSize);
  }

  get openedAt(): UtcMs | undefined {
    return this.lots === 0 ? undefined : toUtcMs((this.entries[this.head] as EntryLot).time);
  }

  get unrealizedPnl(): Money {
    return toMoney(this.lots === 0 ? 0 : (this.markTicks() * this.lots - this.costTickLots) * this.tickLotValue);
  }

  /** Profit not yet turned into cash by settlement, in the instrument's currency. */
  get unsettledPnl(): number {
    this.revalue();
    return this.unsettledCell[0] as number;
  }

  /** Brings {@link unsettledCell} up to the mark; a cell, since a number that is returned is boxed on the bar path. */
  revalue(): void {
    if (this.lots === 0) {
      this.unsettledCell[0] = 0;
      return;
    }
    // as StepGrid.count does, written out: what is passed to it would be boxed as well
    const exact = this.markPrice * this.ticksPerUnit;
    const near = Math.round(exact);
    const ticks = Math.abs(exact - near) < 1e-6 ? near : exact;
    this.unsettledCell[0] = (ticks * this.lots - this.basisTickLots) * this.tickLotValue;
  }

  /** {@link unsettledPnl} at each of `count` prices instead of the mark: `values[i]` at `prices[(first + i) & mask]`. */
  unsettledAlong(prices: Float64Array, first: number, mask: number, count: number, values: Float64Array): void {
    const { lots, ticksPerUnit, basisTickLots, tickLotValue } = this;
    for (let i = 0; i < count; i++) {
      const exact = (prices[(first + i) & mask] as number) * ticksPerUnit;
      const near = Math.round(exact);
      values[i] = ((Math.abs(exact - near) < 1e-6 ? near : exact) * lots - basisTickLots) * tickLotValue;
    }
  }

  /** Quantity × mark × multiplier, signed, in the instrument's currency. */
  get notional(): number {
    return this.lots === 0 ? 0 : this.markTicks() * this.lots * this.tickLotValue;
  }

  /** Adds lots in the position's own direction; `signedLots` carries the direction. */
  open(signedLots: number, ticks: number, time: number, orderId: string, reason: string, commission: number): void {
    const lots = Math.abs(signedLots);
    if (this.tail === this.entries.length) this.entries.push({ orderId, reason, time, entryTicks: ticks, basisTicks: ticks, lots, commission });
    else {
      const entry = this.entries[this.tail] as EntryLot;
      entry.orderId = orderId;
      entry.reason = reason;
      entry.time = time;
      entry.entryTicks = entry.basisTicks = ticks;
      entry.lots = lots;
      entry.commission = commission;
    }
    this.tail++;
    this.lots += signedLots;
    this.costTickLots += signedLots * ticks;
    this.basisTickLots += signedLots * ticks;
  }

  /**
   * Takes `lots` (unsigned, at most what is open) off, oldest first.
   * @returns ticks × lots between `ticks` and the basis of what was closed, signed as profit
   */
  close(lots: number, ticks: number, closed: ClosedLots): number {
    const sign = this.lots > 0 ? 1 : -1;
    let left = lots;
    let profit = 0;
    while (left > 0) {
      const entry = this.entries[this.head] as EntryLot;
      const taken = Math.min(left, entry.lots);
      const commission = taken === entry.lots ? entry.commission : (entry.commission * taken) / entry.lots;
      profit += (ticks - entry.basisTicks) * taken * sign;
      this.costTickLots -= entry.entryTicks * taken * sign;
      this.basisTickLots -= entry.basisTicks * taken * sign;
      this.lots -= taken * sign;
      closed(entry, taken, commission);
      entry.commission -= commission;
      entry.lots -= taken;
      left -= taken;
      if (entry.lots === 0) this.head++;
    }
    if (this.lots === 0) {
      this.head = this.tail = 0;
      this.costTickLots = 0;
      this.basisTickLots = 0;
    } else if (this.head > 64) {
      this.entries = this.entries.slice(this.head, this.tail);
      this.tail -= this.head;
      this.head = 0;
    }
    return profit;
  }

  /**
   * Open profit up to `price` has been paid: it is measured from there on. An amount that is not that of the position
   * as it stands (it tells of another one, and comes late) moves what profit is measured from by itself, so that
   * equity stays; of a position that is gone, all was paid in the books when it closed.
   * @returns whether the amount is to be booked
   */
  settle(price: number, amount: number): boolean {
    if (this.lots === 0) return false;
    const ticks = this.ticksOf(price);
    const isOwn = Math.abs((ticks * this.lots - this.basisTickLots) * this.tickLotValue - amount) <= 1e-6 * Math.max(1, Math.abs(amount));
    const shift = amount / (this.tickLotValue * this.lots);
    this.basisTickLots = 0;
    const sign = this.lots > 0 ? 1 : -1;
    for (let i = this.head; i < this.tail; i++) {
      const entry = this.entries[i] as EntryLot;
      entry.basisTicks = isOwn ? ticks : entry.basisTicks + shift;
      this.basisTickLots += entry.basisTicks * entry.lots * sign;
    }
    return true;
  }

  /** Whole ticks of a price on the grid; one that is off it keeps its fraction, so that money stays right. */
  ticksOf(price: number): number {
    return this.grid.ticks.count(price);
  }

  private markTicks(): number {
    return this.ticksOf(this.markPrice);
  }
}
