import type { Scenario } from '../scenario/scenario-schema.js';
import type { Session } from './session.js';

const SECOND = 1000;
const TEN_MINUTES = 600 * SECOND;
/** A client that goes on is disconnected. */
const EXCESSES_BEFORE_CLOSE = 3;

/** What tells one historical request from another. */
export interface HistoricalKey {
  /** Contract, exchange and what is shown. */
  readonly series: string;
  /** The whole request but its id. */
  readonly request: string;
  /** Quotes count double. */
  readonly weight: number;
}

/**
 * Limits on how often clients may ask: messages per second, and historical data (no identical request within 15 seconds,
 * fewer than six of one contract, exchange and kind of data within two seconds, 60 in ten minutes, quotes count double).
 */
export class Pacing {
  private readonly messages = new WeakMap<Session, { readonly times: number[]; excesses: number }>();
  private historical: { readonly timeMs: number; readonly key: HistoricalKey }[] = [];

  constructor(private readonly rules: Scenario['pacing'], private readonly nowMs: () => number) {}

  /** Counts a message. @returns what to answer when it is one too many */
  message(session: Session): { readonly text: string; readonly close: boolean } | undefined {
    if (!this.rules.enabled || session.paced) return undefined;
    let own = this.messages.get(session);
    if (own === undefined) {
      own = { times: [], excesses: 0 };
      this.messages.set(session, own);
    }
    const now = this.nowMs();
    while (own.times.length > 0 && (own.times[0] as number) <= now - SECOND) own.times.shift();
    own.times.push(now);
    const { messagesPerSecond } = this.rules;
    if (own.times.length <= messagesPerSecond) return undefined;
    own.excesses += 1;
    const text = `Max rate of messages per second has been exceeded:max=${messagesPerSecond} rec=${own.times.length} (${own.excesses})`;
    own.times.length = 0;
    return { text, close: own.excesses >= EXCESSES_BEFORE_CLOSE };
  }

  /** Counts a historical request. @returns false when it comes too soon; it does not count then */
  historicalAllowed(key: HistoricalKey): boolean {
    if (!this.rules.enabled) return true;
    const now = this.nowMs();
    this.historical = this.historical.filter(({ timeMs }) => timeMs > now - TEN_MINUTES);
    const recent = (withinMs: number) => this.historical.filter(({ timeMs }) => timeMs > now - withinMs);
    if (recent(15 * SECOND).some((each) => each.key.request === key.request)) return false;
    if (recent(2 * SECOND).filter((each) => each.key.series === key.series).reduce((sum, each) => sum + each.key.weight, key.weight) >= 6) return false;
    if (this.historical.reduce((sum, each) => sum + each.key.weight, key.weight) > this.rules.historicalPerTenMinutes) return false;
    this.historical.push({ timeMs: now, key });
    return true;
  }
}
