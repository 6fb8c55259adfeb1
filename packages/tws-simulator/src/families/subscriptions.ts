import type { Session } from '../server/session.js';

/** What clients want to hear again and again: one teller for each session, kind and request id. */
export class Subscriptions {
  private readonly tellers = new Map<Session, Map<string, () => void>>();

  get isEmpty(): boolean {
    return this.tellers.size === 0;
  }

  /** A second one of the same kind and id takes the place of the first. */
  begin(session: Session, kind: string, requestId: number, tell: () => void): void {
    let own = this.tellers.get(session);
    if (own === undefined) this.tellers.set(session, (own = new Map()));
    own.set(`${kind} ${requestId}`, tell);
  }

  end(session: Session, kind: string, requestId: number): void {
    const own = this.tellers.get(session);
    own?.delete(`${kind} ${requestId}`);
    if (own?.size === 0) this.tellers.delete(session);
  }

  endAll(session: Session): void {
    this.tellers.delete(session);
  }

  count(session: Session, kind: string): number {
    return [...(this.tellers.get(session)?.keys() ?? [])].filter((key) => key.slice(0, key.lastIndexOf(' ')) === kind).length;
  }

  tell(): void {
    for (const own of this.tellers.values()) for (const tell of own.values()) tell();
  }
}
