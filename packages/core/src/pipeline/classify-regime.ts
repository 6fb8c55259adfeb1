import type { UtcMs } from '../domain/units.js';
import type { Regime } from '../ports/regime.js';
import { TRADABLE, type Desk } from './desk.js';

/** Features → regime: all classifiers must call the market tradable; their labels are put together. */
export function classifyRegime(desk: Desk, now: UtcMs): void {
  const { regimes, lastRegimes } = desk;
  if (regimes.length === 0) return;
  let changed = false;
  for (let i = 0; i < regimes.length; i++) {
    const regime = (regimes[i] as (typeof regimes)[number]).classify(desk.bars, now);
    if (regime !== lastRegimes[i]) {
      lastRegimes[i] = regime;
      changed = true;
    }
  }
  if (changed) desk.regime = combine(lastRegimes);
}

function combine(regimes: readonly Regime[]): Regime {
  if (regimes.length === 1) return regimes[0] ?? TRADABLE;
  const against = regimes.filter((regime) => !regime.tradable);
  return {
    tradable: against.length === 0,
    reason: against.map((regime) => regime.reason).join('; '),
    labels: Object.assign({}, ...regimes.map((regime) => regime.labels)) as Record<string, string>,
  };
}
