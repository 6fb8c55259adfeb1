import type { Trade } from '../domain/position.js';
import { toMoney, toPrice, toQuantity, toUtcMs } from '../domain/units.js';

const QUANTITY = 0;
const ENTRY_TIME = 1;
const ENTRY_PRICE = 2;
const EXIT_TIME = 3;
const EXIT_PRICE = 4;
const PNL = 5;
const COMMISSION = 6;
const SIDE = 7;
const WIDTH = 8;
const BLOCK = 1024;

/**
 * All closed trades of a run, oldest first, in blocks of columns: 80 bytes a trade, where objects take some
 * 400. Iterating makes the trades anew.
 */
export class TradeLog implements Iterable<Trade> {
  length = 0;
  private readonly blocks: Float64Array[] = [];
  private readonly texts: string[] = [];
  private readonly textIds = new Map<string, number>();
  /** Three a trade: instrument, entry reason, exit reason. */
  private readonly textBlocks: Uint32Array[] = [];

  add(trade: Trade): void {
    const at = this.length % BLOCK;
    if (at === 0) {
      this.blocks.push(new Float64Array(BLOCK * WIDTH));
      this.textBlocks.push(new Uint32Array(BLOCK * 3));
    }
    const block = this.blocks[this.blocks.length - 1] as Float64Array;
    const texts = this.textBlocks[this.textBlocks.length - 1] as Uint32Array;
    const row = at * WIDTH;
    block[row + QUANTITY] = trade.quantity;
    block[row + ENTRY_TIME] = trade.entryTime;
    block[row + ENTRY_PRICE] = trade.entryPrice;
    block[row + EXIT_TIME] = trade.exitTime;
    block[row + EXIT_PRICE] = trade.exitPrice;
    block[row + PNL] = trade.pnl;
    block[row + COMMISSION] = trade.commission;
    block[row + SIDE] = trade.side === 'long' ? 1 : -1;
    texts[at * 3] = this.textId(trade.instrument);
    texts[at * 3 + 1] = this.textId(trade.entryReason);
    texts[at * 3 + 2] = this.textId(trade.exitReason);
    this.length++;
  }

  /** The trade at a place, 0 being the oldest. */
  at(index: number): Trade | undefined {
    if (index < 0 || index >= this.length) return undefined;
    const block = this.blocks[Math.floor(index / BLOCK)] as Float64Array;
    const texts = this.textBlocks[Math.floor(index / BLOCK)] as Uint32Array;
    const row = (index % BLOCK) * WIDTH;
    const text = (index % BLOCK) * 3;
    const number = (column: number): number => block[row + column] as number;
    return {
      instrument: this.texts[texts[text] as number] as string,
      side: number(SIDE) > 0 ? 'long' : 'short',
      quantity: toQuantity(number(QUANTITY)),
      entryTime: toUtcMs(number(ENTRY_TIME)),
      entryPrice: toPrice(number(ENTRY_PRICE)),
      exitTime: toUtcMs(number(EXIT_TIME)),
      exitPrice: toPrice(number(EXIT_PRICE)),
      pnl: toMoney(number(PNL)),
      commission: toMoney(number(COMMISSION)),
      entryReason: this.texts[texts[text + 1] as number] as string,
      exitReason: this.texts[texts[text + 2] as number] as string,
    };
  }

  *[Symbol.iterator](): Iterator<Trade> {
    for (let i = 0; i < this.length; i++) yield this.at(i) as Trade;
  }

  private textId(text: string): number {
    const known = this.textIds.get(text);
    if (known !== undefined) return known;
    this.texts.push(text);
    this.textIds.set(text, this.texts.length - 1);
    return this.texts.length - 1;
  }
}
