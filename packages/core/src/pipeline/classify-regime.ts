import type { UtcMs } from '../domain/units.js';
import { messageOf } from '../errors.js';
import type { Regime, RegimeClassifier } from '../ports/regime.js';
import type { Account } from './account.js';
import { TRADABLE, type Desk } from './desk.js';

/** Features → regime: all classifiers must call the market tradable; their labels are put together. */
export function classifyRegime(desk: Desk, account: Account): void {
  const { regimes, lastRegimes } = desk;
  if (regimes.length === 0) return;
  let changed = false;
  for (let i = 0; i < regimes.length; i++) {
    const regime = ask(regimes[i] as RegimeClassifier, desk, account.now, lastRegimes[i]);
    if (regime !== lastRegimes[i]) {
      lastRegimes[i] = regime;
      changed = true;
    }
  }
  if (changed) desk.regime = combine(lastRegimes, account);
}

/** A classifier that throws or says nothing leaves the market without a word for it: entries stop, exits do not. */
function ask(classifier: RegimeClassifier, desk: Desk, now: UtcMs, last: Regime | undefined): Regime {
  let reason: string;
  try {
    const regime = classifier.classify(desk.bars, now);
    if (typeof regime?.tradable === 'boolean') return regime;
    reason = 'a regime classifier gave no regime';
  } catch (thrown) {
    reason = `a regime classifier threw: ${messageOf(thrown)}`;
  }
  return last?.reason === reason ? last : { tradable: false, reason, labels: {} };
}

function combine(regimes: readonly Regime[], account: Account): Regime {
  if (regimes.length === 1) return regimes[0] ?? TRADABLE;
  const labels: Record<string, string> = {};
  for (const regime of regimes) {
    for (const [dimension, label] of Object.entries(regime.labels)) {
      if (labels[dimension] !== undefined && labels[dimension] !== label) account.notes.add(`two regimes say '${dimension}': the label of the later one counts`);
      labels[dimension] = label;
    }
  }
  const against = regimes.filter((regime) => !regime.tradable);
  return {
    tradable: against.length === 0,
    reason: against.map((regime) => regime.reason).join('; '),
    labels,
  };
}
