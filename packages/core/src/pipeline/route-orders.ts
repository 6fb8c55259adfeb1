import type { OrderChange, OrderIntent, RiskApproved } from '../domain/order.js';
import type { ManagedOrder } from '../execution/managed-order.js';
import type { Account } from './account.js';
import { approveChange, approvedBefore, approveOrder, sealed } from './approve-orders.js';
import { routeCancel, whyMute } from './cancel-orders.js';
import { tellNotCarried } from './carried-position.js';
import type { Desk } from './desk.js';
import { noteDesk, planRecord } from './note-state.js';
import { planFor } from './plan-of-entry.js';
import { marketStateOf } from './snapshots.js';

/** Passes the desk's intents through the door one by one, and sends what it approves: journal first. */
export function routeOrders(desk: Desk, account: Account): void {
  const { intents } = desk;
  noteDesk(desk, account); // what an order means is written down before it leaves
  for (let i = 0; i < intents.length; i++) {
    const intent = intents[i] as OrderIntent;
    const approval = approveOrder(intent, desk, account);
    if ('refused' in approval) refuse(intent, approval.refused, desk, account);
    else {
      if (approval.reduced !== undefined) noteReduced(intent, approval.approved, approval.reduced, account);
      send(approval.approved, desk, account);
    }
  }
  while (intents.length > 0) intents.pop(); // a length that is set is a call into the runtime
}

/**
 * Sends a change of a working order if it is allowed. Where the broker cannot change orders the old one is taken back:
 * a stop is put up anew by the plan in the same breath, and a target that is gone is watched by the kernel.
 *
 * @returns whether it was allowed
 */
export function routeChange(change: OrderChange, order: ManagedOrder, desk: Desk, account: Account): boolean {
  const approved = approveChange(change, order, desk, account);
  if (approved === undefined) return false;
  const mute = whyMute(account);
  if (mute !== undefined) {
    account.notes.add(`the change of a ${order.role} order was not sent: ${mute}`);
    return false;
  }
  if (!account.broker.capabilities.modify) {
    desk.disturbed = true;
    routeCancel(order, account);
    return true;
  }
  if (account.journal.enabled) {
    account.journal.append({ kind: 'change', time: account.now, data: change });
    account.journal.sync();
  }
  account.orders.noteChange(order);
  account.broker.modify(approved);
  return true;
}

function send(intent: RiskApproved<OrderIntent>, desk: Desk, account: Account): void {
  if (intent.role === 'entry') {
    account.day.entries++;
    if (account.memory !== undefined) desk.pendingState = marketStateOf(desk);
  }
  const plan = intent.role === 'entry' ? planFor(intent, desk, account) : undefined;
  const over = plan?.carried === undefined ? undefined : desk.carried; // who stood behind it, and why, goes on as well
  const backers = intent.role !== 'entry' ? undefined : over === undefined ? account.ensemble?.records?.backersOf(desk) : over.backers;
  const state = over === undefined ? desk.pendingState : over.entryState;
  if (account.journal.enabled) {
    if (plan !== undefined) account.journal.append({ kind: 'plan', time: account.now, data: planRecord(intent.clientOrderId, plan, state, backers) });
    account.journal.append({ kind: 'intent', time: account.now, data: intent });
    account.journal.sync();
    // a journal that could not be written has halted the account by now: what is not written down does not enter
    if (intent.role === 'entry' && account.halted !== undefined) {
      refuse(intent, account.halted, desk, account);
      return;
    }
  }
  account.ordersSent++;
  account.rate?.note(account.now);
  account.hash.order(intent, desk.index);
  if (account.hooks.observes.intent) account.hooks.tell('intent', sealed(intent));
  if (account.settings.dryRun) return;
  const order = account.orders.add(intent, desk.index);
  if (intent.role === 'entry') {
    order.plan = plan;
    order.state = state;
    order.backers = backers;
  }
  account.broker.submit(intent);
}

/** Gives a venue that starts anew with this process an order that it had: it passed the door when it was sent. */
export function sendAgain(recorded: OrderIntent, account: Account): void {
  if (account.broker.market !== undefined) account.broker.submit(approvedBefore(recorded));
}

/** The same for a change. */
export function changeAgain(recorded: OrderChange, account: Account): void {
  const order = account.orders.get(recorded.clientOrderId);
  if (order !== undefined) account.orders.noteChange(order);
  if (account.broker.market !== undefined) account.broker.modify(approvedBefore(recorded));
}

/** What was wanted goes into the journal beside the intent for what was left of it. */
function noteReduced(intent: OrderIntent, { quantity }: OrderIntent, reason: string, account: Account): void {
  account.notes.add(`${intent.role} order on ${intent.instrument} reduced: ${reason}`);
  if (account.journal.enabled) account.journal.append({ kind: 'refusal', time: account.now, data: { intent, reason, reducedTo: quantity } });
}

function refuse(intent: OrderIntent, reason: string, desk: Desk, account: Account): void {
  account.notes.add(`${intent.role} order on ${intent.instrument} refused: ${reason}`);
  if (account.journal.enabled) account.journal.append({ kind: 'refusal', time: account.now, data: { intent, reason } });
  if (desk.pendingPlan?.id === intent.clientOrderId && desk.pendingPlan.carried !== undefined) tellNotCarried(desk, account, reason);
  if (account.hooks.observes.refusal) account.hooks.tell('refusal', { intent, reason, time: account.now });
}
