import type { MarginImpact } from '../accounts/sim-account.js';
import type { SimulatorClock } from '../clock/simulator-clock.js';
import type { SimOrder } from '../matching/sim-order.js';
import type { DeskEvents } from '../orders/desk-events.js';
import type { Execution } from '../orders/execution.js';
import type { VenueError } from '../orders/venue-error.js';

/** What is wrong with the messages about orders at the moment. Counts go down to 0. */
export interface PushFaults {
  swallowOrders: number;
  duplicateExecutions: number;
  correctExecutions: number;
  /** Added to the price of an execution that is corrected. */
  priceChange: number;
  /** 0 corrects it at once. */
  correctionDelayMs: number;
  /** `undefined` sends commissions at once, Infinity never. */
  commissionDelayMs: number | undefined;
  skipStatuses: number;
  repeatStatuses: number;
  previewsWithoutValues: number;
}

export const noPushFaults = (): PushFaults => ({
  swallowOrders: 0, duplicateExecutions: 0, correctExecutions: 0, priceChange: 0, correctionDelayMs: 0, commissionDelayMs: undefined, skipStatuses: 0, repeatStatuses: 0, previewsWithoutValues: 0,
});

/** Stands between what happens to orders and the clients: late, twice, changed or not at all. */
export class FaultyPushes implements DeskEvents {
  readonly faults = noPushFaults();
  /** What is held back while the gateway is cut off from the venue. */
  private held: (() => void)[] | undefined;
  private readonly seen = new Set<number>();
  private readonly silent = new Map<number, number>();

  constructor(
    private readonly inner: DeskEvents & { preview(order: SimOrder, impact: MarginImpact | undefined, commission: number): void },
    private readonly clock: SimulatorClock,
    private readonly correct: (execId: string, price: number) => void,
  ) {}

  /** Holds everything back until `release`. */
  hold(): void {
    this.held ??= [];
  }

  release(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const push of held) push();
  }

  /** The client asked what there is: it is told of its orders from now on. */
  unsilence(clientId: number): void {
    for (const [permId, owner] of this.silent) if (owner === clientId) this.silent.delete(permId);
  }

  order(order: SimOrder): void {
    if (!this.seen.has(order.permId)) {
      this.seen.add(order.permId);
      if (this.take('swallowOrders')) this.silent.set(order.permId, order.clientId);
    }
    this.push(order.permId, () => this.inner.order(order));
  }

  status(order: SimOrder): void {
    if (this.take('skipStatuses')) return;
    this.push(order.permId, () => this.inner.status(order));
    if (this.take('repeatStatuses')) this.push(order.permId, () => this.inner.status(order));
  }

  execution(execution: Execution): void {
    this.push(execution.permId, () => this.inner.execution(execution));
    if (this.take('duplicateExecutions')) this.push(execution.permId, () => this.inner.execution(execution));
  }

  commission(execution: Execution): void {
    const { commissionDelayMs, priceChange, correctionDelayMs } = this.faults;
    const tell = (): void => this.push(execution.permId, () => this.inner.commission(execution));
    if (commissionDelayMs === undefined) tell();
    else if (commissionDelayMs !== Infinity) this.clock.at(this.clock.now() + commissionDelayMs, tell);
    if (!this.take('correctExecutions')) return;
    const correct = (): void => this.correct(execution.execId, execution.price + priceChange);
    if (correctionDelayMs === 0) correct();
    else this.clock.at(this.clock.now() + correctionDelayMs, correct);
  }

  error(clientId: number, orderId: number, error: VenueError): void {
    this.push(0, () => this.inner.error(clientId, orderId, error));
  }

  whatIf(order: SimOrder, impact: MarginImpact, commission: number): void {
    if (this.take('previewsWithoutValues')) this.push(0, () => this.inner.preview(order, undefined, commission));
    this.push(0, () => this.inner.whatIf(order, impact, commission));
  }

  bound(order: SimOrder): void {
    this.push(order.permId, () => this.inner.bound(order));
  }

  private push(permId: number, push: () => void): void {
    if (this.silent.has(permId)) return;
    if (this.held === undefined) push();
    else this.held.push(push);
  }

  private take(name: 'swallowOrders' | 'duplicateExecutions' | 'correctExecutions' | 'skipStatuses' | 'repeatStatuses' | 'previewsWithoutValues'): boolean {
    if (this.faults[name] === 0) return false;
    this.faults[name] -= 1;
    return true;
  }
}
