import type { BrokerEvent, CashMovement, Fill } from '../domain/events.js';
import { withLateCost } from '../domain/late-cost.js';
import { isTerminal, type OrderIntent, type OrderRole } from '../domain/order.js';
import { RememberedIds } from '../domain/remembered-ids.js';
import type { Position } from '../portfolio/position.js';
import type { OpenOrder } from '../ports/broker-snapshot.js';
import { ManagedOrder } from './managed-order.js';

/** Ended orders that are still known by id, for late events. */
const REMEMBERED = 1024;
/** Executions that were booked or taken back: none is booked again. */
const REMEMBERED_EXECUTIONS = 65_536;

/**
 * Every order of the account and its state, folded from what was sent and what the venue said.
 * Fills are the truth: a status never takes back a filled quantity.
 */
export class OrderBook {
  /** Live orders by instrument, oldest first. */
  readonly live: readonly ManagedOrder[][];
  liveCount = 0;
  /** By instrument: grows whenever an order was added or may have changed. Who looked at orders need not look again before. */
  readonly versions: Uint32Array;
  /** The newest orders that have ended, the oldest of them at `endedAt` once there are as many as are remembered. */
  private readonly ended: ManagedOrder[] = [];
  private endedAt = 0;
  private newest: ManagedOrder | undefined;
  private readonly foreign = new Map<string, Fill>();
  private readonly executions = new RememberedIds(REMEMBERED_EXECUTIONS);
  /** Orders of which the venue has told of more than the fills that were heard. */
  readonly owing = new Set<ManagedOrder>();

  constructor(private readonly positions: readonly Position[]) {
    this.live = positions.map(() => []);
    this.versions = new Uint32Array(positions.length);
  }

  /** By what events are about: the newest order, one that lives, one that ended a moment ago. Others are looked for far. */
  get(clientOrderId: string): ManagedOrder | undefined {
    const { newest, live, ended } = this;
    if (newest?.clientOrderId === clientOrderId) return newest;
    for (let i = 0; i < live.length; i++) {
      const orders = live[i] as ManagedOrder[];
      for (let k = orders.length - 1; k >= 0; k--) if ((orders[k] as ManagedOrder).clientOrderId === clientOrderId) return orders[k];
    }
    for (let i = this.endedAt - 1; i >= 0; i--) if ((ended[i] as ManagedOrder).clientOrderId === clientOrderId) return ended[i];
    for (let i = ended.length - 1; i >= this.endedAt; i--) if ((ended[i] as ManagedOrder).clientOrderId === clientOrderId) return ended[i];
    return undefined;
  }

  /** Records an intent and its bracket before it is sent. */
  add(intent: OrderIntent, instrument: number): ManagedOrder {
    const { lots } = (this.positions[instrument] as Position).grid;
    const order = ManagedOrder.fromIntent(intent, instrument, lots.nearest(intent.quantity));
    this.insert(order);
    if (intent.bracket !== undefined) for (const leg of intent.bracket) this.insert(ManagedOrder.fromLeg(leg, order));
    return order;
  }

  /** Books and venue were compared: what the venue had to tell is in the books. */
  noteCompared(): void {
    for (const order of this.owing) this.touch(order);
    this.owing.clear();
  }

  /** A cancel of an order is sent: from now on it counts for nothing that it could guard. */
  noteCancel(order: ManagedOrder): void {
    this.touch(order);
    order.cancelRequested = true;
  }

  /** A change of an order is sent. */
  noteChange(order: ManagedOrder): void {
    this.touch(order);
    order.changeRequested = true;
  }

  /** Takes over an order that stands at the venue and is not known here. */
  adopt(found: OpenOrder, role: OrderRole, instrument: number): ManagedOrder {
    const { lots } = (this.positions[instrument] as Position).grid;
    const order = new ManagedOrder(found.clientOrderId, instrument, role, found.side, lots.nearest(found.quantity), 'found at the venue', undefined, undefined);
    order.status = found.status;
    order.filledLots = lots.nearest(found.filled);
    order.limitPrice = found.limitPrice;
    order.stopPrice = found.stopPrice;
    order.venueOrderId = found.venueOrderId;
    this.insert(order);
    return order;
  }

