import type { SignalAction, SignalDetails } from '../domain/signal.js';
import type { SignalWriter } from '../ports/strategy.js';
import { showValue } from '../config/show-value.js';
import { KeelsonError } from '../errors.js';

/**
 * One strategy's say on the bar at hand, in a slot that is used again on every bar. Prices that were not
 * given are NaN here; they are left out of everything public.
 */
export class VoteSlot implements SignalWriter {
  action: SignalAction = 'hold';
  confidence = 0.5;
  reason = '';
  entry = Number.NaN;
  stop = Number.NaN;
  target = Number.NaN;
  invalidation = Number.NaN;
  /** Weight that the vote counts with on the bar at hand. */
  effectiveWeight = 0.5;

  constructor(
    readonly strategy: string,
    readonly weight: number,
    /** Place in the account's strategies; −1 for a vote from outside. */
    readonly place: number,
  ) {
    this.effectiveWeight = weight;
  }

  clear(): void {
    this.action = 'hold';
  }

  long(details?: SignalDetails): void {
    this.say('long', details);
  }

  short(details?: SignalDetails): void {
    this.say('short', details);
  }

  flat(details?: SignalDetails): void {
    this.say('flat', details);
  }

  private say(action: SignalAction, details: SignalDetails | undefined): void {
    this.action = action;
    this.confidence = details?.confidence ?? 1;
    this.reason = details?.reason ?? action;
    this.entry = this.price(details?.entry, 'entry');
    this.stop = this.price(details?.stop, 'stop');
    this.target = this.price(details?.target, 'target');
    this.invalidation = this.price(details?.invalidation, 'invalidation');
    if (!(typeof this.confidence === 'number' && this.confidence >= 0 && this.confidence <= 1)) {
      throw new KeelsonError('STR_SIGNAL', `confidence was ${showValue(this.confidence)}, expected 0 to 1`, { hint: 'give a number between 0 and 1' });
    }
  }

  private price(value: number | undefined, name: string): number {
    if (value === undefined) return Number.NaN;
    if (!Number.isFinite(value)) throw new KeelsonError('STR_SIGNAL', `${name} was ${value}, expected a price`, { hint: `leave ${name} out when there is none` });
    return value;
  }
}
