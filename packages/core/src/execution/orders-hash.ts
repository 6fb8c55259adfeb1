import { createHash, type Hash } from 'node:crypto';
import { endianness } from 'node:os';
import type { Fill } from '../domain/events.js';
import type { OrderIntent } from '../domain/order.js';

const DOUBLES = 8 * 1024;
const BIG_ENDIAN = endianness() === 'BE';
const TYPES = ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'];
const TIMES_IN_FORCE = ['day', 'gtc', 'ioc'];

/**
 * SHA-256 over the ordered list of orders and fills. Every record is eight little-endian doubles:
 *
 * - order: 1, instrument's index, type, side (±1), quantity, limit price, stop price, time of the decision;
 *   then one record `2, role, type, 0, 0, limit, stop, 0` for each bracket leg
 * - fill: 3, instrument's index, 0, side, quantity, price, commission, time
 *
 * Absent prices are 0. Equal hashes mean the same run.
 */
export class OrdersHash {
  private readonly hash: Hash = createHash('sha256');
  private readonly block = new Float64Array(DOUBLES);
  private used = 0;

  order(intent: OrderIntent, instrument: number): void {
    this.record(1, instrument, TYPES.indexOf(intent.type) + 8 * TIMES_IN_FORCE.indexOf(intent.timeInForce), intent.side === 'buy' ? 1 : -1, intent.quantity, intent.limitPrice ?? 0, intent.stopPrice ?? 0, intent.decidedAt);
    if (intent.bracket === undefined) return;
    for (const leg of intent.bracket) {
      this.record(2, leg.role === 'stop' ? 0 : 1, TYPES.indexOf(leg.type), 0, leg.trailFraction ?? leg.trailDistance ?? 0, leg.limitPrice ?? 0, leg.stopPrice ?? 0, 0);
    }
  }

  fill(fill: Fill, instrument: number): void {
    this.record(3, instrument, 0, fill.side === 'buy' ? 1 : -1, fill.quantity, fill.price, fill.commission, fill.time);
  }

  /** `sha256:…` of all records so far. */
  digest(): string {
    return `sha256:${this.hash.copy().update(this.bytes()).digest('hex')}`;
  }

  private record(a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number): void {
    const { block } = this;
    let at = this.used;
    if (at === DOUBLES) {
      this.hash.update(this.bytes());
      at = 0;
    }
    block[at] = a;
    block[at + 1] = b;
    block[at + 2] = c;
    block[at + 3] = d;
    block[at + 4] = e;
    block[at + 5] = f;
    block[at + 6] = g;
    block[at + 7] = h;
    this.used = at + 8;
  }

  /** What stands in the block, as little-endian bytes on every machine. */
  private bytes(): Buffer {
    const bytes = Buffer.from(this.block.buffer, 0, this.used * 8);
    return BIG_ENDIAN ? Buffer.from(bytes).swap64() : bytes;
  }
}
