import type { Fill } from '../domain/events.js';
import type { Trade } from '../domain/position.js';
import { toMoney, toPrice, toQuantity, toUtcMs } from '../domain/units.js';
import type { CompensatedSum } from './compensated-sum.js';
import type { ClosedLots, EntryLot, Position } from './position.js';

/** Told about a closed trade, inside `Ledger.applyFill`. */
export type TradeListener = (trade: Trade, instrument: number) => void;

/**
 * Makes trades of what a fill closes: one for each entry order that it takes from. What it keeps between the lots of one
 * fill stands in fields, so that nothing is made for each fill but its trades.
 */
export class ClosingTrades {
  // what closes, and at what price
  private index = 0;
  private position: Position | undefined;
  private fill: Fill | undefined;
  private reason = '';
  private sign = 1;
  private lots = 0;
  private ticks = 0.5;
  private commission = 0.5;
  private rate = 0.5;
  // what it took of the entry order at hand
  private first: EntryLot | undefined;
  private firstTime = 0.5;
  private takenLots = 0;
  private takenTickLots = 0.5;
  private takenCommission = 0.5;

  constructor(
    private readonly realized: CompensatedSum,
    private readonly onTrade: TradeListener,
  ) {}

  /**
   * Closes `lots` of a position at `ticks`; `commission` is the fill's for them, in the base currency.
   * @returns the profit that becomes cash, in the instrument's currency
   */
  close(index: number, position: Position, lots: number, ticks: number, fill: Fill, reason: string, commission: number, rate: number): number {
    this.index = index;
    this.position = position;
    this.fill = fill;
    this.reason = reason;
    this.sign = position.lots > 0 ? 1 : -1;
    this.lots = lots;
    this.ticks = ticks;
    this.commission = commission;
    this.rate = rate;
    const profit = position.close(lots, ticks, this.take);
    this.end(position, fill);
    return profit * position.tickLotValue;
  }

  private readonly take: ClosedLots = (lot, taken, entryCommission) => {
    if (this.first !== undefined && lot.orderId !== this.first.orderId) this.end(this.position as Position, this.fill as Fill);
    if (this.first === undefined) {
      this.first = lot;
      this.firstTime = lot.time;
      this.takenLots = this.takenTickLots = this.takenCommission = 0;
    }
    this.takenLots += taken;
    this.takenTickLots += lot.entryTicks * taken;
    this.takenCommission += entryCommission;
  };

  /** No more is taken of the entry order at hand: that is a trade. */
  private end({ grid, tickLotValue }: Position, fill: Fill): void {
    const { first, sign, ticks, takenLots, takenTickLots } = this;
    if (first === undefined) return;
    this.first = undefined;
    const pnl = (ticks * takenLots - takenTickLots) * sign * tickLotValue * this.rate;
    this.realized.add(pnl);
    this.onTrade(
      {
        instrument: fill.instrument,
        side: sign > 0 ? 'long' : 'short',
        quantity: toQuantity(grid.lots.value(takenLots)),
        entryTime: toUtcMs(this.firstTime),
        entryPrice: toPrice(takenTickLots === first.entryTicks * takenLots ? grid.ticks.value(first.entryTicks) : (takenTickLots / takenLots) * grid.ticks.step),
        exitTime: fill.time,
        exitPrice: fill.price,
        pnl: toMoney(pnl),
        commission: toMoney(this.takenCommission + (this.commission * takenLots) / this.lots),
        entryReason: first.reason,
        exitReason: this.reason,
      },
      this.index,
    );
  }
}
