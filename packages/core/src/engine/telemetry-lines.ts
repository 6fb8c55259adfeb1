import type { OrderIntent } from '../domain/order.js';
import type { TelemetryDecision, TelemetryOrder, TelemetrySignal } from '../domain/telemetry.js';
import { isoTime, toUtcMs } from '../domain/units.js';
import type { Account } from '../pipeline/account.js';
import type { Desk } from '../pipeline/desk.js';
import { votesOf } from '../pipeline/snapshots.js';
import type { Steps } from './telemetry.js';

/* Parts of the lines of telemetry: plain copies of what a desk holds. */

export function barOf({ bars }: Desk): NonNullable<TelemetryDecision['bar']> {
  const row = bars.index;
  const of = (column: Float64Array): number => column[row] as number;
  return { time: isoTime(toUtcMs(of(bars.time))), open: of(bars.open), high: of(bars.high), low: of(bars.low), close: of(bars.close), volume: of(bars.volume) };
}

/** Regime and votes, where there are any. */
export function inputsOf(desk: Desk): Pick<TelemetryDecision, 'regime' | 'votes'> {
  const { tradable, reason, labels } = desk.regime;
  return { ...(desk.regimes.length === 0 ? {} : { regime: { tradable, reason, labels } }), ...(desk.voteCount === 0 ? {} : { votes: votesOf(desk) }) };
}

/** The signal with all that moved its confidence, and the targets that it came to. */
export function signalLine(desk: Desk, account: Account, { votes, memory, advice, voted, reached, recalled, sized, target }: Steps): Pick<TelemetryDecision, 'signal' | 'sized' | 'target'> {
  if (!reached) return {};
  const advised = desk.action === 'flat' ? [] : counted(desk, account);
  const signal: TelemetrySignal = {
    voted,
    action: desk.action,
    ...(desk.leader === undefined ? {} : { leader: desk.leader.strategy }),
    reason: desk.reason,
    ...priceOf('entry', desk.entry),
    ...priceOf('stop', desk.stop),
    ...priceOf('target', desk.target),
    confidence: {
      votes,
      memory: memory - votes,
      ...(recalled === undefined ? {} : { recalled }),
      advice: advice - memory,
      ...(advised.length === 0 ? {} : { advised }),
      final: desk.confidence,
      minimum: account.settings.decision.minConfidence,
    },
  };
  return { signal, ...(sized === undefined ? {} : { sized }), ...(target === undefined ? {} : { target }) };
}

/** An intent behind the door. `before` is what the door said of it a moment ago. */
export function orderOf(intent: OrderIntent, before: TelemetryOrder | undefined, why: string | undefined, quantity: number | undefined, dryRun: boolean): TelemetryOrder {
  const { clientOrderId, role, side, type, reason, limitPrice, stopPrice, bracket } = intent;
  const because = why ?? before?.why;
  const left = quantity ?? intent.quantity;
  return {
    clientOrderId,
    role,
    side,
    type,
    wanted: before?.wanted ?? intent.quantity,
    quantity: left,
    verdict: left === 0 ? 'refused' : because === undefined ? 'approved' : 'reduced',
    ...(because === undefined ? {} : { why: because }),
    reason,
    ...(limitPrice === undefined ? {} : { limitPrice }),
    ...(stopPrice === undefined ? {} : { stopPrice }),
    ...(bracket === undefined ? {} : { bracket: bracket.map((leg) => ({ clientOrderId: leg.clientOrderId, role: leg.role, price: (leg.stopPrice ?? leg.limitPrice) as number })) }),
    ...(dryRun && left > 0 ? { dryRun } : {}),
  };
}

function counted({ advice }: Desk, { now }: Account): Array<{ readonly advisor: number; readonly bias: string; readonly confidence: number }> {
  return advice.flatMap((latest, advisor) => (latest === undefined || !(latest.expiresAt > now) ? [] : [{ advisor, bias: latest.bias, confidence: latest.confidence }]));
}

const priceOf = (name: 'entry' | 'stop' | 'target', value: number): { readonly [Name in typeof name]?: number } => (value === value ? { [name]: value } : {});
