import type { ClientOrderId } from '../domain/order.js';

/** Names of an account's orders: account, instrument, running number. Equal runs name their orders equally. */
export class OrderNames {
  private sequence = 0;

  constructor(private readonly account: string) {}

  next(instrument: string): ClientOrderId {
    this.sequence++;
    return `${this.account}-${instrument}-${this.sequence}`;
  }

  /** Goes on counting behind an order of an earlier run. */
  resumeAfter(clientOrderId: ClientOrderId): void {
    const number = Number(/-(\d+)(?:-stop|-target)?$/.exec(clientOrderId)?.[1] ?? 0);
    if (number > this.sequence) this.sequence = number;
  }

  /** Whether an order of an instrument bears a name of this making; `mes` does not own what `mes-2` sent. */
  own(clientOrderId: ClientOrderId, instrument: string): boolean {
    const start = `${this.account}-${instrument}-`;
    return clientOrderId.startsWith(start) && /^\d+(?:-stop|-target)?$/.test(clientOrderId.slice(start.length));
  }
}
