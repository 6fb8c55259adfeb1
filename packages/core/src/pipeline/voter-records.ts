import type { PerformanceSettings } from '../config/decision-schema.js';
import type { Trade } from '../domain/position.js';
import type { Backers } from '../domain/signal.js';
import { RollingExpectancy } from '../portfolio/rolling-expectancy.js';
import type { Desk } from './desk.js';

/**
 * What became of the positions that each strategy voted for, as a factor on its weight:
 *
 * factor = clamp(1 + sensitivity × z × e, minFactor, maxFactor), with e the rolling expectancy (−1…1) of n
 * positions and z = n / (n + shrinkTrades) its credibility (Bühlmann, "Experience rating and credibility",
 * ASTIN Bulletin 4, 1967).
 *
 * A position counts once, from flat to flat, as its profit after commission by the notional of its entry.
 */
export class VoterRecords {
  /** By place of the strategy. */
  readonly factors: Float64Array;
  private readonly expectancies: readonly RollingExpectancy[];
  /** Of each open position, two numbers: profit after commission, and entry notional, of what was closed of it. */
  private readonly roundTrips: number[] = [];

  constructor(
    private readonly settings: PerformanceSettings,
    /** Of the strategies, in the account's order. */
    private readonly names: readonly string[],
  ) {
    this.factors = new Float64Array(names.length).fill(1);
    this.expectancies = names.map(() => new RollingExpectancy(settings.lookbackTrades));
  }

  /** Who backs the entry that the desk decided on. */
  backersOf(desk: Desk): Backers {
    const voters = new Set<string>();
    for (let i = 0; i < desk.voteCount; i++) {
      const vote = desk.votes[i] as (typeof desk.votes)[number];
      if (vote.action === desk.action) voters.add(vote.strategy);
    }
    return { leader: desk.leader?.strategy ?? '', voters: [...voters] };
  }

  /** Takes a closed trade into the account of the desk's open position, and the whole once it is flat. */
  closed(trade: Trade, desk: Desk, rate: number): void {
    const { backers } = desk;
    if (backers === undefined) return;
    const { roundTrips } = this;
    const at = 2 * desk.index;
    const profit = (roundTrips[at] ?? 0) + trade.pnl - trade.commission;
    const notional = (roundTrips[at + 1] ?? 0) + Math.abs(trade.entryPrice) * trade.quantity * desk.instrument.multiplier * rate;
    const flat = desk.position.lots === 0;
    roundTrips[at] = flat ? 0 : profit;
    roundTrips[at + 1] = flat ? 0 : notional;
    if (!flat) return;
    const outcome = profit / notional;
    const counted = this.settings.attribution === 'leader' ? [backers.leader] : backers.voters;
    for (let place = 0; place < this.names.length; place++) if (counted.includes(this.names[place] as string)) this.add(place, outcome);
    desk.backers = undefined;
  }

  private add(place: number, outcome: number): void {
    const { shrinkTrades, sensitivity, minFactor, maxFactor } = this.settings;
    const expectancy = this.expectancies[place] as RollingExpectancy;
    expectancy.add(outcome);
    const { count, ratio } = expectancy;
    const credibility = count === 0 ? 0 : count / (count + shrinkTrades);
    this.factors[place] = Math.min(maxFactor, Math.max(minFactor, 1 + sensitivity * credibility * ratio));
  }
}