  /**
   * An order that has ended here, and stands at the venue all the same: it was given up too early, or an end that the
   * venue told of was not one.
   * @returns false for one that lives, or that has filled
   */
  standsAgain(order: ManagedOrder, found: OpenOrder): boolean {
    if (!isTerminal(order.status) || (order.status === 'filled' && !this.isLarger(order, found))) return false;
    order.lots = this.lotsOf(order, found.quantity);
    order.limitPrice = found.limitPrice ?? order.limitPrice;
    order.stopPrice = found.stopPrice ?? order.stopPrice;
    order.venueOrderId = found.venueOrderId ?? order.venueOrderId;
    this.revive(order);
    if (found.status === 'held') order.status = 'held';
    return true;
  }

  /**
   * True for an order that has filled by what was heard of its quantity, and is larger: the venue has the same fills,
   * and more to fill.
   */
  isLarger(order: ManagedOrder, { filled, quantity }: OpenOrder): boolean {
    return order.status === 'filled' && this.lotsOf(order, filled) === order.filledLots && this.lotsOf(order, quantity) > order.filledLots;
  }

  /** True while the position of an instrument is not what the books say: the venue told of fills that were not heard. */
  owes(instrument: number): boolean {
    if (this.owing.size === 0) return false;
    for (const order of this.owing) if (order.instrument === instrument) return true;
    return false;
  }

  /** Unsigned lots that working entries of one direction (`sign` 1 or −1) may still add, also those asked to cancel. */
  pendingEntryLots(instrument: number, sign: number): number {
    let sum = 0;
    for (const order of this.live[instrument] as ManagedOrder[]) if (order.role === 'entry' && order.sign === sign) sum += order.remainingLots;
    return sum;
  }

  /**
   * Unsigned lots that exits, stops and targets of one direction may still trade, or may have traded unheard; of those
   * in one group only the largest, since one takes the others along.
   */
  pendingReductionLots(instrument: number, sign: number): number {
    const orders = this.live[instrument] as readonly ManagedOrder[];
    let sum = 0;
    for (let i = 0; i < orders.length; i++) {
      const order = orders[i] as ManagedOrder;
      if (order.role === 'entry' || order.sign !== sign) continue;
      let most = this.reducibleLots(order);
      if (order.ocoGroup !== undefined) {
        let isFirst = true;
        for (let k = 0; k < orders.length; k++) {
          const other = orders[k] as ManagedOrder;
          if (other.ocoGroup !== order.ocoGroup || other.role === 'entry' || other.sign !== sign) continue;
          if (k < i) isFirst = false;
          most = Math.max(most, this.reducibleLots(other));
        }
        if (!isFirst) continue;
      }
      sum += most;
    }
    return sum;
  }

  /** A bracket's exit that the venue has yet to activate stands for what its entry filled. */
  private reducibleLots(order: ManagedOrder): number {
    return order.status === 'held' ? (order.parent?.filledLots ?? 0) : order.remainingLots;
  }

  /** Unsigned lots that working exits by signal will still take off; stops and targets do not count. */
  pendingExitLots(instrument: number): number {
    let sum = 0;
    for (const order of this.live[instrument] as ManagedOrder[]) if (order.role === 'exit') sum += order.remainingLots;
    return sum;
  }

  /** Unsigned lots that stops of one direction will take off; a bracket's stop that the venue has yet to activate counts. */
  stopLots(instrument: number, sign: number): number {
    const orders = this.live[instrument] as ManagedOrder[];
    let sum = 0;
    for (let i = 0; i < orders.length; i++) {
      const order = orders[i] as ManagedOrder;
      if (order.role !== 'stop' || order.sign !== sign || order.cancelRequested) continue;
      sum += order.status === 'held' ? (order.parent?.filledLots ?? 0) : order.remainingLots;
    }
    return sum;
  }

  /** Whether any order of a role is live, also one that waits for its entry's fill. */
  has(instrument: number, role: OrderRole): boolean {
    const orders = this.live[instrument] as ManagedOrder[];
    for (let i = 0; i < orders.length; i++) if ((orders[i] as ManagedOrder).role === role) return true;
    return false;
  }

