import type { Session } from './session.js';

/** The clients that are ready, by client id. */
export class SessionTable {
  private readonly byClient = new Map<number, Session>();

  /** @returns false when the client id is in use */
  claim(clientId: number, session: Session): boolean {
    const holder = this.byClient.get(clientId);
    if (holder !== undefined && holder !== session) return false;
    this.byClient.set(clientId, session);
    return true;
  }

  /** @returns whether the session held its client id */
  release(session: Session): boolean {
    if (session.clientId === undefined || this.byClient.get(session.clientId) !== session) return false;
    return this.byClient.delete(session.clientId);
  }

  of(clientId: number): Session | undefined {
    return this.byClient.get(clientId);
  }

  [Symbol.iterator](): IterableIterator<Session> {
    return this.byClient.values();
  }
}
