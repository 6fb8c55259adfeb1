import type { BarColumns, BrokerEvent, Fill, OrderIntent } from '@keelson/core/domain';
import { toMoney, toUtcMs } from '@keelson/core/domain';
import { composeLive, MemoryJournal, replayJournal, type Command, type LiveEngine, type RunResult } from '@keelson/core/engine';
import { BROKER, DATA_FEED, defineBroker, defineDataFeed, definePlugin } from '@keelson/core/plugin';
import type { BrokerEventSink, BrokerSnapshot, LiveHandlers, MarginAnswer } from '@keelson/core/ports';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FUTURE, lawOptions, MINUTE, randomBars, START, type LawRun } from '../../test-kit/law-run.js';
import { VirtualTime } from '../../test-kit/live-run.js';

/** Wants to be long on every bar. */
const always = () => ({ signal }: { readonly signal: { long(signal: object): void } }) => signal.long({ confidence: 0.9, reason: 'up' });

/** An account on a feed and a venue outside, both of them driven by hand. */
class Outside {
  readonly time = new VirtualTime();
  readonly journal = new MemoryJournal();
  readonly bars: BarColumns;
  readonly sent: OrderIntent[] = [];
  readonly log: string[] = [];
  engine: LiveEngine | undefined;
  handlers: LiveHandlers | undefined;
  sink: BrokerEventSink = () => undefined;
  connectFeed: () => Promise<void> = async () => undefined;
  connectBroker: () => Promise<void> = async () => undefined;
  snapshot: () => Promise<BrokerSnapshot> = async () => ({ time: this.time.now(), orders: [], positions: [], cash: [] });
  margin: () => MarginAnswer = () => 'none';
  private readonly stop = new AbortController();
  private readonly options: ReturnType<typeof lawOptions>;
  private running: Promise<RunResult> | undefined;

  constructor(watch: object = {}, calendar = '24/7') {
    this.bars = randomBars(400, 'outside');
    const run: LawRun = { bars: { A: this.bars }, strategy: always };
    const plugin = definePlugin({
      name: 'outside',
      version: '1.0.0',
      api: '^1.0.0',
      provides: ['broker', 'data-feed'],
      register: ({ add }) => {
        add(BROKER, 'outside', defineBroker({ params: z.unknown(), create: () => this.broker() }));
        add(DATA_FEED, 'outside', defineDataFeed({ params: z.unknown(), create: () => this.feed() }));
      },
    });
    const options = lawOptions(
      {
        ...run,
        account: {
          mode: 'paper',
          instruments: [{ id: 'A', ...FUTURE, calendar }],
          data: { feed: 'outside', timeframe: '1m' },
          broker: { use: 'outside' },
          exits: { withoutStop: 'allow' },
          risk: { allowOrders: true, maxContracts: 3 },
          watch: { staleAfterBars: 3, orderTimeout: '15s', reconcileEvery: '5m', reconnectAttempts: 3, ...watch },
        },
      },
      [],
      [],
    );
    this.options = { ...options, plugins: [...options.plugins, { plugin, config: {}, source: 'outside' }] };
  }

  async start(): Promise<void> {
    const engine = (this.engine = composeLive({ ...this.options, journal: this.journal, clock: this.time, timer: this.time }));
    await new Promise<void>((resolve, reject) => {
      this.running = engine.run({ signal: this.stop.signal, onReady: resolve });
      this.running.catch(reject);
    });
  }

  async end(): Promise<RunResult> {
    this.stop.abort();
    return this.running as Promise<RunResult>;
  }

  /** Turns time on in steps, with a turn for promises after each. */
  async wait(ms: number): Promise<void> {
    const end = this.time.now() + ms;
    while (this.time.now() < end) {
      this.time.turnTo(Math.min(end, this.time.now() + 250));
      for (let turn = 0; turn < 12; turn++) await Promise.resolve();
    }
  }

  /** A bar that closes now. */
  bar(): void {
    const price = 4000;
    this.handlers?.onBar('A', { time: toUtcMs(this.time.now() - MINUTE), open: price, high: price, low: price, close: price, volume: 1 } as never);
  }

  commands(): readonly string[] {
    return this.of<Command>('command').map((command) => ('by' in command ? `${command.command} ${String(command.by)}` : command.command));
  }

  of<T>(kind: string): readonly T[] {
    return [...this.journal.read()].filter((record) => record.kind === kind).map(({ data }) => data as T);
  }

  /** Everything decides itself again. */
  async replays(): Promise<void> {
    expect((await replayJournal(this.options, this.journal.read())).difference).toBeUndefined();
  }