  /** The working order of a role whose bracket or group protects the position, newest first. */
  find(instrument: number, role: 'stop' | 'target'): ManagedOrder | undefined {
    const orders = this.live[instrument] as ManagedOrder[];
    for (let i = orders.length - 1; i >= 0; i--) {
      const order = orders[i] as ManagedOrder;
      if (order.role === role && order.status !== 'held') return order;
    }
    return undefined;
  }

  /**
   * Folds one event.
   * @returns the order it was about; undefined when it is about none, or one that is not known
   */
  apply(event: BrokerEvent): ManagedOrder | undefined {
    if (event.kind === 'cash') this.addCost(event.movement);
    if (event.kind === 'cash' || event.kind === 'connection' || event.kind === 'restriction' || event.kind === 'fill-corrected') return undefined;
    const id = event.kind === 'fill' ? event.fill.clientOrderId : event.clientOrderId;
    const order = this.lookUp(id);
    if (order === undefined) {
      if (event.kind === 'fill') this.keepForeign(event.fill);
      return undefined;
    }
    this.touch(order);
    switch (event.kind) {
      case 'accepted':
        order.venueOrderId = event.venueOrderId;
        if (order.status === 'pending' || order.status === 'unknown') order.status = 'working';
        break;
      case 'activated':
        order.lots = Math.max(this.lotsOf(order, event.quantity), order.filledLots);
        if (order.status === 'held') order.status = 'working';
        else if (order.presumedDead || (order.status === 'filled' && order.remainingLots > 0)) this.revive(order);
        this.heardOf(order.parent, order.lots);
        break;
      case 'modified':
        order.lots = this.lotsOf(order, event.quantity);
        if (event.limitPrice !== undefined) order.limitPrice = event.limitPrice;
        if (event.stopPrice !== undefined) order.stopPrice = event.stopPrice;
        if (event.limitPrice !== undefined || event.stopPrice !== undefined) order.changeRequested = false;
        if (order.filledLots > 0 && order.filledLots >= order.lots) this.end(order, 'filled'); // nothing is left of it
        break;
      case 'fill':
        order.addFill(event.fill);
        this.executions.add(event.fill.executionId);
        order.filledLots += this.lotsOf(order, event.fill.quantity);
        if (this.owing.size > 0 && order.filledLots >= order.toldLots) this.owing.delete(order);
        // nobody said how large it is: as large as what it guards
        if (order.status === 'held') order.lots = order.parent?.filledLots ?? 0;
        if (order.filledLots > order.lots) order.lots = order.filledLots;
        if (order.filledLots === order.lots) this.end(order, 'filled');
        else if (!isTerminal(order.status)) order.status = 'partially-filled';
        break;
      case 'rejected':
      case 'canceled':
      case 'expired':
        // what an entry without its exits would still fill must not come
        if (event.kind === 'rejected' && order.parent !== undefined) order.parent.exitsRefused = true;
        if (event.kind !== 'rejected' && event.filled !== undefined) this.heardOf(order, this.lotsOf(order, event.filled));
        order.presumedDead = false; // now the venue has said so
        this.end(order, event.kind);
        break;
      case 'cancel-rejected':
        order.cancelRequested = false;
        break;
      case 'outcome-unknown':
        if (!isTerminal(order.status)) order.status = 'unknown';
        break;
      case 'modify-rejected':
        order.changeRequested = false;
        break;
    }
    return order;
  }

  /** True for an execution that needs no booking: one that the venue repeats, or has taken back. */
  knows(fill: Fill): boolean {
    return this.executions.has(fill.executionId);
  }

  /** An execution as it is booked, with what it cost; undefined when it is not remembered. */
  fill({ clientOrderId, executionId }: Pick<Fill, 'clientOrderId' | 'executionId'>): Fill | undefined {
    return this.lookUp(clientOrderId)?.fills.find((fill) => fill.executionId === executionId) ?? this.foreign.get(executionId);
  }

  /** Executions at or after `since` that are remembered. */
  fillsSince(since: number): Fill[] {
    const fills = this.all().flatMap((order) => order.fills).concat([...this.foreign.values()]);
    return fills.filter(({ time }) => time >= since).sort((a, b) => a.time - b.time);
  }

