/** A growing list of numbers outside of the heap that is measured. */
export class Samples {
  values = new Float64Array(1 << 20);
  count = 0;

  add(value) {
    if (this.count < this.values.length) this.values[this.count++] = value;
  }

  /** In milliseconds, by share: `at(0.5, 0.99)`. */
  at(...shares) {
    const sorted = this.values.slice(0, this.count).sort();
    return shares.map((share) => Number((sorted[Math.min(this.count - 1, Math.floor(share * this.count))] ?? 0).toFixed(4)));
  }

  get summary() {
    const [p50, p99, p999] = this.at(0.5, 0.99, 0.999);
    return { p50, p99, p999 };
  }
}
