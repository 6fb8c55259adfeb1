import type { BrokerEvent, OrderIntent, OrderRole } from '@keelson/core/domain';
import { isoTime } from '@keelson/core/domain';
import type { OpenOrder } from '@keelson/core/ports';
import type { Breaches } from './breach.js';

export type VenueLawSettings = {
  /** Largest position by instrument; one that is not named may hold none. */
  readonly caps: ReadonlyMap<string, number>;
  /** Moments that a position may stand without its stop while the account could know. */
  readonly graceBars: number;
};

/** What stands at the venue at the end of a moment. */
export type VenueLook = {
  readonly openOrders: ReadonlyArray<Pick<OpenOrder, 'clientOrderId' | 'instrument' | 'side' | 'quantity' | 'filled' | 'status'>>;
  /** False while nobody can look after it, since nobody hears of it. */
  readonly isHeard: boolean;
};

/**
 * Holds what happens at the venue to the laws, seen from the venue itself: no order twice, never more than the cap,
 * no position without the stop that its entry promised.
 */
export class VenueLaws {
  orders = 0;
  fills = 0;
  private readonly sent = new Set<string>();
  private readonly entries = new Set<string>();
  private readonly roles = new Map<string, OrderRole>();
  /** Entries that promised a stop. */
  private readonly promised = new Set<string>();
  private readonly positions: Map<string, number>;
  /** Quantity that taken-back exits put back into a position: the venue's doing, not the account's. */
  private readonly putBack = new Map<string, number>();
  private readonly needsStop = new Set<string>();
  private readonly bareMoments = new Map<string, number>();
  private readonly fillOf = new Map<string, { readonly instrument: string; readonly signed: number }>();

  constructor(
    private readonly settings: VenueLawSettings,
    private readonly breaches: Breaches,
  ) {
    this.positions = new Map([...settings.caps.keys()].map((id) => [id, 0]));
  }

  onSubmit(order: OrderIntent): void {
    this.orders++;
    const { clientOrderId, role, instrument, decidedAt, side } = order;
    if (this.sent.has(clientOrderId)) this.breaches.add('sent-once', `the order ${clientOrderId} was sent twice`);
    this.sent.add(clientOrderId);
    this.roles.set(clientOrderId, role);
    for (const leg of order.bracket ?? []) {
      this.roles.set(leg.clientOrderId, leg.role);
      if (leg.role === 'stop') this.promised.add(clientOrderId);
    }
    if (role !== 'entry') return;
    const effect = `${instrument} ${side} at ${isoTime(decidedAt)}`;
    if (this.entries.has(effect)) this.breaches.add('sent-once', `two entries were sent on one decision: ${effect}`);
    this.entries.add(effect);
  }

  onEvent(event: BrokerEvent): void {
    if (event.kind === 'fill') {
      this.fills++;
      this.book(event.fill.executionId, event.fill.instrument, event.fill.side === 'buy' ? event.fill.quantity : -event.fill.quantity, event.fill.clientOrderId);
    } else if (event.kind === 'fill-corrected') {
      const busted = this.fillOf.get(event.executionId);
      if (busted === undefined) return;
      const before = Math.abs(this.position(busted.instrument));
      const { replacement } = event;
      if (replacement !== undefined) {
        this.fillOf.set(replacement.executionId, busted); // the quantity stays
        return;
      }
      this.move(busted.instrument, -busted.signed);
      const grown = Math.abs(this.position(busted.instrument)) - before;
      if (grown > 0) this.putBack.set(busted.instrument, (this.putBack.get(busted.instrument) ?? 0) + grown);
    }
  }

  /** At the end of a moment: what stands without protection. */
  moment({ openOrders, isHeard }: VenueLook): void {
    for (const [instrument, position] of this.positions) {
      const bare = this.needsStop.has(instrument) && position !== 0 && Math.abs(position) > this.covered(instrument, position, openOrders) + 1e-9;
      const moments = bare && isHeard ? (this.bareMoments.get(instrument) ?? 0) + 1 : 0;
      this.bareMoments.set(instrument, moments);
      if (moments === this.settings.graceBars + 1) this.breaches.add('protection', `${position} ${instrument} stood without a stop for ${moments} bars`);
    }
  }

  private covered(instrument: string, position: number, openOrders: VenueLook['openOrders']): number {
    let sum = 0;
    for (const order of openOrders) {
      const role = this.roles.get(order.clientOrderId);
      if (order.instrument !== instrument || order.status === 'held' || (role !== 'stop' && role !== 'exit')) continue;
      if ((order.side === 'buy' ? 1 : -1) * position < 0) sum += order.quantity - order.filled;
    }
    return sum;
  }

  private book(executionId: string, instrument: string, signed: number, clientOrderId: string): void {
    this.fillOf.set(executionId, { instrument, signed });
    this.move(instrument, signed);
    if (this.promised.has(clientOrderId)) this.needsStop.add(instrument);
    const position = this.position(instrument);
    const cap = this.settings.caps.get(instrument) ?? 0;
    if (Math.abs(position) - (this.putBack.get(instrument) ?? 0) > cap + 1e-9 && position * signed > 0) {
      this.breaches.add('cap', `the position in ${instrument} was ${position} with ${clientOrderId}, more than the cap of ${cap}`);
    }
  }

  private move(instrument: string, signed: number): void {
    const position = this.position(instrument) + signed;
    this.positions.set(instrument, Math.abs(position) < 1e-9 ? 0 : position);
    if (Math.abs(position) >= 1e-9) return;
    this.needsStop.delete(instrument);
    this.putBack.delete(instrument);
  }

  private position(instrument: string): number {
    return this.positions.get(instrument) ?? 0;
  }
}
