import type { Instrument } from '../reference/instrument.js';
import type { Session } from './session.js';

/** A subscription and who has it. */
export interface Subscribed<T> {
  readonly session: Session;
  readonly requestId: number;
  readonly subscription: T;
}

/** What clients have asked to be kept told of: by session and by the id that the client gave. */
export class Subscriptions<T extends { readonly instrument: Instrument; readonly release?: () => void }> {
  private readonly bySession = new Map<Session, Map<number, Subscribed<T>>>();
  private readonly byInstrument = new Map<Instrument, Set<Subscribed<T>>>();

  has(session: Session, requestId: number): boolean {
    return this.bySession.get(session)?.has(requestId) ?? false;
  }

  add(session: Session, requestId: number, subscription: T): void {
    const entry = { session, requestId, subscription };
    const own = this.bySession.get(session) ?? new Map<number, Subscribed<T>>();
    this.bySession.set(session, own.set(requestId, entry));
    const alike = this.byInstrument.get(subscription.instrument) ?? new Set<Subscribed<T>>();
    this.byInstrument.set(subscription.instrument, alike.add(entry));
  }

  /** Ends a subscription. @returns false when there is none */
  cancel(session: Session, requestId: number): boolean {
    const entry = this.bySession.get(session)?.get(requestId);
    if (entry === undefined) return false;
    this.bySession.get(session)?.delete(requestId);
    this.forget(entry);
    return true;
  }

  closeSession(session: Session): void {
    const own = this.bySession.get(session);
    this.bySession.delete(session);
    for (const entry of own?.values() ?? []) this.forget(entry);
  }

  /** How many there are of all sessions. */
  count(): number {
    let sum = 0;
    for (const own of this.bySession.values()) sum += own.size;
    return sum;
  }

  /** Those about a contract. */
  of(instrument: Instrument): Iterable<Subscribed<T>> {
    return this.byInstrument.get(instrument) ?? [];
  }

  *[Symbol.iterator](): IterableIterator<Subscribed<T>> {
    for (const own of this.bySession.values()) yield* own.values();
  }

  private forget(entry: Subscribed<T>): void {
    const alike = this.byInstrument.get(entry.subscription.instrument);
    alike?.delete(entry);
    if (alike?.size === 0) this.byInstrument.delete(entry.subscription.instrument);
    entry.subscription.release?.();
  }
}
