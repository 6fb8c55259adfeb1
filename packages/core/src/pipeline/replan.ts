import type { Plan } from '../domain/plan.js';
import { toPrice, toUtcMs, type Price } from '../domain/units.js';
import type { ManagedOrder } from '../execution/managed-order.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';
import { changeObjection } from './check-prices.js';
import { revisePlan, type PlanChange } from './revise-plan.js';
import { routeChange } from './route-orders.js';
import { moveStops } from './trail-stop.js';

/** What somebody wants of an open position's plan; absent fields stay as they are. */
export type ReplanWish = { readonly stop?: number; readonly target?: number; readonly timeLimit?: number; readonly invalidation?: number };

/**
 * Makes a new version of the open position's plan. Protection may only be tightened: a stop or an invalidation nearer
 * to the market, a time limit earlier. The target may go anywhere on the winning side within the price collar. One part that is refused
 * refuses the whole.
 *
 * @returns why it was refused; undefined when it stands
 */
export function replan(desk: Desk, account: Account, wish: ReplanWish, reason: string): string | undefined {
  const { plan, position } = desk;
  if (position.lots === 0 || plan === undefined) return `${desk.instrument.id} has no open position with a plan`;
  const sign = position.lots > 0 ? 1 : -1;
  const rounded = roundedTo(desk, wish, sign);
  const fault = faultOf(desk, plan, rounded, sign) ?? (rounded.target === plan.target ? undefined : changeObjection('target', rounded.target, undefined, desk, account));
  if (fault !== undefined) return fault;
  const fields = changesOf(plan, rounded);
  if (Object.keys(fields).length === 0) return undefined;
  // a plan must not claim a stop that stands elsewhere
  if (fields.stop !== undefined && !moveStops(desk, account, fields.stop) && account.orders.has(desk.index, 'stop')) return `stop was ${fields.stop}, and the stop at the venue cannot be moved there now: it is not active yet, on its way out, or outside of the price collar`;
  if (fields.target !== undefined) moveTargets(desk, account, fields.target);
  // a plan without a stop gets its hard stop now
  if (fields.stop !== undefined && plan.initialStop === undefined) fields.initialStop = fields.stop;
  revisePlan(desk, account, fields, reason);
  desk.disturbed = true; // a stop that stands nowhere yet is put up at once
  return undefined;
}

/** What plugins make of the plan on a bar, by the same rules. */
export function replanByHooks(desk: Desk, account: Account): void {
  const plan = desk.plan as Plan;
  const { stop, target, timeLimit, invalidation } = account.hooks.pass('plan', plan);
  const wish: ReplanWish = {
    ...(stop === undefined ? {} : { stop }),
    ...(target === undefined ? {} : { target }),
    ...(timeLimit === undefined ? {} : { timeLimit }),
    ...(invalidation === undefined ? {} : { invalidation }),
  };
  const refused = replan(desk, account, wish, "a 'plan' hook");
  if (refused !== undefined) account.notes.add(`a 'plan' hook was refused: ${refused}`);
}

/** On the tick: a stop toward the entry, a target away from it. */
function roundedTo({ position: { grid } }: Desk, wish: ReplanWish, sign: number): ReplanWish {
  const stop = wish.stop === undefined ? undefined : sign > 0 ? grid.priceUp(wish.stop) : grid.priceDown(wish.stop);
  const target = wish.target === undefined ? undefined : sign > 0 ? grid.priceUp(wish.target) : grid.priceDown(wish.target);
  return { ...wish, ...(stop === undefined ? {} : { stop }), ...(target === undefined ? {} : { target }) };
}

function faultOf(desk: Desk, plan: Plan, { stop, target, timeLimit, invalidation }: ReplanWish, sign: number): string | undefined {
  const { close } = desk;
  for (const [name, value] of Object.entries({ stop, target, timeLimit, invalidation })) if (value !== undefined && !Number.isFinite(value)) return `${name} was ${value}, expected a number`;
  const at = sign > 0 ? 'at least' : 'at most';
  if (stop !== undefined && stop !== plan.stop) {
    if (plan.stop !== undefined && (stop - plan.stop) * sign < 0) return `stop was ${stop}, expected ${at} ${plan.stop}: protection is only tightened`;
    if ((close - stop) * sign <= 0) return `stop was ${stop}, expected it on the losing side of the price ${close}`;
  }
  if (target !== undefined && target !== plan.target && (target - close) * sign <= 0) return `target was ${target}, expected it on the winning side of the price ${close}`;
  if (timeLimit !== undefined && plan.timeLimit !== undefined && timeLimit > plan.timeLimit) return `timeLimit was ${timeLimit}, expected at most ${plan.timeLimit}: protection is only tightened`;
  if (invalidation !== undefined && invalidation !== plan.invalidation) {
    if (plan.invalidation !== undefined && (invalidation - plan.invalidation) * sign < 0) return `invalidation was ${invalidation}, expected ${at} ${plan.invalidation}: protection is only tightened`;
    if ((close - invalidation) * sign <= 0) return `invalidation was ${invalidation}, expected it on the losing side of the price ${close}`;
  }
  return undefined;
}

/** The parts that differ. */
function changesOf(plan: Plan, { stop, target, timeLimit, invalidation }: ReplanWish): { -readonly [Key in keyof PlanChange]: PlanChange[Key] } {
  return {
    ...(stop === undefined || stop === plan.stop ? {} : { stop: toPrice(stop) }),
    ...(target === undefined || target === plan.target ? {} : { target: toPrice(target) }),
    ...(timeLimit === undefined || timeLimit === plan.timeLimit ? {} : { timeLimit: toUtcMs(timeLimit) }),
    ...(invalidation === undefined || invalidation === plan.invalidation ? {} : { invalidation: toPrice(invalidation) }),
  };
}

function moveTargets(desk: Desk, account: Account, limitPrice: Price): void {
  const live = account.orders.live[desk.index] as readonly ManagedOrder[];
  for (let i = live.length - 1; i >= 0; i--) {
    const order = live[i];
    if (order === undefined || order.role !== 'target' || order.status === 'held' || order.sign * desk.position.lots > 0 || order.cancelRequested) continue;
    routeChange({ clientOrderId: order.clientOrderId, instrument: desk.instrument.id, limitPrice, reason: 'target moved' }, order, desk, account);
  }
}
