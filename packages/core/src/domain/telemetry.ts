import type { SignalAction, Vote } from './signal.js';

/** Form of the lines that follow. It changes when a field goes or means something else, not when one is added. */
export const TELEMETRY_SCHEMA = 'keelson.telemetry/1';

/** The first line of every start of an account. Absent fields are undefined, in all kinds of lines. */
export type TelemetryRun = {
  readonly schema: typeof TELEMETRY_SCHEMA;
  readonly kind: 'run';
  /** ISO-8601, as all times; absent in a backtest, which has none before its first bar. */
  readonly time?: string;
  readonly account: string;
  readonly mode: 'backtest' | 'paper' | 'live';
  readonly baseCurrency: string;
  readonly instruments: readonly string[];
};

/** One decision cycle: an instrument at one moment. */
export type TelemetryDecision = {
  readonly kind: 'decision';
  /** Joins a decision with what became of its orders. */
  readonly cycle: string;
  readonly time: string;
  readonly instrument: string;
  /** `event`: between two bars, to protect a position or to leave it. */
  readonly trigger: 'bar' | 'event';
  readonly bar?: { readonly time: string; readonly open: number; readonly high: number; readonly low: number; readonly close: number; readonly volume: number };
  /** Outputs by name; null where there is no value yet. */
  readonly features?: Readonly<Record<string, number | null>>;
  readonly regime?: { readonly tradable: boolean; readonly reason: string; readonly labels: Readonly<Record<string, string>> };
  /** Before anything was decided. */
  readonly exposure?: TelemetryExposure;
  readonly votes?: readonly Vote[];
  readonly signal?: TelemetrySignal;
  /** Signed quantity that sizing and then overlays wanted; absent where the decision did not come so far. */
  readonly sized?: number;
  readonly target?: number;
  readonly overlays?: readonly TelemetryOverlay[];
  readonly orders?: readonly TelemetryOrder[];
  /** Changes of working orders, and orders that were taken back. */
  readonly changes?: ReadonlyArray<{ readonly clientOrderId: string; readonly quantity?: number; readonly limitPrice?: number; readonly stopPrice?: number }>;
  readonly cancels?: readonly string[];
  /** Why something was not done, in words. */
  readonly notes?: readonly string[];
};

export type TelemetryExposure = {
  /** Signed quantity of the instrument. */
  readonly position: number;
  readonly averagePrice?: number;
  /** Of the whole account, in its base currency: with working entries. */
  readonly notional: number;
  readonly equity: number;
};

export type TelemetrySignal = {
  /** What the votes came to, and what was left of it behind all adjustments and the gate. */
  readonly voted: SignalAction;
  readonly action: SignalAction;
  readonly leader?: string;
  readonly reason: string;
  readonly entry?: number;
  readonly stop?: number;
  readonly target?: number;
  readonly confidence: {
    /** By the votes. */
    readonly votes: number;
    /** What similar trades of the past added; with what was recalled, where anything was. */
    readonly memory: number;
    readonly recalled?: { readonly sample: number; readonly winRate: number };
    /** What all advice added together, and the advice that counted, by the place of its advisor in the account. */
    readonly advice: number;
    readonly advised?: ReadonlyArray<{ readonly advisor: number; readonly bias: string; readonly confidence: number }>;
    readonly final: number;
    /** What an entry needs. */
    readonly minimum: number;
  };
};

/** What an overlay said, and the quantity (unsigned) before and after it. */
export type TelemetryOverlay = { readonly overlay: string; readonly verdict: 'pass' | 'reduce' | 'veto'; readonly reason?: string; readonly before: number; readonly after: number };

export type TelemetryOrder = {
  readonly clientOrderId: string;
  readonly role: string;
  readonly side: 'buy' | 'sell';
  readonly type: string;
  /** What was asked of the door, and what it let through: 0 for a refusal. */
  readonly wanted: number;
  readonly quantity: number;
  readonly verdict: 'approved' | 'reduced' | 'refused';
  /** Why the door made it smaller or refused it. */
  readonly why?: string;
  readonly reason: string;
  readonly limitPrice?: number;
  readonly stopPrice?: number;
  readonly bracket?: ReadonlyArray<{ readonly clientOrderId: string; readonly role: string; readonly price: number }>;
  /** True when it was only pretended: `dryRun`. */
  readonly dryRun?: true;
};

/** What became of an order. */
export type TelemetryOutcome =
  | {
      readonly kind: 'fill';
      /** Of the decision that sent the order; absent for one that the account did not send, or long ago. */
      readonly cycle?: string;
      readonly time: string;
      readonly instrument: string;
      readonly clientOrderId: string;
      readonly executionId: string;
      readonly side: 'buy' | 'sell';
      readonly quantity: number;
      readonly price: number;
      /** Close that the order was decided on. */
      readonly decisionPrice?: number;
      readonly commission: number;
      readonly slippage: number;
      /** Of the order, with this fill; absent where the order is not known. */
      readonly filled?: number;
      readonly remaining?: number;
      /** Signed, with this fill. */
      readonly position: number;
      /** Why the venue traded by itself. */
      readonly cause?: string;
    }
  | { readonly kind: 'fill-corrected'; readonly time: string; readonly executionId: string; readonly replacedBy?: string }
  | {
      readonly kind: 'rejected' | 'canceled' | 'expired' | 'cancel-rejected' | 'modify-rejected' | 'outcome-unknown';
      readonly cycle?: string;
      readonly time: string;
      readonly clientOrderId: string;
      /** Quantity that had filled by then. */
      readonly filled?: number;
      readonly code?: string;
      readonly reason?: string;
    };
