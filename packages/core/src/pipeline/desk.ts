import type { Rolled } from '../domain/events.js';
import type { Instrument } from '../domain/instrument.js';
import type { OrderIntent } from '../domain/order.js';
import type { Plan } from '../domain/plan.js';
import type { Trade } from '../domain/position.js';
import type { SessionCalendar } from '../domain/session-calendar.js';
import type { Backers, SignalAction } from '../domain/signal.js';
import type { Position } from '../portfolio/position.js';
import type { Advice } from '../ports/advisor.js';
import type { FeatureHandle } from '../ports/feature-handle.js';
import type { MarketState } from '../ports/memory.js';
import type { Regime, RegimeClassifier } from '../ports/regime.js';
import type { RiskOverlay } from '../ports/risk-overlay.js';
import type { BarRing } from '../series/bar-ring.js';
import type { CarriedPosition } from './carried-position.js';
import type { ProposalGate } from './proposal-gate.js';
import type { FeatureBank } from './feature-bank.js';
import type { HigherSeries } from './higher-series.js';
import type { StrategySeat } from './strategy-seat.js';
import type { VoteSlot } from './vote.js';

export const TRADABLE: Regime = Object.freeze({ tradable: true, reason: '', labels: Object.freeze({}) });

/**
 * All that belongs to one instrument of the account: its bars, features, strategies, position, plan, and
 * the decision being made on the bar at hand. Stages read and write it in turn.
 */
export class Desk {
  bank: FeatureBank;
  readonly higher: HigherSeries[] = [];
  readonly seats: StrategySeat[] = [];
  readonly regimes: RegimeClassifier[] = [];
  readonly lastRegimes: Regime[] = [];
  readonly overlays: Array<{ readonly id: string; readonly overlay: RiskOverlay }> = [];
  readonly recentTrades: Trade[] = []; // of this instrument, oldest first
  /** Latest answer of each advisor. */
  readonly advice: Array<Advice | undefined> = [];
  /** ATR that stops and sizes are measured in; undefined when nothing asks for it. */
  exitAtr: FeatureHandle | undefined;
  sizeAtr: FeatureHandle | undefined;
  /** The hanging stop that `exits.trailing.chandelier` follows. */
  chandelier: { readonly long: FeatureHandle; readonly short: FeatureHandle } | undefined;

  regime: Regime = TRADABLE;
  plan: Plan | undefined;
  /** Plan of the position before: it comes back with one that a correction opens again. */
  lastPlan: Plan | undefined;
  /** Plan of the entry that was planned last; it goes with its order. */
  pendingPlan: Plan | undefined;
  /** Situation the open position was entered in, for the memory. */
  entryState: MarketState | undefined;
  /** The same for the entry that was sent last. */
  pendingState: MarketState | undefined;
  /** How many of the partial targets the open position has taken. */
  partialsTaken = 0;
  /** Who stood behind the entry of the open position; kept only where their record counts. */
  backers: Backers | undefined;
  /** Why the whole open position is to be left: an exit that ends without filling is sent again. */
  leaving: string | undefined;
  /** What the venue no longer lets be done here; undefined while it lets everything. */
  restriction: { readonly level: 'no-entries' | 'leave'; readonly reason: string; readonly carry: string | undefined } | undefined;
  /** A position on its way from one contract into the next; undefined where none is. */
  carried: CarriedPosition | undefined;
  /** What the instrument has rolled to, for a position that is carried over. */
  rolled: Rolled | undefined;
  /** Open of the first bar in the prices of {@link rolled}, and the newest of these prices: bars before are of another contract. */
  readonly rollCells = Float64Array.of(Number.NEGATIVE_INFINITY, Number.NaN);
  /** An event may have left the position without its protection: it is looked after before the next input. */
  disturbed = false;
  /** That event was a fill of which the venue does not take the lots off the stops by itself. */
  loose = false;
  /** Stops and exits that the venue refused or took back by itself since the last bar. */
  refusals = 0;
  /** Version of the orders, position and plan with which no exit is to be managed on any bar; see `manageExits`. */
  readonly settled: { version: number; lots: number; plan: Plan | undefined } = { version: -1, lots: 0, plan: undefined };
  /** What the journal last heard of the fields above. */
  readonly noted: { plan: Plan | undefined; leaving: string | undefined; partialsTaken: number; entryState: MarketState | undefined; carried: CarriedPosition | undefined } = { plan: undefined, leaving: undefined, partialsTaken: 0, entryState: undefined, carried: undefined };

  /** What proposals from outside must pass; undefined where the account takes none. */
  gate: ProposalGate | undefined;
  /** Votes on the bar at hand, without holds: the first `voteCount` of the list. */
  readonly votes: VoteSlot[] = [];
  voteCount = 0;
  /** Vote whose reason and prices the signal took. */
  leader: VoteSlot | undefined;
  /** False for an entry that fewer agree on than `minAgreement` asks for. */
  agreed = true;

  /* The decision on the bar at hand. Prices that are absent are NaN. */
  action: SignalAction = 'hold';
  confidence = 0.5;
  reason = '';
  entry = Number.NaN;
  stop = Number.NaN;
  target = Number.NaN;
  invalidation = Number.NaN;
  /** Signed lots wanted. */
  targetLots = 0;
  /** Exits first, then entries. */
  readonly intents: OrderIntent[] = [];

  constructor(
    /** Place in the account's list of instruments. */
    readonly index: number,
    readonly instrument: Instrument,
    readonly calendar: SessionCalendar,
    readonly bars: BarRing,
    readonly position: Position,
    bank: FeatureBank,
  ) {
    this.bank = bank;
  }

  /** Of the newest bar; right after a roll the newest price in the contract that orders go to. */
  get close(): number {
    const { bars, rollCells } = this;
    return (bars.time[bars.index] as number) < (rollCells[0] as number) ? (rollCells[1] as number) : (bars.close[bars.index] as number);
  }
}
