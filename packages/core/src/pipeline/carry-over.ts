import type { Rolled } from '../domain/events.js';
import type { Plan } from '../domain/plan.js';
import { toPrice, type Price } from '../domain/units.js';
import type { Account } from './account.js';
import { endCarry, type CarriedPosition } from './carried-position.js';
import type { Desk } from './desk.js';
import { isWatchdogs } from './latches.js';
import { entryIntent } from './plan-orders.js';
import { routeOrders } from './route-orders.js';

/**
 * Enters a position anew that was left at a roll, once the instrument stands for the next contract and nothing is left in the
 * one before: the same quantity, by the same plan, its prices moved by the difference. It is an entry like every other: it
 * passes the door, and what the door refuses stays out. Until it can be sent it waits, at most as long as it may.
 */
export function carryOver(desk: Desk, account: Account): void {
  const { carried, rolled, position, restriction } = desk;
  if (carried === undefined) return;
  if (carried.lots === 0) {
    if (position.lots === 0) desk.carried = undefined; // a stop, a target or a person was faster
    return;
  }
  if (carried.until !== undefined && account.now > carried.until) return endCarry(desk, account, 'it took too long');
  const live = account.orders.live[desk.index] ?? [];
  if (live.some(({ role }) => role === 'entry')) return endCarry(desk, account, 'another entry was sent');
  if (position.lots !== 0 || live.length > 0 || restriction !== undefined || rolled === undefined || desk.bars.count === 0) return;
  if (account.disputed.size > 0 || account.orders.owes(desk.index)) return;
  const latch = account.latches.standing(account.now);
  if (latch !== undefined && isWatchdogs(latch)) return; // it is lifted by itself
  const difference = rolled.differences[carried.from];
  if (difference === undefined) return endCarry(desk, account, `the difference between ${carried.from} and ${rolled.contract} is not known`);
  const plan = movedPlan(desk, carried, rolled, difference);
  const fault = passed(plan, desk, account);
  if (fault !== undefined) return endCarry(desk, account, fault);
  enter(desk, account, carried, plan);
}

function enter(desk: Desk, account: Account, { lots }: CarriedPosition, plan: Plan): void {
  desk.action = lots > 0 ? 'long' : 'short';
  desk.confidence = plan.conviction;
  desk.reason = plan.reason;
  desk.entry = Number.NaN;
  desk.stop = plan.stop ?? Number.NaN;
  desk.target = plan.target ?? Number.NaN;
  desk.invalidation = plan.invalidation ?? Number.NaN;
  desk.targetLots = lots;
  desk.intents.push(entryIntent(desk, account, lots));
  const { id, quantity, expiry } = desk.pendingPlan as Plan;
  desk.pendingPlan = { ...plan, id, quantity, expiry };
  routeOrders(desk, account); // what is refused ends it there, with the reason
  desk.carried = undefined;
}

/** The plan that it had, in the prices of the contract that it goes on in. */
function movedPlan({ position: { grid } }: Desk, { plan, basis, partialsTaken, from, lots }: CarriedPosition, { contract, price }: Rolled, difference: number): Plan {
  // stops to the tick toward the entry, targets away from it: both are up for a long position
  const moved = (level: Price | undefined): Price | undefined => (level === undefined ? undefined : lots > 0 ? grid.priceUp(level + difference) : grid.priceDown(level + difference));
  return {
    ...plan,
    version: 1,
    entry: toPrice(price),
    stop: moved(plan.stop),
    initialStop: moved(plan.initialStop),
    target: moved(plan.target),
    invalidation: moved(plan.invalidation),
    addsTo: undefined,
    reason: `carried over from ${from} into ${contract}`,
    change: undefined,
    carried: { from, to: contract, basis: toPrice(basis + difference), partialsTaken },
  };
}

/** What the market or the time has done to the plan meanwhile. */
function passed({ stop, target, invalidation, timeLimit, side }: Plan, { close }: Desk, { now }: Account): string | undefined {
  const sign = side === 'long' ? 1 : -1;
  if (stop !== undefined && (close - stop) * sign <= 0) return `its stop at ${stop} was passed meanwhile`;
  if (invalidation !== undefined && (close - invalidation) * sign <= 0) return `what it was entered for was over at ${invalidation} meanwhile`;
  if (target !== undefined && (target - close) * sign <= 0) return `its target at ${target} was reached meanwhile`;
  if (timeLimit !== undefined && now >= timeLimit) return 'its time was over meanwhile';
  return undefined;
}

/** A signal of the bar that speaks against the position ends its way. */
export function heedSignal(desk: Desk, account: Account): void {
  const { carried, action } = desk;
  if (carried === undefined || carried.lots === 0 || action === 'hold' || action === (carried.lots > 0 ? 'long' : 'short')) return;
  endCarry(desk, account, `the signal of the bar was ${action}`);
}
