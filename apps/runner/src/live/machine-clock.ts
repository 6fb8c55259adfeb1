import { toUtcMs } from '@keelson/core/domain';
import type { Clock } from '@keelson/core/ports';

/** The machine's own time. */
export const machineClock: Clock = { now: () => toUtcMs(Date.now()) };