  private feed() {
    return {
      capabilities: { history: false, live: true, volume: true, depth: false },
      connect: () => {
        this.log.push('connect feed');
        return this.connectFeed();
      },
      disconnect: async () => undefined,
      async *history() {},
      subscribe: (_requests: unknown, handlers: LiveHandlers) => {
        this.log.push('subscribe');
        this.handlers = handlers;
        return () => {
          this.handlers = undefined;
        };
      },
      provenance: () => [],
      warnings: () => [],
    };
  }

  private broker() {
    return {
      capabilities: { venue: 'paper', orderTypes: ['market', 'limit', 'stop', 'stop-limit'], timesInForce: ['day', 'gtc'], nativeBrackets: true, oco: true, modify: true } as const,
      connect: async (sink: BrokerEventSink) => {
        this.log.push('connect venue');
        await this.connectBroker();
        this.sink = sink;
      },
      disconnect: async () => undefined,
      snapshot: () => {
        this.log.push('read venue');
        return this.snapshot();
      },
      executionsSince: async (): Promise<readonly Fill[]> => [],
      submit: (order: OrderIntent) => void this.sent.push(order),
      modify: () => undefined,
      cancel: () => undefined,
      margin: () => this.margin(),
      warnings: () => [],
    };
  }
}

const connection = (state: 'connected' | 'disconnected', time: number): BrokerEvent => ({ kind: 'connection', state, reason: 'a test', time: toUtcMs(time) });

