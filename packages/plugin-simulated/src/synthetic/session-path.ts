import { StepGrid } from '@keelson/core/domain';
import type { SessionCalendar } from '@keelson/core/domain';
import type { Random } from '@keelson/core/ports';
import type { MarketModel } from './synthetic-params.js';
import { sessionProfile } from './session-profile.js';
import type { SessionProfile } from './session-profile.js';

/** Prices inside a minute: its open and the ends of four quarters. */
export const POINTS_PER_MINUTE = 5;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const LONGEST_SESSION_MINUTES = 1_440;

// Session variance, GJR-GARCH(1,1): typical estimates for daily index returns; persistence 0.98.
const ALPHA = 0.03;
const GAMMA = 0.1;
const BETA = 0.9;
const OMEGA = 1 - ALPHA - GAMMA / 2 - BETA;
// Variance within the session, GARCH(1,1) by the minute: half of a shock is gone after half an hour.
const FAST_ALPHA = 0.06;
const FAST_BETA = 0.92;
const FAST_OMEGA = 1 - FAST_ALPHA - FAST_BETA;
// Fat tails: 2% of the minutes move three times as far.
const SHOCK_SHARE = 0.02;
const SHOCK_SIZE = 3;
const CALM_SIZE = 1 / Math.sqrt(1 - SHOCK_SHARE + SHOCK_SHARE * SHOCK_SIZE * SHOCK_SIZE);
// Trends: the drift wanders around its mean, halfway back after 20 sessions, by 0.08 daily deviations.
const TREND_MEMORY = 0.966;
const TREND_NOISE = 0.08 * Math.sqrt(1 - TREND_MEMORY * TREND_MEMORY);
// The open of a minute stands near the close before; the rest of its variance is spread over four quarters.
// Both steps are uniform: four of them sum to nearly a normal. The root of 12 gives a uniform the deviation 1.
const OPEN_STEP = Math.sqrt(12 * 0.02);
const QUARTER_STEP = Math.sqrt((12 * 0.98) / 4);
const MAX_STEP = 0.2;

/**
 * The path of one instrument's price, session by session, in whole ticks.
 *
 * A minute's return is trend + deviation(session) × deviation(time of day) × deviation(minute) × shock, the
 * multiplicative components of R. Engle and M. Sokalska, "Forecasting intraday volatility in the US equity
 * market", Journal of Financial Econometrics 10 (2012). The session's variance follows GJR-GARCH(1,1)
 * (L. Glosten, R. Jagannathan and D. Runkle, Journal of Finance 48, 1993), so that falls excite it more than
 * rises; the minute's follows GARCH(1,1) (T. Bollerslev, Journal of Econometrics 31, 1986). Shocks are Tukey's
 * contaminated normal (1960). Closed markets move less per hour than open ones (K. French and R. Roll, Journal
 * of Financial Economics 17, 1986). Volume rises with volatility (J. Karpoff, Journal of Financial and
 * Quantitative Analysis 22, 1987).
 *
 * Only uniform numbers, additions, multiplications, divisions and roots enter: they round alike on every machine,
 * which logarithms and powers need not.
 */
export class SessionPath {
  /** Ticks at the points of each minute of the session: minute `i` stands at `i × 5`. */
  readonly ticks = new Float64Array(LONGEST_SESSION_MINUTES * POINTS_PER_MINUTE);
  /** Lots traded in each minute. */
  readonly lots = new Float64Array(LONGEST_SESSION_MINUTES);
  /** Minutes of the session last generated. */
  minutes = 0;

  private readonly grid: StepGrid;
  private readonly sessionDeviation: number;
  private readonly sessionDrift: number;
  private readonly sessionLots: number;
  private readonly profiles = new Map<number, SessionProfile>();
  private price: number;
  private lastClose: number | undefined;
  private sessionVariance = 1;
  private minuteVariance = 1;
  private trend = 0;

  constructor(model: MarketModel, tickSize: number, lotSize: number, calendar: SessionCalendar, private readonly random: Random) {
    this.grid = new StepGrid(tickSize);
    this.sessionDeviation = model.annualVolatility / Math.sqrt(calendar.sessionsPerYear);
    this.sessionDrift = model.annualDrift / calendar.sessionsPerYear;
    this.sessionLots = model.sessionVolume / lotSize;
    this.price = model.startPrice;
  }

