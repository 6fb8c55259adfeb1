const FIRST_CAPACITY = 1024;

/** Numbers in a row, without boxing. */
export class GrowingColumn {
  private data = new Float64Array(FIRST_CAPACITY);
  private length = 0;

  push(value: number): void {
    if (this.length === this.data.length) {
      const data = new Float64Array(this.length * 2);
      data.set(this.data);
      this.data = data;
    }
    this.data[this.length++] = value;
  }

  /** A copy of its own memory. */
  values(): Float64Array {
    return this.data.slice(0, this.length);
  }
}
