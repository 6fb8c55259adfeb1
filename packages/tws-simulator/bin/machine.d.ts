import type { Host } from '@keelson/tws-simulator';

/** The machine's time and timers, for a simulator in this process. */
export const machine: Host;
