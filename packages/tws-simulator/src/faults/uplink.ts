import { REQUEST, RESPONSE } from '../protocol/message-ids.js';
import type { Session } from '../server/session.js';
import type { World } from '../server/world.js';

/** The venue's news about its connection. */
const TEXTS: Readonly<Record<number, string>> = {
  1100: 'Connectivity between IBKR and Trader Workstation has been lost.',
  1101: 'Connectivity between IBKR and Trader Workstation has been restored - data lost.',
  1102: 'Connectivity between IBKR and Trader Workstation has been restored - data maintained. All data farms are connected: usfarm; eufarm; ushmds.',
  2110: 'Connectivity between Trader Workstation and server is broken. It will be restored automatically.',
};

/** Where the request id stands in messages that carry market data, after the message id. */
const DATA_ID_AT: ReadonlyMap<number, number> = new Map([
  [RESPONSE.tickPrice, 2], [RESPONSE.tickSize, 2], [RESPONSE.tickGeneric, 2], [RESPONSE.tickString, 2], [RESPONSE.realTimeBars, 2], [RESPONSE.marketDepth, 2],
  [RESPONSE.marketDepthL2, 2], [RESPONSE.tickByTick, 1], [RESPONSE.historicalDataUpdate, 1],
]);
/** Where it stands in the requests for them. */
const REQUEST_ID_AT: ReadonlyMap<number, number> = new Map([
  [REQUEST.marketData, 2], [REQUEST.realTimeBars, 2], [REQUEST.marketDepth, 2], [REQUEST.tickByTick, 1], [REQUEST.historicalData, 1],
]);

/** The gateway's own connection to the venue. While it is down, requests about orders wait and market data stands still. */
export class Uplink {
  private downCode: number | undefined;
  private waiting: (() => void)[] = [];
  /** Subscriptions that were made since data was last lost; `undefined` when it never was. */
  private alive: Map<Session, Set<string>> | undefined;
  private tapped = false;

  constructor(private readonly world: World, private readonly changed: (up: boolean) => void) {}

  /** Carries a request on to the venue, now or when it can be reached again. */
  forward(send: () => void): void {
    if (this.downCode === undefined) send();
    else this.waiting.push(send);
  }

  /** A client that comes while the venue cannot be reached is told so. */
  greet(session: Session): void {
    if (this.downCode !== undefined) this.tell(session, this.downCode);
  }

  news(code: 1100 | 1101 | 1102 | 2110): void {
    this.tap();
    const down = code === 1100 || code === 2110;
    if (code === 1101) this.alive = new Map();
    this.downCode = down ? code : undefined;
    for (const session of this.world.sessions) this.tell(session, code);
    this.changed(!down);
    if (!down) for (const send of this.waiting.splice(0)) send();
  }

  private tell(session: Session, code: number): void {
    session.error(-1, code, TEXTS[code] ?? '');
  }

  private tap(): void {
    if (this.tapped) return;
    this.tapped = true;
    this.world.taps.onReceive((session, id, fields) => {
      const at = REQUEST_ID_AT.get(id);
      if (at !== undefined && this.alive !== undefined) {
        const own = this.alive.get(session) ?? new Set();
        this.alive.set(session, own.add(fields[at] ?? ''));
      }
      return true;
    });
    this.world.taps.onSend((session, id, body) => {
      const at = DATA_ID_AT.get(id);
      if (at === undefined) return undefined;
      const lost = this.alive !== undefined && this.alive.get(session)?.has(body.split('\0', at + 1)[at] ?? '') !== true;
      return this.downCode !== undefined || lost ? [] : undefined;
    });
  }
}
