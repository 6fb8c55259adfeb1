import type { BrokerEvent, ClientOrderId, OrderChange, OrderIntent, RiskApproved } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import { BrokerError } from '@keelson/core/errors';
import type { Broker } from '@keelson/core/ports';
import type { FaultDice } from './fault-dice.js';

/** What the link needs of the venue at its other end. */
export type LinkedVenue = Pick<Broker, 'submit' | 'modify' | 'cancel'> & {
  readonly now: number;
  /** Ends every working order without a word: what a restart leaves. */
  dropOrders(): void;
};

/**
 * The line between an account and its venue, and all that can go wrong on it. Events keep their order, but for two
 * neighbours of one moment; while they are held up, all of them are. What is lost while the line is cut, or
 * dropped, is lost for good, unless `recovers`: then it comes when the line stands again, as from an adapter that
 * asks the venue what it missed.
 */
export class FaultyLink {
  /** Said, and on the way. */
  private queue: BrokerEvent[] = [];
  /** Lost, and to be said again. */
  private missed: BrokerEvent[] = [];
  private heldUntil = 0;
  private cutUntil = 0;
  private moments = 0;
  private cut = false;
  /** Order whose answers are lost in this call. */
  private mute: string | undefined;
  /** Exit of a bracket that the venue refuses in this call. */
  private refused: string | undefined;
  /** Orders that never arrived. */
  private readonly neverArrived = new Set<string>();

  constructor(
    private readonly venue: LinkedVenue,
    private readonly dice: FaultDice,
    private readonly deliver: (event: BrokerEvent) => void,
    private readonly recovers: boolean,
  ) {}

  get isCut(): boolean {
    return this.cut;
  }

  submit(order: RiskApproved<OrderIntent>): void {
    const { dice, venue } = this;
    const { clientOrderId } = order;
    const time = venue.now;
    if (this.cut || dice.strikes('lose', time, clientOrderId)) {
      this.neverArrived.add(clientOrderId);
      this.unknown(clientOrderId, this.cut ? 'there is no connection' : 'no answer came');
      return;
    }
    if (dice.strikes('reject', time, clientOrderId)) {
      this.say({ kind: 'rejected', clientOrderId, code: 'BRK_REJECTED', reason: 'refused by an injected fault', time: toUtcMs(time) });
      return;
    }
    const silent = dice.strikes('timeout', time, clientOrderId);
    if (silent) this.mute = clientOrderId;
    venue.submit(order);
    if (dice.strikes('repeat', time, clientOrderId)) venue.submit(order);
    this.mute = undefined;
    if (silent) this.unknown(clientOrderId, 'no answer came in time');
    if (order.bracket === undefined) return;
    for (const leg of order.bracket) {
      if (!dice.strikes('rejectExit', time, leg.clientOrderId)) continue;
      this.refused = leg.clientOrderId;
      venue.cancel(leg.clientOrderId);
      this.refused = undefined;
    }
    if (dice.strikes('disconnectOnBracket', time, clientOrderId)) this.disconnect('the connection broke');
  }

  modify(change: RiskApproved<OrderChange>): void {
    if (this.cut || this.dice.strikes('lose', this.venue.now, change.clientOrderId)) return;
    this.venue.modify(change);
    if (this.dice.strikes('repeat', this.venue.now, change.clientOrderId)) this.venue.modify(change);
  }

  cancel(clientOrderId: ClientOrderId): void {
    if (this.cut || this.dice.strikes('lose', this.venue.now, clientOrderId)) return;
    this.venue.cancel(clientOrderId);
    if (this.dice.strikes('repeat', this.venue.now, clientOrderId)) this.venue.cancel(clientOrderId);
  }