describe('the watch over a live run', () => {
  it('halts entries when bars stop coming, and lifts that when they are back', async () => {
    const account = new Outside();
    await account.start();
    await account.wait(MINUTE);
    account.bar();
    expect(account.sent.length).toBe(1);
    await account.wait(2.9 * MINUTE);
    expect(account.commands().filter((text) => text.includes('feed'))).toEqual([]);
    await account.wait(0.5 * MINUTE);
    expect(account.commands().filter((text) => text.includes('feed'))).toEqual(['halt feed']);
    account.bar();
    expect(account.commands().filter((text) => text.includes('feed'))).toEqual(['halt feed', 'resume feed']);
    await account.end();
    await account.replays();
  });

  it('waits for no bars while the market is closed', async () => {
    const account = new Outside({}, 'us-equity'); // it is midnight in London
    await account.start();
    await account.wait(30 * MINUTE);
    await account.end();
    expect(account.commands().filter((text) => text.includes('feed'))).toEqual([]);
  });

  it('connects a feed that failed anew, with growing pauses, and halts for a person when that keeps failing', async () => {
    const account = new Outside({ staleAfterBars: 100 });
    await account.start();
    account.connectFeed = async () => Promise.reject(new Error('no route'));
    account.handlers?.onError(new Error('reset'));
    await account.wait(30_000);
    expect(account.log.filter((line) => line === 'connect feed').length).toBeGreaterThan(4);
    expect(account.commands()).toEqual(expect.arrayContaining(['halt feed', 'halt connection']));
    account.connectFeed = async () => undefined;
    await account.wait(60_000);
    expect(account.log.at(-1)).toBe('subscribe');
    expect(account.commands().filter((text) => text.startsWith('resume'))).toEqual(['resume feed']);
    account.bar();
    expect(account.sent).toEqual([]); // a person has not resumed yet
    const { halted } = await account.end();
    expect(halted).toMatch(/the data feed failed 3 times in a row: no route/);
  });

  it('gives an attempt that hangs up, and tries again', async () => {
    const account = new Outside({ staleAfterBars: 100 });
    await account.start();
    account.connectFeed = () => new Promise(() => undefined);
    account.handlers?.onError(new Error('reset'));
    await account.wait(10_000);
    account.connectFeed = async () => undefined;
    await account.wait(25_000);
    expect(account.log.at(-1)).toBe('subscribe');
    await account.end();
  });

  it('counts an order without an answer as of unknown outcome, reads the venue, and sends nothing twice', async () => {
    const account = new Outside({ staleAfterBars: 100 });
    await account.start();
    await account.wait(MINUTE);
    account.bar();
    expect(account.sent.length).toBe(1);
    const reads = (): number => account.log.filter((line) => line === 'read venue').length;
    const before = reads();
    let answer: (snapshot: BrokerSnapshot) => void = () => undefined;
    account.snapshot = () => new Promise((resolve) => (answer = resolve));
    await account.wait(25_000);
    expect(account.of<BrokerEvent>('broker-event').map(({ kind }) => kind)).toEqual(['outcome-unknown']);
    expect(reads()).toBe(before + 1);
    account.bar();
    expect(account.sent.length).toBe(1); // its instrument is blocked until the venue was read
    answer({ time: account.time.now(), orders: [], positions: [], cash: [] });
    await account.wait(1_000);
    expect(account.of<BrokerEvent>('broker-event').map(({ kind }) => kind)).toEqual(['outcome-unknown', 'rejected']);
    account.snapshot = async () => ({ time: account.time.now(), orders: [], positions: [], cash: [] });
    await account.wait(34_000);
    account.bar();
    expect(account.sent.length).toBe(2);
    expect(account.sent[1]?.clientOrderId).not.toBe(account.sent[0]?.clientOrderId);
    await account.end();
    await account.replays();
  });

  it('compares books and venue from time to time', async () => {
    const account = new Outside({ staleAfterBars: 100 });
    await account.start();
    await account.wait(16 * MINUTE);
    await account.end();
    expect(account.log.filter((line) => line === 'read venue').length).toBe(4);
  });

  it('halts entries while the venue is not connected, connects anew, and lifts that once books and venue were compared', async () => {
    const account = new Outside({ staleAfterBars: 100 });
    await account.start();
    account.connectBroker = async () => Promise.reject(new Error('refused'));
    account.sink(connection('disconnected', account.time.now()));
    await account.wait(3_000);
    expect(account.commands()).toContain('halt venue');
    await account.wait(57_000);
    account.bar();
    expect(account.sent).toEqual([]);
    account.connectBroker = async () => undefined;
    await account.wait(60_000);
    expect(account.log.slice(-2)).toEqual(['connect venue', 'read venue']);
    expect(account.commands().at(-1)).toBe('resume venue');
    await account.end();
    await account.replays();
  });

  it('lifts its own halt alone: what a person said stands', async () => {
    const account = new Outside();
    await account.start();
    account.engine?.command({ command: 'halt', reason: 'a person' });
    await account.wait(5 * MINUTE);
    expect(account.commands()).toContain('halt feed');
    account.bar();
    expect(account.commands().at(-1)).toBe('resume feed');
    expect(account.sent).toEqual([]);
    expect((await account.end()).halted).toBe('a person');
  });

  it.each([
    ['feed', 0],
    ['venue', 30_000],
  ])('halts entries when the clocks of this machine and of the %s differ too much', async (_what, venueAhead) => {
    const account = new Outside({ staleAfterBars: 100 });
    account.snapshot = async () => ({ time: toUtcMs(account.time.now() + venueAhead), orders: [], positions: [], cash: [] });
    await account.start();
    await account.wait(MINUTE - 12_000);
    if (venueAhead === 0) {
      const time = toUtcMs(START);
      account.handlers?.onBar('A', { time, open: 4000, high: 4000, low: 4000, close: 4000, volume: 1 } as never); // 12 s before its close
    } else await account.wait(6 * MINUTE);
    const why = venueAhead === 0 ? /differ by 12s/ : /of the venue differ by 30s/;
    expect(account.engine?.account.halted).toMatch(why);
    // nobody has to resume it: the next start looks for itself
    const { halted, warnings } = await account.end();
    expect(halted).toBeUndefined();
    expect(warnings).toContainEqual(expect.stringMatching(why));
  });
});

describe('the margin that a venue asks', () => {
  it('keeps entries off until it is known, and the next one passes: decided again alike', async () => {
    const account = new Outside({ staleAfterBars: 100 });
    account.margin = () => undefined;
    await account.start();
    await account.wait(MINUTE);
    account.bar();
    expect(account.sent).toEqual([]);
    expect(account.of<{ reason: string }>('refusal').map(({ reason }) => reason)).toEqual(['the margin of A is not known: the venue has not said what it asks']);
    account.margin = () => ({ initial: toMoney(Number.NaN), maintenance: toMoney(0), currency: 'USD' });
    await account.wait(MINUTE);
    account.bar();
    expect(account.sent).toEqual([]);
    account.margin = () => ({ initial: toMoney(500), maintenance: toMoney(400), currency: 'USD' });
    await account.wait(MINUTE);
    account.bar();
    expect(account.sent.length).toBe(1);
    await account.end();
    expect(account.of<object>('margin').map((data) => ('answer' in data ? data.answer : undefined))).toEqual([undefined, undefined, { initial: 500, maintenance: 400, currency: 'USD' }]);
    await account.replays();
  });
});
