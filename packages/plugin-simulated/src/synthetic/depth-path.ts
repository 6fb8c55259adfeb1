import type { DepthColumns, StepGrid } from '@keelson/core/domain';
import type { Random } from '@keelson/core/ports';

/** A session's volume over this is what stands on one side of the book on average. */
const TOP_SHARE = 10_000;
/** Stress and pressure come back halfway after 23 and 7 minutes. */
const STRESS_MEMORY = 0.97;
const PRESSURE_MEMORY = 0.9;
const MOST_STRESS = 0.8;

/**
 * The top of an order book beside the path of the price, minute by minute: mostly one tick wide, wider and
 * thinner while it is under stress, and heavier on one side for some minutes. The last trade of a bar was at the
 * bid or at the ask. Its chance is its own: the prices are the same without it.
 */
export class DepthPath {
  private readonly meanLots: number;
  private stress = 0;
  private pressure = 0;
  private width = 1;
  private lastAtBid = true;
  private bidLots = 1;
  private askLots = 1;

  constructor(
    sessionLots: number,
    private readonly random: Random,
  ) {
    this.meanLots = sessionLots / TOP_SHARE;
  }

  /** Goes on by a minute. */
  advance(): void {
    const { random } = this;
    this.stress = Math.min(MOST_STRESS, Math.max(0, STRESS_MEMORY * this.stress + 0.1 * (random.next() - 0.5)));
    this.pressure = PRESSURE_MEMORY * this.pressure + 0.5 * (random.next() - 0.5);
    const chance = random.next();
    this.width = 1 + (chance < 0.05 + this.stress ? 1 : 0) + (chance < 0.3 * this.stress ? 1 : 0);
    this.lastAtBid = random.next() < 0.5;
    const lots = this.meanLots * (1 - this.stress);
    this.bidLots = Math.max(1, Math.round(lots * (0.4 + 1.2 * random.next()) * (1 + this.pressure)));
    this.askLots = Math.max(1, Math.round(lots * (0.4 + 1.2 * random.next()) * (1 - this.pressure)));
  }

  /** Writes the quotes around a last trade at `closeTicks`. */
  write(into: DepthColumns, row: number, closeTicks: number, prices: StepGrid, volumes: StepGrid): void {
    const bidTicks = this.lastAtBid || closeTicks <= this.width ? closeTicks : closeTicks - this.width;
    into.bid[row] = prices.value(bidTicks);
    into.ask[row] = prices.value(bidTicks + this.width);
    into.bidSize[row] = volumes.value(this.bidLots);
    into.askSize[row] = volumes.value(this.askLots);
  }
}
