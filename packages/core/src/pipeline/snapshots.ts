import type { Target } from '../domain/plan.js';
import type { Signal } from '../domain/signal.js';
import { toFraction, toPrice } from '../domain/units.js';
import type { MarketState } from '../ports/memory.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';

/* Plain copies of a desk's decision, for plugins, hooks and the journal. Made only when somebody wants one. */

const known = (value: number): boolean => value === value;

export function signalOf(desk: Desk, account: Account): Signal {
  return {
    instrument: desk.instrument.id,
    time: account.now,
    action: desk.action,
    confidence: toFraction(desk.confidence),
    reason: desk.reason,
    ...(known(desk.entry) ? { entry: toPrice(desk.entry) } : {}),
    ...(known(desk.stop) ? { stop: toPrice(desk.stop) } : {}),
    ...(known(desk.target) ? { target: toPrice(desk.target) } : {}),
  };
}

export function targetOf(desk: Desk): Target {
  return {
    instrument: desk.instrument.id,
    quantity: desk.position.grid.lots.value(desk.targetLots),
    confidence: toFraction(desk.confidence),
    decisionPrice: toPrice(desk.close),
    reason: desk.reason,
    ...(known(desk.entry) ? { entry: toPrice(desk.entry) } : {}),
    ...(known(desk.stop) ? { stop: toPrice(desk.stop) } : {}),
    ...(known(desk.target) ? { target: toPrice(desk.target) } : {}),
  };
}

export function marketStateOf(desk: Desk): MarketState {
  return { instrument: desk.instrument.id, action: desk.action, confidence: toFraction(desk.confidence), labels: desk.regime.labels };
}
