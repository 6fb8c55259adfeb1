/** The machine's time and timers. */
export const machine = {
  nowMs: () => Date.now(),
  /** @param {() => void} callback @param {number} delayMs @returns {unknown} */
  setTimer: (callback, delayMs) => setTimeout(callback, delayMs),
  /** @param {unknown} timer */
  clearTimer: (timer) => clearTimeout(/** @type {NodeJS.Timeout} */ (timer)),
};