  /**
   * Takes an execution out of its order, for a correction. It counts as known from then on: a venue may repeat it, or
   * say it after its correction.
   * @returns undefined when it was not booked
   */
  removeFill(executionId: string): Fill | undefined {
    this.executions.add(executionId);
    for (const order of this.all()) {
      const at = order.fills.findIndex((fill) => fill.executionId === executionId);
      if (at < 0) continue;
      const [fill] = order.fills.splice(at, 1) as [Fill];
      order.filledLots -= this.lotsOf(order, fill.quantity);
      this.touch(order);
      return fill;
    }
    const foreign = this.foreign.get(executionId);
    this.foreign.delete(executionId);
    return foreign;
  }

  /** A cost that was told after its fill goes with the fill, should the venue take that back. */
  private addCost(movement: CashMovement): void {
    const { executionId } = movement;
    if (executionId === undefined) return;
    for (const { fills } of this.all()) {
      const at = fills.findIndex((fill) => fill.executionId === executionId);
      if (at < 0) continue;
      fills[at] = withLateCost(fills[at] as Fill, movement);
      return;
    }
    const foreign = this.foreign.get(executionId);
    if (foreign !== undefined) this.foreign.set(executionId, withLateCost(foreign, movement));
  }

  /** Executions of orders that are not known here: liquidations, and trades from elsewhere. */
  private keepForeign(fill: Fill): void {
    this.executions.add(fill.executionId);
    this.foreign.set(fill.executionId, fill);
    if (this.foreign.size > REMEMBERED) this.foreign.delete(this.foreign.keys().next().value as string);
  }

  private touch({ instrument }: ManagedOrder): void {
    this.versions[instrument] = (this.versions[instrument] as number) + 1;
  }

  /** Events about one order tend to follow each other. */
  private lookUp(id: string): ManagedOrder | undefined {
    const order = this.get(id);
    if (order !== undefined) this.newest = order;
    return order;
  }

  /** Every order that is known, once. */
  private all(): ManagedOrder[] {
    return [...new Set([...this.ended, ...this.live.flat()])];
  }

  private insert(order: ManagedOrder): void {
    this.touch(order);
    this.newest = order;
    (this.live[order.instrument] as ManagedOrder[]).push(order);
    this.liveCount++;
  }

  /** An entry that was given up filled after all: its exits, taken for dead with it, do live. */
  private revive(order: ManagedOrder): void {
    this.touch(order);
    order.status = order.filledLots > 0 ? 'partially-filled' : 'working';
    order.cancelRequested = false;
    order.presumedDead = false;
    (this.live[order.instrument] as ManagedOrder[]).push(order);
    this.liveCount++;
  }

  private end(order: ManagedOrder, status: 'filled' | 'rejected' | 'canceled' | 'expired'): void {
    const wasLive = !isTerminal(order.status);
    if (order.status !== 'filled') order.status = status;
    if (!wasLive) return;
    const orders = this.live[order.instrument] as ManagedOrder[];
    // by hand: splice makes an array of what it took out
    for (let i = orders.indexOf(order) + 1; i < orders.length; i++) orders[i - 1] = orders[i] as ManagedOrder;
    orders.pop();
    this.liveCount--;
    const forgotten = this.ended[this.endedAt];
    // what was forgotten is not looked at: it lies far from all that is at hand
    if (forgotten !== undefined && this.owing.size > 0 && isTerminal(forgotten.status)) this.owing.delete(forgotten);
    this.ended[this.endedAt] = order;
    this.endedAt = (this.endedAt + 1) % REMEMBERED;
    // children of an entry that ended without a fill will never live
    if (order.role === 'entry' && order.filledLots === 0 && order.toldLots === 0) {
      for (const child of orders.filter((each) => each.parent === order && each.status === 'held')) {
        this.end(child, 'canceled');
        child.presumedDead = true;
      }
    }
  }

  /** The venue told what an order filled in all, by something else than its fills. */
  private heardOf(order: ManagedOrder | undefined, lots: number): void {
    if (order === undefined || lots <= order.filledLots) return;
    order.toldLots = lots;
    this.owing.add(order);
  }

  private lotsOf(order: ManagedOrder, quantity: number): number {
    return (this.positions[order.instrument] as Position).grid.lots.nearest(quantity);
  }
}