  /** What the venue says. */
  say(event: BrokerEvent): void {
    const { dice, venue } = this;
    const id = orderOf(event);
    if (id !== undefined && id === this.refused && event.kind === 'canceled') {
      this.say({ kind: 'rejected', clientOrderId: id, code: 'BRK_REJECTED', reason: 'this exit was refused by an injected fault', time: event.time });
      return;
    }
    if (this.cut || (this.mute !== undefined && (id === this.mute || id?.startsWith(`${this.mute}-`) === true))) {
      this.lose(event);
      return;
    }
    const about = `${event.kind} ${id ?? ''}`;
    // money that moved is said until it was heard: no later question would bring it back
    if (event.kind !== 'cash' && dice.strikes('drop', venue.now, about)) {
      this.lose(event);
      return;
    }
    this.queue.push(event);
    if (event.kind !== 'cash' && dice.strikes('duplicate', venue.now, about)) this.queue.push(event);
    if (this.queue.length > 1 && dice.strikes('reorder', venue.now, about)) {
      const last = this.queue.pop() as BrokerEvent;
      this.queue.splice(-1, 0, last);
    }
  }

  /** A moment has passed at the venue: the weather changes. */
  moment(): void {
    const { dice, venue } = this;
    this.moments++;
    if (this.cut) {
      if (this.moments >= this.cutUntil) this.connect();
      return;
    }
    if (dice.strikes('restart', venue.now, 'venue')) {
      this.disconnect('the venue restarts');
      venue.dropOrders();
    } else if (dice.strikes('disconnect', venue.now, 'venue')) this.disconnect('the connection broke');
    else if (this.moments >= this.heldUntil && dice.strikes('delay', venue.now, 'venue')) this.heldUntil = this.moments + dice.upTo('delay', dice.settings.maxDelayBars);
  }

  /** Hands over what has come through. */
  pump(): void {
    if (this.moments < this.heldUntil && !this.cut) return;
    while (this.queue.length > 0) this.deliver(this.queue.shift() as BrokerEvent);
  }

  /** Everything that is on its way arrives. */
  flush(): void {
    this.heldUntil = 0;
    if (this.recovers && !this.cut) this.sayMissed();
    this.pump();
  }

  /** The line stands again, and what was on its way arrives. */
  restore(): void {
    if (this.cut) this.connect();
    this.flush();
  }

  /** The line stands, and stays. */
  calm(): void {
    this.dice.enabled = false;
    this.restore();
  }

  /**
   * Before a question: everything that is on its way arrives before the answer.
   * @throws BrokerError BRK_CONNECTION while the line is cut
   */
  ask(): void {
    if (this.cut) throw noConnection();
    this.flush();
  }

  private connect(): void {
    this.cut = false;
    this.queue.push({ kind: 'connection', state: 'connected', reason: 'the line stands again', time: toUtcMs(this.venue.now) });
    if (this.recovers) this.sayMissed();
  }

  /** What was on its way is lost with the connection. */
  private disconnect(reason: string): void {
    const { dice } = this;
    for (const event of this.queue.splice(0)) if (event.kind === 'connection' || event.kind === 'outcome-unknown') this.queue.push(event); else this.lose(event);
    this.cut = true;
    this.heldUntil = 0;
    this.cutUntil = this.moments + dice.upTo('disconnect', dice.settings.maxDisconnectBars);
    this.queue.push({ kind: 'connection', state: 'disconnected', reason, time: toUtcMs(this.venue.now) });
  }

  private lose(event: BrokerEvent): void {
    if (this.recovers || event.kind === 'cash') this.missed.push(event);
  }

  private sayMissed(): void {
    for (const event of this.missed.splice(0)) this.queue.push(event);
    for (const clientOrderId of this.neverArrived) this.queue.push({ kind: 'rejected', clientOrderId, code: 'BRK_REJECTED', reason: 'it never arrived', time: toUtcMs(this.venue.now) });
    this.neverArrived.clear();
  }

  /** Said by the near end of the line, which knows that it does not know. */
  private unknown(clientOrderId: ClientOrderId, reason: string): void {
    this.queue.push({ kind: 'outcome-unknown', clientOrderId, reason, time: toUtcMs(this.venue.now) });
  }
}

/** Why a question to the venue has no answer. */
export function noConnection(): BrokerError {
  return new BrokerError('BRK_CONNECTION', 'there is no connection to the simulated venue, expected one that stands', { hint: 'ask again once it is connected' });
}

function orderOf(event: BrokerEvent): string | undefined {
  if (event.kind === 'fill') return event.fill.clientOrderId;
  return 'clientOrderId' in event ? event.clientOrderId : undefined;
}
