import type { IbOrder } from './ib-order.js';

/** So many ended orders are remembered, for late messages and repeated ids. */
const REMEMBERED = 4_096;

/** Orders by every name that they go by. */
export class OrderRegistry {
  private readonly byClient = new Map<string, IbOrder>();
  private readonly byNumber = new Map<number, IbOrder>();
  private readonly byPerm = new Map<number, IbOrder>();

  add(order: IbOrder): void {
    this.byClient.set(order.clientOrderId, order);
    if (order.own) this.byNumber.set(order.orderId, order);
    if (order.permId !== undefined) this.byPerm.set(order.permId, order);
    this.forget();
  }

  get(clientOrderId: string): IbOrder | undefined {
    return this.byClient.get(clientOrderId);
  }

  /** By our number, else by the venue's. */
  find(orderId: number, permId: number | undefined, isOwn: boolean): IbOrder | undefined {
    const found = isOwn ? this.byNumber.get(orderId) : undefined;
    return found ?? (permId === undefined || permId === 0 ? undefined : this.byPerm.get(permId));
  }

  byOrderId(orderId: number): IbOrder | undefined {
    return this.byNumber.get(orderId);
  }

  nameVenue(order: IbOrder, permId: number): void {
    if (permId === 0 || order.permId === permId) return;
    order.permId = permId;
    this.byPerm.set(permId, order);
  }

  childrenOf(parent: IbOrder): readonly IbOrder[] {
    return [...this.byClient.values()].filter((order) => order.parent === parent);
  }

  *alive(): Iterable<IbOrder> {
    for (const order of this.byClient.values()) if (!order.ended) yield order;
  }

  private forget(): void {
    if (this.byClient.size <= REMEMBERED) return;
    for (const order of this.byClient.values()) {
      if (!order.ended) continue;
      this.byClient.delete(order.clientOrderId);
      this.byNumber.delete(order.orderId);
      if (order.permId !== undefined) this.byPerm.delete(order.permId);
      return;
    }
  }
}
