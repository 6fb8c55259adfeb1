import type { InstrumentId } from './instrument.js';
import type { Fraction, Price, Quantity, UtcMs } from './units.js';

/**
 * How a position is to be left; made with the entry, and kept until the position is flat. Every change makes a new
 * version, which stands in the journal with its reason.
 */
export type Plan = {
  readonly id: string;
  readonly version: number;
  readonly instrument: InstrumentId;
  readonly side: 'long' | 'short';
  readonly quantity: Quantity;
  /** Price that the decision was made at. */
  readonly entry: Price;
  /** Protective stop as it stands now; only ever tightened. */
  readonly stop: Price | undefined;
  /** Stop of version 1, the hard stop: no later version lies beyond it. The risk unit R is its distance from the entry; undefined where only the disaster rule gives a stop. */
  readonly initialStop: Price | undefined;
  readonly target: Price | undefined;
  /** Flat at the first bar that closes at or after this time. */
  readonly timeLimit: UtcMs | undefined;
  /** Flat when the open loss reaches this fraction of the account's equity. */
  readonly disasterLossFraction: Fraction | undefined;
  /** Flat when a bar closes here or farther against the position: what the entry was made for is not so. */
  readonly invalidation: Price | undefined;
  /** Confidence of the signal behind it, as it was at `convictionAt`. */
  readonly conviction: Fraction;
  readonly convictionAt: UtcMs;
  /** What has not filled of the entry by then is taken back. */
  readonly expiry: UtcMs | undefined;
  /** ATR that the quantity was last brought in line with, in price units; only where `exits.scaling` asks. */
  readonly scaledAtr: number | undefined;
  /** Plan of the position that this entry adds to: it stays, and this one counts only where that position is gone. */
  readonly addsTo: string | undefined;
  readonly reason: string;
  /** Why this version was made; undefined for the first. */
  readonly change: string | undefined;
  /** Only of a position that goes on in another contract than it began in. */
  readonly carried?: CarriedOver;
};

/** What a plan brings with it over a roll; its own prices were moved by the difference of the two contracts. */
export type CarriedOver = {
  /** Names of the contracts at the venue. */
  readonly from: string;
  readonly to: string;
  /** Average price that the position had, moved as well: R, break-even and open loss are measured from it. */
  readonly basis: Price;
  /** Partial targets that were taken before. */
  readonly partialsTaken: number;
};

/** The signed quantity wanted of an instrument after sizing; overlays may only bring it nearer to zero. */
export type Target = {
  readonly instrument: InstrumentId;
  /** Signed: positive long, negative short, 0 flat. */
  readonly quantity: number;
  readonly confidence: Fraction;
  /** Close of the bar that was decided on. */
  readonly decisionPrice: Price;
  readonly entry?: Price;
  readonly stop?: Price;
  readonly target?: Price;
  readonly reason: string;
};
