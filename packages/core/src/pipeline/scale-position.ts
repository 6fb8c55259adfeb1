import { applyRiskOverlays } from './apply-risk-overlays.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';
import { entryIntent, exitIntent } from './plan-orders.js';
import { revisePlan } from './revise-plan.js';

/**
 * Keeps an open position's risk level while volatility changes: takes off when ATR rises, and adds when it falls where
 * the account wants that. What adds passes overlays and door as any entry, and carries the plan's own stop and target.
 */
export function scalePosition(desk: Desk, account: Account): void {
  const { scaling } = account.settings.exits;
  const { plan, position } = desk;
  const { lots } = position;
  const atr = desk.exitAtr?.value;
  if (scaling === undefined || lots === 0 || plan?.scaledAtr === undefined || atr === undefined || !(atr > 0)) return;
  const { orders } = account;
  if (desk.leaving !== undefined || desk.intents.length > 0 || orders.pendingExitLots(desk.index) > 0) return;
  if (orders.pendingEntryLots(desk.index, 1) + orders.pendingEntryLots(desk.index, -1) > 0) return;
  const held = Math.abs(lots);
  const wanted = (held * plan.scaledAtr) / atr;
  if (atr >= plan.scaledAtr * (1 + scaling.tolerance)) {
    const off = Math.floor(held - wanted + 1e-9);
    if (off <= 0) return;
    desk.intents.push(exitIntent(desk, account, off, 'scaled out'));
    revisePlan(desk, account, { scaledAtr: atr }, 'volatility rose');
  } else if (scaling.scaleIn && atr <= plan.scaledAtr * (1 - scaling.tolerance)) {
    const add = Math.floor(wanted - held + 1e-9);
    if (add <= 0 || account.latches.standing(account.now) !== undefined || !desk.regime.tradable) return;
    revisePlan(desk, account, { scaledAtr: atr }, 'volatility fell'); // also where it is refused: the next try waits for the next change
    scaleIn(desk, account, add);
  }
}

function scaleIn(desk: Desk, account: Account, add: number): void {
  const { plan, position } = desk;
  if (plan === undefined) return;
  const sign = position.lots > 0 ? 1 : -1;
  desk.action = sign > 0 ? 'long' : 'short';
  desk.confidence = plan.conviction;
  desk.reason = 'scaled in';
  desk.entry = Number.NaN;
  desk.stop = plan.stop ?? Number.NaN;
  desk.target = plan.target ?? Number.NaN;
  desk.invalidation = plan.invalidation ?? Number.NaN;
  if ((desk.close - desk.stop) * sign <= 0 || (desk.target - desk.close) * sign <= 0) return;
  desk.targetLots = position.lots + sign * add;
  applyRiskOverlays(desk, account);
  const lots = desk.targetLots - position.lots;
  if (lots * sign <= 0) return;
  desk.intents.push(entryIntent(desk, account, lots));
  if (desk.pendingPlan !== undefined) desk.pendingPlan = { ...desk.pendingPlan, addsTo: plan.id };
}
