import { BrokerError, isKeelsonError, messageOf } from '@keelson/core/errors';
import type { Logger, Timer } from '@keelson/core/ports';
import type { IBApi } from '@stoqey/ib';
import type { ConnectionSettings } from '../settings.js';
import { isReadOnly, meaningOf, type IbErrorMeaning } from './error-codes.js';
import { Heartbeat } from './heartbeat.js';
import { openClient } from './open-client.js';

/** Far above every order id: an error that names an order must not hit a request. */
const FIRST_REQUEST = 0x4000_0000;

/** Whether a message that bears this number answers a request, also one that nobody waits for any more. */
export const isAnswer = (id: number): boolean => id >= FIRST_REQUEST;

/** A question whose answer a message that was not understood may have spoilt is asked so often. */
const SPOILT_ATTEMPTS = 3;

/** The last messages of answers that carry no number. */
const LAST_MESSAGES = /\bon (?:\w+_END|CURRENT_TIME|MARKET_RULE):/;

/** What the client says of a message that it did not understand holds the whole message. */
const LONGEST_LAYOUT_TEXT = 160;

export type IbError = { readonly id: number; readonly number: number; readonly text: string; readonly meaning: IbErrorMeaning };

/** Who listens to what the gateway says beside answers to requests. A throw is logged and reaches nobody else. */
export type GatewayListener = {
  readonly onMessage?: (event: string, args: readonly unknown[]) => void;
  /** Messages that name no request: about orders, or about nothing in particular. */
  readonly onError?: (error: IbError) => void;
  /** Nothing comes through any more; connect anew. */
  readonly onLost?: (reason: string) => void;
  /** The venue is reachable again over a connection that stood; `dataKept` is false where subscriptions are lost. */
  readonly onRestored?: (dataKept: boolean) => void;
};

type Pending = { readonly onMessage: (event: string, args: readonly unknown[]) => void; readonly onError: (error: BrokerError) => void };

/** A running request: `close` ends it without a word. */
export type Stream = { readonly id: number; close(): void };

/**
 * One connection to IB Gateway or TWS, shared by those who use it. Ready only once the gateway has named the next order
 * id; nothing is ever sent, or queued, while it is not. It does not connect anew by itself: who hears `onLost` does.
 */
export class IbGateway {
  /** Account that is traded. */
  account = '';
  /** Code and difference in ms of the gateway's clock, when it was last asked. */
  serverTimeMs: number | undefined;
  private ib: IBApi | undefined;
  private ready = false;
  /** Why the venue cannot be reached although the gateway can. */
  private severed: string | undefined;
  private connecting: Promise<void> | undefined;
  /** Who uses the connection that stands. */
  private readonly users = new Set<object>();
  private nextOrder = 0;
  private nextRequest = FIRST_REQUEST;
  private heartbeat: Heartbeat | undefined;
  private readonly pending = new Map<number, Pending>();
  private readonly listeners = new Set<GatewayListener>();
  /** The newest question of each kind that carries no number. */
  private readonly turns = new Map<string, Promise<unknown>>();
  /** Told that the answers to open questions are worth nothing; `ended`: that the last message of one was lost. */
  private readonly questions = new Set<(error: BrokerError, ended: boolean) => void>();

  constructor(
    readonly settings: ConnectionSettings,
    private readonly timer: Timer,
    private readonly logger: Logger,
  ) {}

  get isReady(): boolean {
    return this.ready && this.severed === undefined;
  }

  get place(): string {
    return `${this.settings.host}:${this.settings.port}`;
  }

