/**
 * Whether the open position is one that the strategy asked for. An account has one position per instrument, and with
 * several strategies it may be another's idea: who did not ask for it has no reason to end it. What is open at the first bar is
 * taken over, so that a position survives a new start.
 */
export class OwnSide {
  private asked = 0;
  private held = false;
  private begun = false;

  /** 1 or −1 while the account holds what was asked for, 0 otherwise. To be called once on every bar, before all else. */
  see(quantity: number): number {
    const side = Math.sign(quantity);
    if (!this.begun) {
      this.begun = true;
      this.asked = side;
    }
    if (side !== 0 && side === this.asked) {
      this.held = true;
      return side;
    }
    // an entry may still come, but what was held is gone
    if (this.held) this.forget();
    return 0;
  }

  ask(side: 1 | -1): void {
    if (side === this.asked) return;
    this.asked = side;
    this.held = false;
  }

  /** The entry was taken back. */
  forget(): void {
    this.asked = 0;
    this.held = false;
  }
}
