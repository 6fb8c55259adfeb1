import type { Account } from './account.js';
import type { Desk } from './desk.js';
import { messageOf } from '../errors.js';
import { marketStateOf } from './snapshots.js';

/** Similar past trades → confidence up or down. Never touches the action; a failing memory is neutral. */
export function adjustByMemory(desk: Desk, account: Account): void {
  const { memory } = account;
  if (memory === undefined || desk.action === 'flat') return;
  const { minSample, boostAbove, penalizeBelow, step } = account.settings.decision.memory;
  try {
    const { sample, winRate } = memory.recall(marketStateOf(desk), account.now);
    account.observer?.recalled(sample, winRate);
    if (sample < minSample) return;
    if (winRate > boostAbove) desk.confidence = Math.min(1, desk.confidence + step);
    else if (winRate < penalizeBelow) desk.confidence = Math.max(0, desk.confidence - step);
  } catch (thrown) {
    account.notes.add(`the memory failed and was left out: ${messageOf(thrown)}`);
  }
}
