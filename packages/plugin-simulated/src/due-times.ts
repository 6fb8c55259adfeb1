/** The earliest time at which a rule of any book applies without a bar: what a moment costs when nothing is due. */
export class DueTimes {
  /** Never later than the earliest; it may be earlier, until the books are looked through. */
  next = Infinity;

  /** @param waitMs length of the longest bar: one that holds the due time may still come for so long */
  constructor(readonly waitMs: number) {}

  note(time: number): void {
    if (time < this.next) this.next = time;
  }
}
