/** Prices of bars as ticks; a price on the grid gives a whole number, one off it keeps its fraction. */
export class TickScale {
  private readonly perUnit: number;

  constructor(tickSize: number) {
    this.perUnit = 1 / tickSize;
  }

  ticks(price: number): number {
    const exact = price * this.perUnit;
    const near = Math.round(exact);
    return Math.abs(exact - near) <= 1e-6 + Math.abs(exact) * 1e-15 ? near : exact;
  }
}