  /** Generates the session `open` ≤ t < `close`; sessions come in time order. */
  advance(open: number, close: number): void {
    const minutes = Math.ceil((close - open) / MINUTE_MS);
    if (minutes > LONGEST_SESSION_MINUTES) throw new RangeError(`session had ${minutes} minutes, expected at most ${LONGEST_SESSION_MINUTES}`);
    this.minutes = minutes;
    const before = this.price;
    const gapShare = this.jumpOverGap(open);
    this.lastClose = close;
    this.walk(this.profileOf(minutes), gapShare);
    this.updateSessionVariance(before);
    this.trend = TREND_MEMORY * this.trend + TREND_NOISE * nearlyNormal(this.random);
  }

  /** Moves the price over the closed hours; returns their share of the session's variance. */
  private jumpOverGap(open: number): number {
    if (this.lastClose === undefined) return 0;
    const closedHours = (open - this.lastClose) / HOUR_MS;
    const share = (0.25 * closedHours) / (closedHours + 17.5);
    if (share > 0) this.move(Math.sqrt(share * this.sessionVariance) * this.sessionDeviation * nearlyNormal(this.random));
    return share;
  }

  private walk(profile: SessionProfile, gapShare: number): void {
    const { random, ticks, lots, minutes, grid } = this;
    const level = Math.sqrt((1 - gapShare) * this.sessionVariance);
    const drift = (this.sessionDrift + this.trend * this.sessionDeviation) / minutes / 4;
    const oneTick = grid.step;
    let price = this.price;
    let variance = this.minuteVariance;
    for (let i = 0; i < minutes; i++) {
      const expected = level * (profile.deviation[i] as number) * this.sessionDeviation;
      const shock = random.next() < SHOCK_SHARE ? SHOCK_SIZE * CALM_SIZE : CALM_SIZE;
      const deviation = expected * Math.sqrt(variance) * shock;
      const quarterStep = deviation * QUARTER_STEP;
      const start = price;
      const at = i * POINTS_PER_MINUTE;
      price = step(price, deviation * OPEN_STEP * (random.next() - 0.5), oneTick);
      ticks[at] = grid.nearest(price);
      for (let quarter = 1; quarter < POINTS_PER_MINUTE; quarter++) {
        price = step(price, drift + quarterStep * (random.next() - 0.5), oneTick);
        ticks[at + quarter] = grid.nearest(price);
      }
      const surprise = (price - start) / (start * expected);
      const squared = Math.min(surprise * surprise, 100);
      const activity = 0.25 + 0.5 * Math.sqrt(variance) * level + 0.3 * Math.min(Math.abs(surprise), 6);
      const noise = random.next();
      lots[i] = Math.max(1, Math.round(this.sessionLots * (profile.volume[i] as number) * activity * (0.4 + noise + noise * noise * 0.3)));
      variance = FAST_OMEGA + FAST_ALPHA * squared + FAST_BETA * variance;
    }
    this.price = price;
    this.minuteVariance = variance;
  }

  private updateSessionVariance(before: number): void {
    const surprise = ((this.price - before) / before - this.sessionDrift) / this.sessionDeviation;
    const weight = surprise < 0 ? ALPHA + GAMMA : ALPHA;
    const next = OMEGA + weight * surprise * surprise + BETA * this.sessionVariance;
    this.sessionVariance = Math.min(Math.max(next, 0.1), 20);
  }

  private move(change: number): void {
    this.price = step(this.price, change, this.grid.step);
  }

  private profileOf(minutes: number): SessionProfile {
    let profile = this.profiles.get(minutes);
    if (profile === undefined) {
      profile = sessionProfile(minutes);
      this.profiles.set(minutes, profile);
    }
    return profile;
  }
}

/** Deviation 1, by the sum of twelve uniforms: no logarithm, as rounding may differ there between machines. */
function nearlyNormal(random: Random): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random.next();
  return sum;
}

/** `price` after a relative change, never below one tick. */
function step(price: number, change: number, oneTick: number): number {
  const next = price * (1 + Math.min(Math.max(change, -MAX_STEP), MAX_STEP));
  return next < oneTick ? oneTick : next;
}
