import { createHash, type Hash } from 'node:crypto';
import type { Fill } from '../domain/events.js';
import type { OrderIntent } from '../domain/order.js';

const BLOCK = 64 * 1024;
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
  private readonly bytes = Buffer.alloc(BLOCK);
  private readonly view = new DataView(this.bytes.buffer, this.bytes.byteOffset, BLOCK);
  private used = 0;

  order(intent: OrderIntent, instrument: number): void {
    this.record(1, instrument, TYPES.indexOf(intent.type) + 8 * TIMES_IN_FORCE.indexOf(intent.timeInForce), intent.side === 'buy' ? 1 : -1, intent.quantity, intent.limitPrice ?? 0, intent.stopPrice ?? 0, intent.decidedAt);
    for (const leg of intent.bracket ?? []) {
      this.record(2, leg.role === 'stop' ? 0 : 1, TYPES.indexOf(leg.type), 0, leg.trailFraction ?? leg.trailDistance ?? 0, leg.limitPrice ?? 0, leg.stopPrice ?? 0, 0);
    }
  }

  fill(fill: Fill, instrument: number): void {
    this.record(3, instrument, 0, fill.side === 'buy' ? 1 : -1, fill.quantity, fill.price, fill.commission, fill.time);
  }

  /** `sha256:…` of all records so far. */
  digest(): string {
    return `sha256:${this.hash.copy().update(this.bytes.subarray(0, this.used)).digest('hex')}`;
  }

  private record(a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number): void {
    if (this.used + 64 > BLOCK) {
      this.hash.update(this.bytes);
      this.used = 0;
    }
    const { view } = this;
    let at = this.used;
    view.setFloat64(at, a, true);
    view.setFloat64((at += 8), b, true);
    view.setFloat64((at += 8), c, true);
    view.setFloat64((at += 8), d, true);
    view.setFloat64((at += 8), e, true);
    view.setFloat64((at += 8), f, true);
    view.setFloat64((at += 8), g, true);
    view.setFloat64((at += 8), h, true);
    this.used += 64;
  }
}
