import type { Random } from '../ports/runtime.js';

const FIRST_MS = 500;
const LONGEST_MS = 60_000;

/** How long to wait before the next attempt: twice as long each time, by chance somewhere in its upper half, so that many do not come at once. */
export function backOffMs(failures: number, random: Random): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
  return whole / 2 + (random.next() * whole) / 2;
}
