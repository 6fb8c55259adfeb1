import type { Plan } from '../domain/plan.js';
import type { Account } from './account.js';
import { cancelEntriesAgainst } from './cancel-orders.js';
import { basisOf, beginCarry, openLoss } from './carried-position.js';
import { convictionOf } from './conviction.js';
import type { Desk } from './desk.js';
import { guardPosition } from './guard-position.js';
import { leave } from './leave.js';
import { replanByHooks } from './replan.js';
import { reviewEntries } from './review-entries.js';
import { takePartials } from './take-partials.js';
import { trailStop } from './trail-stop.js';

/**
 * Position + plan + bar → exits, before any entry is thought of: what the venue restricts, entries that are stale, time limit, disaster stop,
 * invalidation, lost conviction, partial targets, break-even, trailing stop. Also puts back a stop that was lost, and
 * takes back what guards nothing.
 *
 * @returns true when the whole position is on its way out: nothing else is decided on this bar
 */
export function manageExits(desk: Desk, account: Account): boolean {
  desk.disturbed = desk.loose = false;
  const { settled, plan, restriction, leaving } = desk;
  const { lots } = desk.position;
  const version = account.orders.versions[desk.index] as number;
  if (settled.version === version && settled.lots === lots && settled.plan === plan && leaving === undefined && restriction === undefined) return false;
  const leaves = manageAnew(desk, account);
  if (!leaves && account.orders.versions[desk.index] === version && desk.intents.length === 0 && !mayChange(desk, account)) {
    settled.version = version;
    settled.lots = lots;
    settled.plan = desk.plan;
  }
  return leaves;
}

/**
 * Whether anything but a change of orders, plan or position can bring something to manage: price, time, the venue. All that
 * `manageAnew` looks at besides those three has its line here.
 */
function mayChange({ index, plan, leaving, restriction, position: { lots } }: Desk, { settings: { exits }, orders, partials, hooks }: Account): boolean {
  if (leaving !== undefined || restriction !== undefined || exits.entryExpiryMinutes !== undefined || exits.conviction !== undefined) return true;
  if (lots === 0) return false;
  if (plan === undefined || hooks.transformed.plan) return true;
  if (plan.timeLimit !== undefined || plan.disasterLossFraction !== undefined || plan.invalidation !== undefined) return true;
  if (plan.target !== undefined && !orders.has(index, 'target')) return true;
  if (plan.stop !== undefined && orders.stopLots(index, -Math.sign(lots)) < Math.abs(lots)) return true;
  return plan.initialStop !== undefined && (exits.trailing !== undefined || exits.breakEvenAfterR !== undefined || partials.length > 0);
}

function manageAnew(desk: Desk, account: Account): boolean {
  const { exits } = account.settings;
  if (desk.restriction !== undefined) cancelEntriesAgainst(desk, account, 0);
  if (exits.entryExpiryMinutes !== undefined || exits.conviction !== undefined) reviewEntries(desk, account);
  const { lots } = desk.position;
  if (lots !== 0 && desk.plan !== undefined && account.hooks.transformed.plan) replanByHooks(desk, account);
  const { plan } = desk;
  const leaving = lots === 0 ? 0 : account.orders.pendingExitLots(desk.index);
  if (lots !== 0) {
    const reason = reasonToLeave(desk, account, plan);
    if (reason !== undefined && leaving < Math.abs(lots)) {
      if (reason === desk.restriction?.reason) beginCarry(desk);
      leave(desk, account, reason);
      return true;
    }
  }
  if (guardPosition(desk, account, true)) return true;
  if (leaving >= Math.abs(lots) || plan?.initialStop === undefined) return false;
  const { trailing, breakEvenAfterR } = exits;
  if (trailing === undefined && breakEvenAfterR === undefined && account.partials.length === 0) return false;
  const entry = basisOf(desk);
  const sign = lots > 0 ? 1 : -1;
  const risk = (entry - plan.initialStop) * sign;
  if (!(risk > 0)) return false;
  const reached = ((desk.close - entry) * sign) / risk;
  takePartials(desk, account, reached);
  trailStop(desk, account, plan, reached);
  return false;
}

function reasonToLeave(desk: Desk, account: Account, plan: Plan | undefined): string | undefined {
  if (desk.leaving !== undefined) return desk.leaving;
  if (desk.restriction?.level === 'leave') return desk.restriction.reason;
  if (plan === undefined) return undefined;
  if (plan.timeLimit !== undefined && account.now >= plan.timeLimit) return 'time limit';
  if (plan.disasterLossFraction !== undefined) {
    const loss = openLoss(desk) * account.ledger.rateOf(desk.index);
    if (loss > 0 && loss >= plan.disasterLossFraction * account.ledger.equity) return 'disaster stop';
  }
  if (plan.invalidation !== undefined && (desk.close - plan.invalidation) * desk.position.lots <= 0) return 'invalidated';
  if (plan.target !== undefined && touchesTarget(desk, plan.target) && !account.orders.has(desk.index, 'target')) return 'target';
  const { conviction } = account.settings.exits;
  if (conviction?.closePositions === true && convictionOf(plan, account) < conviction.min) return 'conviction lost';
  return undefined;
}

/** A target that rests nowhere at the venue is watched here. In the bar of the entry only the close surely came after it. */
function touchesTarget({ position, bars, close }: Desk, target: number): boolean {
  const whole = (position.openedAt as number) < (bars.time[bars.index] as number);
  if (position.lots > 0) return (whole ? (bars.high[bars.index] as number) : close) >= target;
  return (whole ? (bars.low[bars.index] as number) : close) <= target;
}
