import type { SimOrder } from '../matching/sim-order.js';
import { isDone, remainingOf } from '../matching/sim-order.js';
import type { OrderStore } from './order-store.js';

/** What a fill or an end means for the orders tied to it. The desk carries it out. */
export type GroupAction = { readonly order: SimOrder; readonly cancel: true } | { readonly order: SimOrder; readonly cancel: false; readonly quantity: number };

/**
 * How much of an order may trade now. A child trades what its parent filled and no more, in
 * proportion to their quantities, and the exits of a parent together never more than it filled.
 */
export function allowanceOf(store: OrderStore, order: SimOrder): number {
  const remaining = remainingOf(order);
  const parent = parentOf(store, order);
  if (parent === undefined) return remaining;
  if (parent.filled === 0) return 0;
  if (!isExitOf(order, parent)) return remaining;
  const share = isDone(parent) ? order.quantity : Math.floor((order.quantity * parent.filled) / parent.quantity + 1e-9);
  return Math.max(0, Math.min(remaining, share - order.filled, parent.filled - exitedOf(store, parent)));
}

/** The order's group mates after a fill: types 2 and 3 shrink by the filled part, type 1 cancels. */
export function actionsAfterFill(store: OrderStore, order: SimOrder, quantity: number): readonly GroupAction[] {
  const actions: GroupAction[] = [];
  const { ocaGroup, ocaType } = order.terms;
  if (ocaGroup !== '') {
    const left = remainingOf(order) / (remainingOf(order) + quantity);
    for (const other of store.open()) {
      if (other === order || other.terms.ocaGroup !== ocaGroup || other.account !== order.account) continue;
      actions.push(ocaType === 1 ? { order: other, cancel: true } : shrink(other, roundToLot(remainingOf(other) * left, other)));
    }
  }
  const parent = parentOf(store, order);
  if (parent === undefined || !isExitOf(order, parent)) return actions;
  const open = (isDone(parent) ? parent.filled : parent.quantity) - exitedOf(store, parent);
  for (const sibling of store.childrenOf(parent)) {
    if (sibling === order || isDone(sibling) || !isExitOf(sibling, parent) || remainingOf(sibling) <= open) continue;
    if (!actions.some((action) => action.order === sibling)) actions.push(shrink(sibling, open));
  }
  return actions;
}

/** The children of an order that was cancelled: they go with it, or keep the part that protects what it filled. */
export function actionsAfterCancel(store: OrderStore, order: SimOrder): readonly GroupAction[] {
  const open = order.filled - exitedOf(store, order);
  return store
    .childrenOf(order)
    .filter((child) => !isDone(child))
    .map((child) => (isExitOf(child, order) ? shrink(child, Math.min(remainingOf(child), open)) : order.filled === 0 ? { order: child, cancel: true } : shrink(child, remainingOf(child))));
}

/** Whether the order waits for its parent's first fill. */
export const waitsForParent = (store: OrderStore, order: SimOrder): boolean => parentOf(store, order)?.filled === 0;

const parentOf = (store: OrderStore, order: SimOrder): SimOrder | undefined => (order.parentPermId === 0 ? undefined : store.byPerm(order.parentPermId));

const isExitOf = (order: SimOrder, parent: SimOrder): boolean => order.conId === parent.conId && order.terms.action !== parent.terms.action;

function exitedOf(store: OrderStore, parent: SimOrder): number {
  let exited = 0;
  for (const child of store.childrenOf(parent)) if (isExitOf(child, parent)) exited += child.filled;
  return exited;
}

const shrink = (order: SimOrder, remaining: number): GroupAction =>
  remaining > 0 ? { order, cancel: false, quantity: order.filled + remaining } : { order, cancel: true };

/** Whole contracts stay whole. */
const roundToLot = (quantity: number, order: SimOrder): number => (Number.isInteger(order.terms.quantity) ? Math.round(quantity) : quantity);
