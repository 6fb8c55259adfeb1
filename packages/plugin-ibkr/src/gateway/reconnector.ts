import { messageOf } from '@keelson/core/errors';
import type { Logger, Random, Timer } from '@keelson/core/ports';

const FIRST_MS = 250;
const LONGEST_MS = 60_000;

/** Tries again and again to get a connection back, with pauses that grow, through a daily restart and a weekly logout. */
export class Reconnector {
  private callOff: (() => void) | undefined;
  private failures = 0;
  private attempt_ = 0;

  constructor(
    private readonly attempt: () => Promise<void>,
    private readonly timer: Timer,
    private readonly random: Random,
    private readonly logger: Logger,
  ) {}

  start(): void {
    if (this.callOff !== undefined) return;
    this.failures = 0;
    this.wait(++this.attempt_);
  }

  stop(): void {
    this.attempt_++;
    this.callOff?.();
    this.callOff = undefined;
  }

  private wait(turn: number): void {
    const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.failures);
    this.callOff = this.timer.after(whole / 2 + (this.random.next() * whole) / 2, () => void this.go(turn));
  }

  private async go(turn: number): Promise<void> {
    try {
      await this.attempt();
      if (turn === this.attempt_) this.callOff = undefined;
    } catch (thrown) {
      if (turn !== this.attempt_) return;
      this.failures++;
      this.logger.warn(`attempt ${this.failures} to connect failed: ${messageOf(thrown)}`);
      this.wait(turn);
    }
  }
}
