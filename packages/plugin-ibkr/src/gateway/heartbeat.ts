import type { Timer } from '@keelson/core/ports';

/** Notices a peer that is gone without a word: something has to come between two beats after each was sent. */
export class Heartbeat {
  private heard = true;
  private callOff: () => void = () => undefined;

  constructor(
    private readonly timer: Timer,
    private readonly everyMs: number,
    private readonly beat: () => void,
    private readonly onSilence: () => void,
  ) {}

  start(): void {
    this.heard = true;
    this.next();
  }

  /** Something came. */
  alive(): void {
    this.heard = true;
  }

  stop(): void {
    this.callOff();
  }

  private next(): void {
    this.callOff = this.timer.after(this.everyMs, () => {
      if (!this.heard) {
        this.onSilence();
        return;
      }
      this.heard = false;
      this.next();
      this.beat();
    });
  }
}
