import type { Timer } from '@keelson/core/ports';

/** The machine's own time, for limits on waiting. */
export const machineTimer: Timer = {
  after(ms, call) {
    const handle = setTimeout(call, ms);
    return () => clearTimeout(handle);
  },
};
