import type { BrokerEvent, OrderIntent } from '@keelson/core/domain';

type ShadowOrder = { readonly role: string; readonly instrument: string; readonly sign: number; quantity: number; filled: number; alive: boolean };

/** Positions and orders of a run, followed from outside: only from what left the pipeline and what the venue said. */
export class ShadowBook {
  readonly positions = new Map<string, number>();
  private readonly orders = new Map<string, ShadowOrder>();
  private open = new Set<ShadowOrder>();

  intent(intent: OrderIntent): void {
    const sign = intent.side === 'buy' ? 1 : -1;
    this.add(intent.clientOrderId, { role: intent.role, instrument: intent.instrument, sign, quantity: intent.quantity, filled: 0, alive: true });
    for (const leg of intent.bracket ?? []) this.add(leg.clientOrderId, { role: leg.role, instrument: intent.instrument, sign: -sign, quantity: 0, filled: 0, alive: true });
  }

  event(event: BrokerEvent): void {
    if (event.kind === 'fill') {
      const { instrument, side, quantity, clientOrderId } = event.fill;
      this.positions.set(instrument, this.position(instrument) + (side === 'buy' ? quantity : -quantity));
      const order = this.orders.get(clientOrderId);
      if (order !== undefined) {
        order.filled += quantity;
        if (order.filled >= order.quantity) this.end(order);
      }
    } else if (event.kind === 'activated' || event.kind === 'modified') {
      const order = this.orders.get(event.clientOrderId);
      if (order !== undefined) order.quantity = event.quantity;
    } else if (event.kind === 'canceled' || event.kind === 'expired' || event.kind === 'rejected') {
      const order = this.orders.get(event.clientOrderId);
      if (order !== undefined) this.end(order);
    }
  }

  position(instrument: string): number {
    return this.positions.get(instrument) ?? 0;
  }

  /** Quantity that live stops would still take off the position. */
  protectedBy(instrument: string): number {
    const against = -Math.sign(this.position(instrument));
    return this.sum(instrument, (order) => order.role === 'stop' && order.sign === against);
  }

  /** Quantity that exits at the market, on their way, will take off the position. */
  leaving(instrument: string): number {
    const against = -Math.sign(this.position(instrument));
    return this.sum(instrument, (order) => order.role === 'exit' && order.sign === against);
  }

  /** Quantity that live entries of one direction may still add. */
  entering(instrument: string, sign: number): number {
    return this.sum(instrument, (order) => order.role === 'entry' && order.sign === sign);
  }

  private sum(instrument: string, wanted: (order: ShadowOrder) => boolean): number {
    let sum = 0;
    for (const order of this.open) if (order.instrument === instrument && wanted(order)) sum += order.quantity - order.filled;
    return sum;
  }

  private add(id: string, order: ShadowOrder): void {
    this.orders.set(id, order);
    this.open.add(order);
  }

  private end(order: ShadowOrder): void {
    order.alive = false;
    this.open.delete(order);
  }
}
