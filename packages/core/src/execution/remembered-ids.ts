/** The newest ids of a kind, so that what a venue repeats is known; at least `least` of them, and at most twice as many. */
export class RememberedIds {
  private newer = new Set<string>();
  private older = new Set<string>();

  constructor(private readonly least: number) {}

  has(id: string): boolean {
    return this.newer.has(id) || this.older.has(id);
  }

  add(id: string): void {
    // two halves: taking the oldest out of one set, one by one, would leave a hole for each
    if (this.newer.size >= this.least) {
      this.older = this.newer;
      this.newer = new Set();
    }
    this.newer.add(id);
  }
}
