import type { Session } from './session.js';

/** Looks at each message body on its way out, and says what goes out instead; undefined lets it pass. */
export type SendTap = (session: Session, messageId: number, body: string) => readonly string[] | undefined;
/** Looks at each request, and says whether the server gets it. */
export type ReceiveTap = (session: Session, messageId: number, fields: readonly string[]) => boolean;

/** Where scripted faults reach into the stream of messages. */
export class Taps {
  private readonly sends = new Set<SendTap>();
  private readonly receives = new Set<ReceiveTap>();

  /** @returns takes the tap out again */
  onSend(tap: SendTap): () => void {
    this.sends.add(tap);
    return () => void this.sends.delete(tap);
  }

  /** @returns takes the tap out again */
  onReceive(tap: ReceiveTap): () => void {
    this.receives.add(tap);
    return () => void this.receives.delete(tap);
  }

  send(session: Session, messageId: number, body: string): readonly string[] {
    let bodies: readonly string[] = [body];
    for (const tap of this.sends) bodies = bodies.flatMap((each) => tap(session, messageId, each) ?? [each]);
    return bodies;
  }

  receive(session: Session, messageId: number, fields: readonly string[]): boolean {
    for (const tap of this.receives) if (!tap(session, messageId, fields)) return false;
    return true;
  }
}
