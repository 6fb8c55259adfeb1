import type { Fill } from '../domain/events.js';
import type { Plan } from '../domain/plan.js';
import type { Backers } from '../domain/signal.js';
import { toPrice, toUtcMs, type Price, type UtcMs } from '../domain/units.js';
import type { ManagedOrder } from '../execution/managed-order.js';
import type { MarketState } from '../ports/memory.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';

/** So long after it was left a position may still be entered anew: later the market has gone on without it. */
const CARRY_MS = 30 * 60_000;

/** A position that was left in one contract to go on in the next. It follows from facts: what was planned, and what filled. */
export type CarriedPosition = {
  /** Name of the contract at the venue that it is left in. */
  readonly from: string;
  /** Reason of the exits that count: what a stop or a target took goes on nowhere. */
  readonly reason: string;
  readonly plan: Plan;
  /** Price that its profit is measured from. */
  readonly basis: Price;
  readonly partialsTaken: number;
  readonly entryState: MarketState | undefined;
  readonly backers: Backers | undefined;
  /** Lots (signed) when it began to be left: no more are carried over. */
  readonly most: number;
  /** Lots (signed) that the exits have taken off. */
  readonly lots: number;
  /** Given up then; undefined before the first exit has filled. */
  readonly until: UtcMs | undefined;
};

/** The whole position is to be left here, and to go on in the next contract. One without a plan is only left. */
export function beginCarry(desk: Desk): void {
  const { restriction, plan, position, partialsTaken, entryState, backers, carried } = desk;
  if (restriction?.carry === undefined || plan === undefined || carried !== undefined) return;
  desk.carried = { from: restriction.carry, reason: restriction.reason, plan, basis: basisOf(desk), partialsTaken, entryState, backers, most: position.lots, lots: 0, until: undefined };
}

/** Counts what an exit has taken off; called while the position still has its plan. */
export function countCarried(fill: Fill, order: ManagedOrder | undefined, desk: Desk): void {
  const { carried, position, plan } = desk;
  if (carried === undefined || order?.role !== 'exit' || order.reason !== carried.reason) return;
  const taken = carried.lots - order.sign * position.grid.lots.nearest(fill.quantity);
  const lots = Math.sign(carried.most) * Math.min(Math.abs(carried.most), Math.abs(taken));
  desk.carried = { ...carried, plan: plan ?? carried.plan, lots, until: toUtcMs(fill.time + CARRY_MS) };
}

/** It is not carried over, or no further: the account stays without it, and somebody should know. */
export function endCarry(desk: Desk, account: Account, reason: string): void {
  if (desk.carried === undefined) return;
  desk.carried = undefined;
  tellNotCarried(desk, account, reason);
}

export function tellNotCarried({ instrument: { id } }: Desk, account: Account, reason: string): void {
  account.notes.add(`a position in ${id} was left at a roll and not entered anew: ${reason}`);
  account.announcer.announce('critical', `${account.name}: ${id}: not carried over`, `the position was left and is not entered anew: ${reason}`, account.now);
}

/** Price that the profit of the open position is measured from: its average, or over a roll what that was before, in present prices. */
export function basisOf({ plan, position, close }: Desk): Price {
  return plan?.carried?.basis ?? position.averagePrice ?? toPrice(close);
}

/** Open loss since the position began, in the instrument's currency; a roll does not make it smaller. Negative is a profit. */
export function openLoss({ plan, position, close, instrument }: Desk): number {
  const basis = plan?.carried?.basis;
  return basis === undefined ? -position.unrealizedPnl : (basis - close) * position.quantity * instrument.multiplier;
}
