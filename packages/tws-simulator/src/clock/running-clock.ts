import type { ClockTimer, Host, SimulatorClock } from './simulator-clock.js';
import { TimerQueue } from './timer-queue.js';

/** Longest wait that a machine's timer takes. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** Time that runs with the machine's, from a start of its own and at a speed of its own. */
export class RunningClock implements SimulatorClock {
  private readonly timers = new TimerQueue();
  private readonly hostStartMs: number;
  private running: unknown;
  private runningForMs = Infinity;
  private closed = false;

  /**
   * @param startMs simulated time now, UTC
   * @param speed simulated ms per ms of the machine
   */
  constructor(private readonly host: Host, private readonly startMs: number, private readonly speed: number) {
    this.hostStartMs = host.nowMs();
  }

  now(): number {
    return this.startMs + (this.host.nowMs() - this.hostStartMs) * this.speed;
  }

  at(timeMs: number, callback: () => void): ClockTimer {
    const timer = this.timers.add(timeMs, callback);
    this.arm();
    return timer;
  }

  advance(): void {
    throw new Error('the clock runs by itself: set clock.kind to stepped in the scenario to advance it');
  }

  close(): void {
    this.closed = true;
    this.timers.clear();
    this.disarm();
  }

  private arm(): void {
    const next = this.timers.nextMs();
    if (this.closed || next === undefined || next >= this.runningForMs) return;
    this.disarm();
    this.runningForMs = next;
    const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(0, Math.ceil((next - this.now()) / this.speed)));
    this.running = this.host.setTimer(() => this.run(), waitMs);
  }

  private disarm(): void {
    if (this.running !== undefined) this.host.clearTimer(this.running);
    this.running = undefined;
    this.runningForMs = Infinity;
  }

  private run(): void {
    this.disarm();
    const now = this.now();
    for (let next = this.timers.nextMs(); next !== undefined && next <= now && !this.closed; next = this.timers.nextMs()) this.timers.take()?.();
    this.arm();
  }
}
