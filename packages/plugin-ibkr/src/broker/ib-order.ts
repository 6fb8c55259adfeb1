import type { Contract, Order } from '@stoqey/ib';

/** An order as the gateway knows it, and what is known of its fate. */
export class IbOrder {
  /** The venue said that it has it. */
  accepted = false;
  ended = false;
  /** A child is held until its parent fills. */
  held: boolean;
  permId: number | undefined = undefined;
  /** Filled, by executions. */
  filled = 0;
  /** What was asked to be changed and is not confirmed. */
  change: Order | undefined = undefined;
  cancelRequested = false;
  /** End of the session in which it was sent (UtcMs): a day order does not outlive it. */
  sessionEnd: number | undefined = undefined;
  /** Quantity that was asked for and not sent, because the order must only reduce. */
  withheld = 0;
  /** Last refusal that named it. */
  refusal: { readonly code: string; readonly text: string } | undefined = undefined;

  constructor(
    readonly clientOrderId: string,
    /** Number within its client. */
    readonly orderId: number,
    readonly contract: Contract,
    /** As it was sent last. */
    public order: Order,
    readonly parent: IbOrder | undefined,
    /** False for one of another client: it can be seen, and not be changed. */
    readonly own: boolean = true,
  ) {
    this.held = parent !== undefined;
  }

  get quantity(): number {
    return this.order.totalQuantity ?? 0;
  }
}
