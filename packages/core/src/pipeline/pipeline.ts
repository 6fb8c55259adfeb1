import type { Account } from './account.js';
import { adjustByMemory } from './adjust-by-memory.js';
import { applyAdvice } from './apply-advice.js';
import { applyRiskOverlays } from './apply-risk-overlays.js';
import { heedSignal } from './carry-over.js';
import { classifyRegime } from './classify-regime.js';
import { collectSignals } from './collect-signals.js';
import { computeFeatures } from './compute-features.js';
import { renewConviction } from './conviction.js';
import type { Desk } from './desk.js';
import { gateConfidence } from './gate-confidence.js';
import { manageExits } from './manage-exits.js';
import { planPosition } from './plan-of-position.js';
import { planOrders } from './plan-orders.js';
import { routeOrders } from './route-orders.js';
import { sizeTargets } from './size-targets.js';
import { scalePosition } from './scale-position.js';
import { signalOf } from './snapshots.js';
import { journalDecision } from './tell-votes.js';

/**
 * What happens on every closed bar, in this order and nowhere else. All synchronous: between a bar and its
 * orders there is no `await`.
 *
 * Bars of several instruments that close at the same moment are first all seen, then all decided on, in the
 * account's order: no decision is made with half of a moment's bars.
 */

/** First pass: the newest bar becomes marks and feature values. */
export function seeBar(desk: Desk, account: Account): void {
  const { close, time, index } = desk.bars;
  // a bar of the contract before tells nothing of what is held in the next one
  if (!((time[index] as number) < (desk.rollCells[0] as number))) account.ledger.mark(desk.index, close, index);
  desk.refusals = 0;
  computeFeatures(desk);
}

/** Second pass: from feature values to orders. */
export function decide(desk: Desk, account: Account): void {
  const { observer } = account;
  if (observer !== undefined) observer.begin(desk);
  if (desk.regimes.length > 0) classifyRegime(desk, account);
  if (desk.plan === undefined && desk.position.lots !== 0) planPosition(desk, account);
  const leaving = manageExits(desk, account);
  collectSignals(desk, account); // also while leaving: a strategy may count bars
  if (desk.carried !== undefined) heedSignal(desk, account);
  if (!leaving && desk.action !== 'hold') followSignal(desk, account);
  if (!leaving && account.settings.exits.scaling !== undefined) scalePosition(desk, account);
  if (desk.intents.length > 0) routeOrders(desk, account); // each passes approve-orders, the one door
  if (observer !== undefined) observer.end(desk);
}

/** Exits only, between two bars: for a position that may have lost its protection while nobody looked. */
export function protect(desk: Desk, account: Account): void {
  if (desk.bars.count === 0) return; // without a price nothing can be placed
  if (desk.plan === undefined && desk.position.lots !== 0) planPosition(desk, account);
  manageExits(desk, account);
  if (desk.intents.length > 0) routeOrders(desk, account);
}

/** Second pass while a journal is recalled: strategies see the bar, and what they say counts for nothing. */
export function listen(desk: Desk, account: Account): void {
  classifyRegime(desk, account);
  collectSignals(desk, account);
}

/** The stages that only a signal reaches. */
function followSignal(desk: Desk, account: Account): void {
  const { observer } = account;
  observer?.step('votes', desk);
  adjustByMemory(desk, account);
  observer?.step('memory', desk);
  applyAdvice(desk, account);
  observer?.step('advice', desk);
  gateConfidence(desk, account);
  if (account.journal.enabled) journalDecision(desk, account);
  if (account.hooks.observes.signal) account.hooks.tell('signal', signalOf(desk, account));
  if (account.settings.exits.conviction !== undefined) renewConviction(desk, account);
  if (isHeld(desk)) return;
  if (!sizeTargets(desk, account)) return;
  observer?.wants('sized', desk);
  applyRiskOverlays(desk, account);
  observer?.wants('target', desk);
  planOrders(desk, account);
}

function isHeld(desk: Desk): boolean {
  return desk.action === 'hold';
}
