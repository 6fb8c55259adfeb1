/** Simulated time. Everything that the simulator does by itself is a timer on this clock. */
export interface SimulatorClock {
  /** UTC, ms. */
  now(): number;
  /** Calls back once, when the clock reaches the time; at the next turn of the clock when it already has. */
  at(timeMs: number, callback: () => void): ClockTimer;
  /** Moves a stepped clock forward and runs what falls due on the way, in order of time. Other clocks move on their own and refuse. */
  advance(durationMs: number): void;
  /** Stops all timers for good. */
  close(): void;
}

/** A timer that can be taken back. */
export interface ClockTimer {
  cancel(): void;
}

/** The machine's time and timers, given by whoever starts the simulator. */
export interface Host {
  /** UTC, ms. */
  nowMs(): number;
  setTimer(callback: () => void, delayMs: number): unknown;
  clearTimer(timer: unknown): void;
}
