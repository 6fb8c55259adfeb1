import type { OrderChange, OrderIntent, RiskApproved } from '../domain/order.js';
import type { ManagedOrder } from '../execution/managed-order.js';
import type { Account } from './account.js';
import { approveChange, approveOrder, sealed } from './approve-orders.js';
import type { Desk } from './desk.js';
import { marketStateOf } from './snapshots.js';

/** Passes the desk's intents through the door one by one, and sends what it approves: journal first. */
export function routeOrders(desk: Desk, account: Account): void {
  const { intents } = desk;
  for (let i = 0; i < intents.length; i++) {
    const intent = intents[i] as OrderIntent;
    const approval = approveOrder(intent, desk, account);
    if ('refused' in approval) refuse(intent, approval.refused, account);
    else {
      if (approval.reduced !== undefined) account.notes.add(`entry order on ${intent.instrument} reduced: ${approval.reduced}`);
      send(approval.approved, desk, account);
    }
  }
  intents.length = 0;
}

/** Sends a change of a working order if it is allowed; returns whether it was. */
export function routeChange(change: OrderChange, order: ManagedOrder, desk: Desk, account: Account): boolean {
  const approved = approveChange(change, order, desk);
  if (approved === undefined) return false;
  if (account.journal.enabled) account.journal.append({ kind: 'change', time: account.now, data: change });
  if (!account.settings.dryRun) account.broker.modify(approved);
  return true;
}

function send(intent: RiskApproved<OrderIntent>, desk: Desk, account: Account): void {
  if (account.journal.enabled) account.journal.append({ kind: 'intent', time: account.now, data: intent });
  if (intent.role === 'entry') {
    account.day.entries++;
    if (account.memory !== undefined) desk.pendingState = marketStateOf(desk);
  }
  account.ordersSent++;
  account.hash.order(intent, desk.index);
  if (account.hooks.observes('intent')) account.hooks.tell('intent', sealed(intent));
  if (account.settings.dryRun) return;
  const order = account.orders.add(intent, desk.index);
  if (intent.role === 'entry') {
    const plan = desk.pendingPlan;
    if (plan?.id === intent.clientOrderId) order.plan = plan.quantity === intent.quantity ? plan : { ...plan, quantity: intent.quantity };
    order.state = desk.pendingState;
    order.backers = account.ensemble?.records?.backersOf(desk);
  }
  account.broker.submit(intent);
}

function refuse(intent: OrderIntent, reason: string, account: Account): void {
  account.notes.add(`${intent.role} order on ${intent.instrument} refused: ${reason}`);
  if (account.journal.enabled) account.journal.append({ kind: 'refusal', time: account.now, data: { intent, reason } });
  if (account.hooks.observes('refusal')) account.hooks.tell('refusal', { intent, reason, time: account.now });
}
