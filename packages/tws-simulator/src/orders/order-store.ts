import type { SimOrder } from '../matching/sim-order.js';
import { isDone } from '../matching/sim-order.js';
import type { StateFile } from '../state/state-file.js';
import type { Execution } from './execution.js';

/** Ids of the venue start here: far from any order id. */
const FIRST_PERM_ID = 1_700_000_001;

const NONE: readonly SimOrder[] = [];

/** All orders and executions, found by their ids, kept in the state file. */
export class OrderStore {
  private readonly byPermId = new Map<number, SimOrder>();
  private readonly byClientId = new Map<string, SimOrder>();
  private readonly openByContract = new Map<number, Set<SimOrder>>();
  private readonly children = new Map<number, SimOrder[]>();
  private readonly executionsById = new Map<string, Execution>();
  private readonly highestIds = new Map<number, number>();
  /** Groups that a fill has ended. */
  private readonly spentGroups = new Set<string>();
  private nextPermId = FIRST_PERM_ID;
  /** Of those that bound orders got. */
  private lowestId = 0;

  constructor(private readonly state: StateFile) {
    for (const order of state.all('order') as SimOrder[]) this.index(order);
    for (const execution of state.all('execution') as Execution[]) this.executionsById.set(execution.execId, execution);
  }

  takePermId(): number {
    return this.nextPermId++;
  }

  /** Adds a new order or keeps what changed of one. */
  save(order: SimOrder): void {
    if (!this.byPermId.has(order.permId)) this.index(order);
    if (isDone(order)) this.openByContract.get(order.conId)?.delete(order);
    this.indexGroup(order);
    this.state.put('order', order.permId, order);
  }

  /** The order under a client's id. */
  find(clientId: number, orderId: number): SimOrder | undefined {
    return this.byClientId.get(`${clientId}:${orderId}`);
  }

  byPerm(permId: number): SimOrder | undefined {
    return this.byPermId.get(permId);
  }

  /** Gives an order that was entered by hand an id of client 0's: a negative one, which that client never takes for an order of its own. */
  bind(order: SimOrder): void {
    order.orderId = this.lowestId - 1;
    this.indexId(order);
    this.save(order);
  }

  /** Whether the OCA group has done its work: one of it filled whole, or at all where a fill cancels the others. */
  isGroupSpent(account: string, ocaGroup: string): boolean {
    return ocaGroup !== '' && this.spentGroups.has(`${account}:${ocaGroup}`);
  }

  /** The orders that wait for this one's fills, in the order in which they came. */
  childrenOf(order: SimOrder): readonly SimOrder[] {
    return this.children.get(order.permId) ?? [];
  }

  /** Live orders in one contract, oldest first. A copy: matching changes the set. */
  openIn(conId: number): readonly SimOrder[] {
    const open = this.openByContract.get(conId);
    return open === undefined || open.size === 0 ? NONE : [...open];
  }

  /** Contracts that have live orders. */
  *contractsWithOpen(): Iterable<number> {
    for (const [conId, orders] of this.openByContract) if (orders.size > 0) yield conId;
  }

  /** All live orders, oldest first. */
  open(): readonly SimOrder[] {
    const open: SimOrder[] = [];
    for (const orders of this.openByContract.values()) open.push(...orders);
    // Of one contract they are in order as they are.
    return this.openByContract.size > 1 ? open.sort((left, right) => left.permId - right.permId) : open;
  }

  /** Orders that ended since that time, oldest first. */
  done(sinceMs: number): readonly SimOrder[] {
    return [...this.byPermId.values()].filter((order) => order.doneMs !== undefined && order.doneMs >= sinceMs);
  }

  addExecution(execution: Execution): void {
    this.executionsById.set(execution.execId, execution);
    this.state.put('execution', execution.execId, execution);
  }

  execution(execId: string): Execution | undefined {
    return this.executionsById.get(execId);
  }

  executions(): Iterable<Execution> {
    return this.executionsById.values();
  }

  get executionCount(): number {
    return this.executionsById.size;
  }

  /** One more than the highest id that the client used. */
  nextOrderId(clientId: number): number {
    return Math.max(0, this.highestIds.get(clientId) ?? 0) + 1;
  }

  /** The newest time in the books; 0 when they are empty. */
  latestMs(): number {
    let latest = 0;
    for (const order of this.byPermId.values()) latest = Math.max(latest, order.placedMs, order.doneMs ?? 0);
    for (const execution of this.executionsById.values()) latest = Math.max(latest, execution.timeMs);
    return latest;
  }

  private index(order: SimOrder): void {
    this.byPermId.set(order.permId, order);
    this.nextPermId = Math.max(this.nextPermId, order.permId + 1);
    this.indexId(order);
    this.indexGroup(order);
    if (order.parentPermId !== 0) {
      const siblings = this.children.get(order.parentPermId);
      if (siblings === undefined) this.children.set(order.parentPermId, [order]);
      else siblings.push(order);
    }
    if (isDone(order)) return;
    const open = this.openByContract.get(order.conId);
    if (open === undefined) this.openByContract.set(order.conId, new Set([order]));
    else open.add(order);
  }

  private indexGroup(order: SimOrder): void {
    const { ocaGroup, ocaType } = order.terms;
    if (ocaGroup !== '' && (order.status === 'Filled' || (ocaType === 1 && order.filled > 0))) this.spentGroups.add(`${order.account}:${ocaGroup}`);
  }

  private indexId(order: SimOrder): void {
    if (order.orderId === 0) return;
    this.byClientId.set(`${order.clientId}:${order.orderId}`, order);
    this.highestIds.set(order.clientId, Math.max(this.highestIds.get(order.clientId) ?? 0, order.orderId));
    this.lowestId = Math.min(this.lowestId, order.orderId);
  }
}
