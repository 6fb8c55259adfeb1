import { InvariantError } from '../errors.js';
import type { Broker } from '../ports/broker.js';

/** A venue that can be asked and not be told anything. */
export function readOnly(venue: Broker): Broker {
  const refuse = (what: string) => (): never => {
    throw new InvariantError(`${what} was called while an account was only looked at, expected no order`, { hint: 'report it: this is a fault of Keelson' });
  };
  const diagnose = venue.diagnose?.bind(venue);
  return {
    get capabilities() {
      return venue.capabilities;
    },
    connect: () => venue.connect(() => undefined),
    disconnect: () => venue.disconnect(),
    snapshot: () => venue.snapshot(),
    executionsSince: (since) => venue.executionsSince(since),
    submit: refuse('submit'),
    modify: refuse('modify'),
    cancel: refuse('cancel'),
    margin: (instrument, quantity, price) => venue.margin(instrument, quantity, price),
    warnings: () => venue.warnings(),
    ...(diagnose === undefined ? {} : { diagnose }),
  };
}
