/** Different notes that are kept: a reason with a changing number in it must not fill the memory. */
const MOST_NOTES = 256;

/** Counts the reasons that something was not done, for the result. */
export class Notes {
  private readonly counts = new Map<string, number>();
  private others = 0;
  /** Told of every note; undefined where nobody listens. */
  listener: ((text: string) => void) | undefined;

  add(text: string): void {
    if (this.listener !== undefined) this.listener(text);
    const count = this.counts.get(text);
    if (count !== undefined) this.counts.set(text, count + 1);
    else if (this.counts.size < MOST_NOTES) this.counts.set(text, 1);
    else this.others++;
  }

  /** One line each, in order of first occurrence. */
  lines(): string[] {
    const lines = [...this.counts].map(([text, count]) => (count === 1 ? text : `${text} (${count} times)`));
    return this.others === 0 ? lines : [...lines, `${this.others} more notes of other wording`];
  }
}
