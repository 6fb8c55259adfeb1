import type { Fill, Instrument } from '@keelson/core/domain';
import { toMoney, toPrice, toQuantity, toUtcMs } from '@keelson/core/domain';

/** Fills that can still be told. */
const CAPACITY = 4_096;
const FIELDS = 5;
const CAUSES = [undefined, 'liquidation', 'expiry'] as const;
/** Flag of a fill that was taken back. */
const BUSTED = 16;

/**
 * The newest fills, in columns: a million fill objects that are kept for a while would cost more in garbage
 * collection than everything else the venue does.
 */
export class FillHistory {
  private readonly numbers = new Float64Array(CAPACITY * FIELDS);
  private readonly flags = new Uint8Array(CAPACITY);
  private readonly instrumentOf = new Uint32Array(CAPACITY);
  private readonly orders: string[] = [];
  /** Fills since the start. */
  private count = 0;

  constructor(
    private readonly account: string,
    private readonly instruments: readonly Instrument[],
  ) {}

  /** Id of the next fill. */
  nextId(): string {
    return this.idOf(this.count + 1);
  }

  add(fill: Fill, instrument: number): void {
    const row = this.count % CAPACITY;
    this.count++;
    const at = row * FIELDS;
    this.numbers[at] = fill.quantity;
    this.numbers[at + 1] = fill.price;
    this.numbers[at + 2] = fill.commission;
    this.numbers[at + 3] = fill.slippage;
    this.numbers[at + 4] = fill.time;
    this.flags[row] = (fill.side === 'buy' ? 1 : 0) | (fill.liquidity === 'maker' ? 2 : 0) | (CAUSES.indexOf(fill.cause) << 2);
    this.instrumentOf[row] = instrument;
    this.orders[row] = fill.clientOrderId;
  }

  /** All fills at or after this time are told. */
  get from(): number {
    return this.count <= CAPACITY ? 0 : this.read(this.count - CAPACITY).time + 1;
  }

  /** Fills at or after `since`, oldest first. */
  since(since: number): readonly Fill[] {
    const fills: Fill[] = [];
    for (let number = Math.max(0, this.count - CAPACITY); number < this.count; number++) {
      if (((this.flags[number % CAPACITY] as number) & BUSTED) !== 0) continue;
      const fill = this.read(number);
      if (fill.time >= since) fills.push(fill);
    }
    return fills;
  }

  /**
   * Takes a fill back: it is not told any more.
   * @returns the fill; undefined when it is not known, or was taken back before
   */
  bust(executionId: string): Fill | undefined {
    const number = Number(executionId.slice(this.account.length + 2)) - 1;
    if (!(number >= Math.max(0, this.count - CAPACITY) && number < this.count) || executionId !== this.idOf(number + 1)) return undefined;
    const row = number % CAPACITY;
    if (((this.flags[row] as number) & BUSTED) !== 0) return undefined;
    const fill = this.read(number);
    this.flags[row] = (this.flags[row] as number) | BUSTED;
    return fill;
  }

  private read(number: number): Fill {
    const row = number % CAPACITY;
    const at = row * FIELDS;
    const flags = this.flags[row] as number;
    const instrument = this.instruments[this.instrumentOf[row] as number] as Instrument;
    const cause = CAUSES[(flags >> 2) & 3];
    return {
      executionId: this.idOf(number + 1),
      clientOrderId: this.orders[row] as string,
      instrument: instrument.id,
      side: (flags & 1) === 1 ? 'buy' : 'sell',
      quantity: toQuantity(this.numbers[at] as number),
      price: toPrice(this.numbers[at + 1] as number),
      commission: toMoney(this.numbers[at + 2] as number),
      commissionCurrency: instrument.currency,
      slippage: toMoney(this.numbers[at + 3] as number),
      liquidity: (flags & 2) === 2 ? 'maker' : 'taker',
      ...(cause === undefined ? {} : { cause }),
      time: toUtcMs(this.numbers[at + 4] as number),
    };
  }

  private idOf(number: number): string {
    return `${this.account}-E${number}`;
  }
}
