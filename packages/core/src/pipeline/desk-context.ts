import { toUtcMs, type UtcMs } from '../domain/units.js';
import type { Position } from '../portfolio/position.js';
import type { Regime } from '../ports/regime.js';
import type { BarContext } from '../ports/strategy.js';
import type { BarRing } from '../series/bar-ring.js';
import { TRADABLE } from './desk.js';
import type { VoteSlot } from './vote.js';

/** What a strategy is shown; one object per strategy and instrument, used again on every bar. */
export class DeskContext implements BarContext {
  time: UtcMs = toUtcMs(0.5);
  regime: Regime = TRADABLE;

  constructor(
    readonly bars: BarRing,
    readonly position: Position,
    readonly signal: VoteSlot,
  ) {}
}
