import { isMarginSettled, type Instrument } from '@keelson/core/domain';
import { CompensatedSum, CurrencyRates, Position } from '@keelson/core/portfolio';

/** What a closed entry leaves to be done: nothing, the venue keeps no trades. */
const ignoreClosedLots = (): void => {};

/**
 * The venue's own books: positions as whole ticks × whole lots, cash by currency as compensated sums.
 * Kept apart from the kernel's ledger, so that the two can be reconciled.
 */
export class VenueAccount {
  readonly positions: readonly Position[];
  /** By currency, in the order of `rates.currencies`. */
  readonly cash: readonly CompensatedSum[];
  private readonly currencyOf: Int32Array;
  private readonly marginSettled: Uint8Array;
  /** Instruments with a position, ascending. */
  readonly held: number[] = [];

  constructor(
    instruments: readonly Instrument[],
    readonly rates: CurrencyRates,
    initialCash: number,
  ) {
    this.positions = instruments.map((instrument) => new Position(instrument));
    this.cash = rates.currencies.map((_, i) => new CompensatedSum(i === 0 ? initialCash : 0));
    this.currencyOf = Int32Array.from(instruments, (instrument) => rates.index(instrument.currency));
    this.marginSettled = Uint8Array.from(instruments, (instrument) => (isMarginSettled(instrument.type) ? 1 : 0));
  }

  position(instrument: number): Position {
    return this.positions[instrument] as Position;
  }

  cashOf(instrument: number): CompensatedSum {
    return this.cash[this.currencyOf[instrument] as number] as CompensatedSum;
  }

  /** Units of base currency for one unit of the instrument's currency; NaN until a price was seen. */
  rateOf(instrument: number): number {
    return this.rates.rate(this.currencyOf[instrument] as number);
  }

  /** Books a trade of `signedLots` at `ticks`, and its commission in the instrument's currency. */
  trade(instrument: number, signedLots: number, ticks: number, time: number, commission: number): void {
    const position = this.position(instrument);
    const cash = this.cashOf(instrument);
    const wasFlat = position.lots === 0;
    const size = Math.abs(signedLots);
    const closing = position.lots * signedLots < 0 ? Math.min(Math.abs(position.lots), size) : 0;
    if (closing > 0) {
      const profit = position.close(closing, ticks, ignoreClosedLots);
      if (this.marginSettled[instrument] === 1) cash.add(profit * position.tickLotValue);
    }
    if (size > closing) position.open(signedLots > 0 ? size - closing : closing - size, ticks, time, '', '', 0);
    if (this.marginSettled[instrument] === 0) cash.add(-ticks * signedLots * position.tickLotValue);
    if (commission !== 0) cash.add(-commission);
    if (wasFlat !== (position.lots === 0)) this.setHeld(instrument, wasFlat);
  }

  /** Cash plus the value of all positions at their marks, in the base currency. */
  equity(): number {
    let sum = 0;
    for (let c = 0; c < this.cash.length; c++) {
      const amount = (this.cash[c] as CompensatedSum).value;
      if (amount !== 0) sum += amount * this.rates.rate(c);
    }
    for (let h = 0; h < this.held.length; h++) {
      const instrument = this.held[h] as number;
      const position = this.position(instrument);
      sum += (this.marginSettled[instrument] === 1 ? position.unsettledPnl : position.notional) * this.rateOf(instrument);
    }
    return sum;
  }

  private setHeld(instrument: number, held: boolean): void {
    // by hand: splice makes an array of what it took out
    const { held: list } = this;
    let at = list.length;
    if (held) {
      for (; at > 0 && (list[at - 1] as number) > instrument; at--) list[at] = list[at - 1] as number;
      list[at] = instrument;
      return;
    }
    for (at = list.indexOf(instrument) + 1; at < list.length; at++) list[at - 1] = list[at] as number;
    list.pop();
  }
}
