import type { Random } from '@keelson/core/ports';
import type { FaultSettings } from '@keelson/plugin-simulated';

/** Most of each fault that a schedule draws; half of the kinds are left out of each. */
const MOST = {
  drop: 0.1, duplicate: 0.2, reorder: 0.3, delay: 0.2, reject: 0.1, rejectExit: 0.1, lose: 0.1, timeout: 0.1, repeat: 0.2,
  disconnect: 0.05, disconnectOnBracket: 0.1, restart: 0.02, partialFill: 0.3, correct: 0.05, bust: 0.05,
} as const satisfies Partial<Record<keyof FaultSettings, number>>;

/** The weather of one schedule: which faults strike, and how often. */
export function drawFaults(random: Random): Partial<FaultSettings> {
  return Object.fromEntries(Object.entries(MOST).map(([kind, most]) => [kind, random.next() < 0.5 ? random.next() * most : 0]));
}