  /** @returns the way to stop listening */
  listen(listener: GatewayListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * For one more user; a connection that stands is shared, and closed with its last user.
   * @returns the way to leave it, which does nothing once the connection was lost
   * @throws BrokerError `BRK_CONNECTION`
   */
  async connect(): Promise<() => void> {
    if (!this.ready) await (this.connecting ??= this.open().finally(() => { this.connecting = undefined; }));
    if (this.severed !== undefined) throw new BrokerError('BRK_CONNECTION', `the gateway at ${this.place} has no connection to Interactive Brokers: ${this.severed}`, { hint: 'it comes back by itself; after the weekly logout somebody has to log in', retry: 'safe' });
    const user = {};
    this.users.add(user);
    return () => {
      if (this.users.delete(user) && this.users.size === 0) this.close();
    };
  }

  /** The client, to send something now. @throws BrokerError `BRK_CONNECTION` when nothing would get through */
  get api(): IBApi {
    if (!this.isReady || this.ib === undefined) throw new BrokerError('BRK_CONNECTION', `there is no connection to the gateway at ${this.place}`, { retry: 'safe' });
    return this.ib;
  }

  /** A number for an order, never used before in this connection. */
  takeOrderId(): number {
    return this.nextOrder++;
  }

  /** Raises the next number above one that was seen. */
  noteOrderId(id: number): void {
    if (id < FIRST_REQUEST && id >= this.nextOrder) this.nextOrder = id + 1;
  }

  /** Starts a request that goes on until it is closed. */
  stream(send: (ib: IBApi, id: number) => void, cancel: (ib: IBApi, id: number) => void, handlers: Pending): Stream {
    const { api } = this;
    const id = this.nextRequest++;
    this.pending.set(id, handlers);
    send(api, id);
    return {
      id,
      close: () => {
        if (!this.pending.delete(id) || !this.isReady) return;
        cancel(this.api, id);
      },
    };
  }

  /**
   * Asks one question. `take` is given every message that answers it, and says true for the last one. `goesOn`: the
   * gateway would tell of changes from then on, and is asked not to.
   * @throws BrokerError when it is refused, not answered in time, or the connection breaks
   */
  ask<T>(what: string, send: (ib: IBApi, id: number) => void, take: (event: string, args: readonly unknown[], found: T[]) => boolean, cancel: (ib: IBApi, id: number) => void = () => undefined, goesOn = false): Promise<T[]> {
    return this.unspoilt(() => this.askOnce(what, send, take, cancel, goesOn));
  }

  private askOnce<T>(what: string, send: (ib: IBApi, id: number) => void, take: (event: string, args: readonly unknown[], found: T[]) => boolean, cancel: (ib: IBApi, id: number) => void, goesOn: boolean): Promise<T[]> {
    return new Promise((resolve, reject) => {
      const found: T[] = [];
      let callOff = (): void => undefined;
      const end = (act: () => void): void => {
        callOff();
        this.questions.delete(spoil);
        act();
      };
      const spoil = (error: BrokerError): void => end(() => {
        stream.close();
        reject(error);
      });
      const stream = this.stream(send, cancel, {
        onMessage: (event, args) => {
          if (!take(event, args, found)) return;
          end(() => {
            if (goesOn) stream.close();
            else this.pending.delete(stream.id);
            resolve(found);
          });
        },
        onError: (error) => end(() => {
          this.pending.delete(stream.id);
          reject(error);
        }),
      });
      this.questions.add(spoil);
      callOff = this.timer.after(this.settings.requestTimeoutMs, () => spoil(this.unanswered(what)));
    });
  }

  /**
   * The same for questions that carry no number: the answer is all that comes until `take` says true. Of one kind there is
   * one at a time, since the end of another answer would be taken for its own.
   */
  askAll<T>(what: string, send: (ib: IBApi) => void, take: (event: string, args: readonly unknown[], found: T[]) => boolean): Promise<T[]> {
    const ask = (): Promise<T[]> => this.unspoilt(() => this.askAllOnce(what, send, take));
    const answer = (this.turns.get(what) ?? Promise.resolve()).then(ask, ask);
    this.turns.set(what, answer);
    return answer;
  }

  private askAllOnce<T>(what: string, send: (ib: IBApi) => void, take: (event: string, args: readonly unknown[], found: T[]) => boolean): Promise<T[]> {
    return new Promise((resolve, reject) => {
      const { api } = this;
      const found: T[] = [];
      let spoilt: BrokerError | undefined;
      const end = (act: () => void): void => {
        callOff();
        stop();
        this.questions.delete(spoil);
        act();
      };
      const fail = (error: BrokerError): void => end(() => reject(error));
      // the rest of a spoilt answer is waited for: it is not to be taken for the next one
      const spoil = (error: BrokerError, ended: boolean): void => {
        spoilt = error;
        if (ended) fail(error);
      };
      const stop = this.listen({
        onMessage: (event, args) => {
          if (take(event, args, found)) end(() => (spoilt === undefined ? resolve(found) : reject(spoilt)));
        },
        onError: ({ number, text, id }) => {
          if (id < 0 && isReadOnly(number, text)) fail(this.readOnly(text));
        },
        onLost: (reason) => fail(new BrokerError('BRK_CONNECTION', `the connection broke while ${what} was asked: ${reason}`, { retry: 'safe' })),
      });
      this.questions.add(spoil);
      const callOff = this.timer.after(this.settings.requestTimeoutMs, () => fail(spoilt ?? this.unanswered(what)));
      send(api);
    });
  }

  /** Whether the API may only read: the gateway says so when a client asks for its own orders. */
  async isReadOnly(): Promise<boolean> {
    try {
      await this.askAll('the own orders', (ib) => ib.reqOpenOrders(), (event) => event === 'openOrderEnd');
      return false;
    } catch (thrown) {
      if (isKeelsonError(thrown) && thrown.code === 'BRK_UNSUPPORTED') return true;
      throw thrown;
    }
  }

  /** The refusal of an API that may only read. */
  readOnly(text: string): BrokerError {
    return new BrokerError('BRK_UNSUPPORTED', `the gateway at ${this.place} is read-only (${text})`, { hint: 'untick "Read-Only API" in its settings under API' });
  }

  private unanswered(what: string): BrokerError {
    return new BrokerError('BRK_CONNECTION', `the gateway at ${this.place} gave no answer within ${this.settings.requestTimeoutMs} ms: ${what}`, { retry: 'safe' });
  }

  private async open(): Promise<void> {
    const { settings, timer } = this;
    this.severed = undefined;
    this.ib = undefined;
    const { ib, account, nextOrderId } = await openClient(settings, timer, {
      onMessage: (event, args) => this.message(event, args),
      onError: (id, number, text) => this.error(id, number, text),
      onClosed: () => this.lost('the connection was closed'),
      onFault: (thrown) => this.logger.error(`a listener of the gateway threw: ${messageOf(thrown)}`),
    });
    this.ib = ib;
    this.account = account;
    this.nextOrder = Math.max(this.nextOrder, nextOrderId);
    this.ready = true;
    this.heartbeat = new Heartbeat(timer, settings.heartbeatMs, () => ib.reqCurrentTime(), () => this.lost(`the gateway has not answered for ${2 * settings.heartbeatMs} ms`));
    this.heartbeat.start();
  }

  private message(event: string, args: readonly unknown[]): void {
    this.heartbeat?.alive();
    if (event === 'currentTime') this.serverTimeMs = Number(args[0]) * 1000;
    if (event === 'nextValidId') this.noteOrderId(Number(args[0]) - 1);
    const request = typeof args[0] === 'number' && args[0] >= FIRST_REQUEST ? this.pending.get(args[0]) : undefined;
    if (request !== undefined) request.onMessage(event, args);
    else for (const listener of this.listeners) this.tell(() => listener.onMessage?.(event, args));
  }

  private error(id: number, number: number, text: string): void {
    const aboutOrder = id >= 0 && id < FIRST_REQUEST;
    const meaning = meaningOf(number, text, aboutOrder);
    if (number === 505) text = text.replace(/ Please report.*$/s, '').slice(0, LONGEST_LAYOUT_TEXT);
    this.logger[meaning.kind === 'notice' ? 'debug' : 'warn'](`gateway ${number}: ${text}`, { id, kind: meaning.kind });
    if (id >= FIRST_REQUEST) {
      if (meaning.kind !== 'notice') this.pending.get(id)?.onError(new BrokerError(meaning.code, `${text} (${number})`, { hint: hintFor(meaning.kind, this.settings.marketData), retry: meaning.retry, context: { number, kind: meaning.kind } }));
      return;
    }
    if (meaning.kind === 'layout') this.distrust(text);
    else if (meaning.kind === 'connection-lost') this.sever(`${text} (${number})`);
    else if (meaning.kind === 'connection-restored') this.restore(number !== 1101);
    const error = { id, number, text, meaning };
    for (const listener of this.listeners) this.tell(() => listener.onError?.(error));
  }

  /** A message was lost, and nobody knows which: an answer that lacks an order or an execution is worse than none. */
  private distrust(text: string): void {
    const error = new BrokerError('BRK_CONNECTION', `a message of the gateway at ${this.place} was not understood: ${text}`, { hint: 'if it goes on, update the plugin or take another version of the gateway', retry: 'safe', context: { kind: 'layout' } });
    for (const spoil of this.questions) spoil(error, LAST_MESSAGES.test(text));
  }

  /** Asks, and asks again where the answer may have been spoilt. */
  private async unspoilt<T>(question: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await question();
      } catch (thrown) {
        if (!isKeelsonError(thrown) || thrown.context.kind !== 'layout' || attempt === SPOILT_ATTEMPTS) throw thrown;
      }
    }
  }

  /** The gateway stands, and the venue behind it does not. */
  private sever(reason: string): void {
    if (this.severed !== undefined || !this.ready) return;
    this.severed = reason;
    for (const listener of this.listeners) this.tell(() => listener.onLost?.(reason));
  }

  private restore(dataKept: boolean): void {
    if (this.severed === undefined) return;
    this.severed = undefined;
    for (const listener of this.listeners) this.tell(() => listener.onRestored?.(dataKept));
  }

  private lost(reason: string): void {
    if (!this.ready) return;
    this.close();
    this.users.clear();
    const error = new BrokerError('BRK_CONNECTION', reason, { retry: 'safe' });
    const pending = [...this.pending.values()];
    this.pending.clear();
    for (const { onError } of pending) this.tell(() => onError(error));
    for (const listener of this.listeners) this.tell(() => listener.onLost?.(reason));
  }

  private close(): void {
    this.ready = false;
    this.heartbeat?.stop();
    this.heartbeat = undefined;
    const { ib } = this;
    this.ib = undefined;
    if (ib === undefined) return;
    // what the client still holds back must not be sent by a later connection: each has a client of its own
    ib.removeAllListeners();
    ib.on('error' as Parameters<IBApi['on']>[0], () => undefined); // without a listener it would be thrown
    ib.disconnect();
  }

  private tell(act: () => void): void {
    try {
      act();
    } catch (thrown) {
      this.logger.error(`a listener of the gateway threw: ${messageOf(thrown)}`);
    }
  }
}

function hintFor(kind: IbErrorMeaning['kind'], marketData: ConnectionSettings['marketData']): string | undefined {
  if (kind === 'no-permission') return marketData.startsWith('delayed') ? 'subscribe to the market data: delayed ones are quotes, history and live bars are not to be had without' : 'subscribe to the market data, or set marketData: delayed';
  if (kind === 'pacing') return 'ask less often';
  return undefined;
}
