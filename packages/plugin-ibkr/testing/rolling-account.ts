import { accountSchema } from '@keelson/core/config';
import { toPrice, toUtcMs, type BrokerEvent, type Instrument, type OrderIntent } from '@keelson/core/domain';
import { MemoryJournal, composeLive, replayJournal, type LiveEngine, type ReplayResult, type RunResult } from '@keelson/core/engine';
import { DATA_FEED, NOTIFIER, STRATEGY, defineDataFeed, defineNotifier, definePlugin, defineStrategy } from '@keelson/core/plugin';
import type { Journal, JournalRecord, LiveHandlers } from '@keelson/core/ports';
import { z } from 'zod';
import ibkr from '../src/index.js';
import { readOpenOrders, readPositions, readSnapshot } from '../src/broker/venue-state.js';
import { HandTimer } from './hand-timer.js';
import { listLogger, mes, until, type Rig } from './rig.js';

export const carried: Instrument = { ...mes, symbols: { ibkr: { roll: { position: 'reopen' } } } };
const CLIENT = 7;
const ROLL_DAY = Date.parse('2026-06-10');

/** Where a process dies: at the first record that fits, with it written or not. */
export type Death = { readonly at: (record: JournalRecord) => boolean; readonly written: boolean };

/** A journal that outlives a process, up to where that dies. */
class MortalJournal implements Journal {
  readonly enabled = true;
  dead = false;

  constructor(private readonly kept: MemoryJournal, private readonly death: Death | undefined, private readonly onDeath: () => void) {}

  append(record: JournalRecord): void {
    if (this.dead) throw new Error('the process is dead');
    const dies = this.death?.at(record) === true;
    if (!dies || this.death?.written === true) this.kept.append(record);
    if (!dies) return;
    this.dead = true;
    this.onDeath();
    if (this.death?.written === false) throw new Error('the process is dead');
  }

  sync(): void {
    // memory is as good as a disk here
  }

  read(): Iterable<JournalRecord> {
    return [...this.kept.read()];
  }

  close(): void {
    // it outlives the process
  }
}

export type RollingAccount = {
  readonly engine: LiveEngine;
  readonly told: string[];
  /** Ends of the run: stopped, or dead. */
  readonly ended: Promise<RunResult>;
  readonly timer: HandTimer;
  /** What the journal is decided again to. */
  replay(): Promise<ReplayResult>;
  /** A minute passes, and its bar comes, of the contract that is named. */
  bar(contract: string): void;
  stop(): Promise<RunResult>;
};

/** An account that is long whenever it may be, or `once`, before the day of the roll; with stop and target at the venue, over bars that are given by hand. */
export async function startAccount(rig: Rig, journal: MemoryJournal, more: { readonly death?: Death; readonly risk?: object; readonly exits?: object; readonly instruments?: readonly Instrument[]; readonly once?: boolean; readonly ownFeed?: boolean } = {}): Promise<RollingAccount> {
  const { simulator } = rig;
  const timer = new HandTimer();
  const told: string[] = [];
  let handlers: LiveHandlers | undefined;
  const parts = definePlugin({
    name: 'by-hand', version: '1.0.0', api: '^1.0.0', provides: ['data-feed', 'strategy', 'notifier'],
    register: ({ add }) => {
      add(DATA_FEED, 'by-hand', defineDataFeed({ params: z.strictObject({}), create: () => ({ capabilities: { history: false, live: true, volume: true, depth: false }, connect: async () => undefined, disconnect: async () => undefined, async *history() {}, subscribe: (_requests, given) => { handlers = given; return () => undefined; }, provenance: () => [], warnings: () => [] }) }));
      add(STRATEGY, 'long', defineStrategy({ params: z.strictObject({}), create: () => ({ onBar: ({ signal, time }) => { if (more.once !== true || time < ROLL_DAY) signal.long({ confidence: 0.9 }); } }) }));
      add(NOTIFIER, 'kept', defineNotifier({ params: z.strictObject({}), create: () => ({ notify: async ({ severity, title, text }) => void told.push(`${severity} ${title}: ${text}`) }) }));
    },
  });
  const config = accountSchema.parse({
    account: 'a', mode: 'paper', initialCash: 100_000, instruments: more.instruments ?? [carried],
    data: more.ownFeed === true ? { feed: 'ibkr', timeframe: '1m', continuous: false } : { feed: 'by-hand', timeframe: '1m' }, broker: { use: 'ibkr' }, strategies: [{ use: 'long' }],
    exits: more.exits ?? { stopPoints: 100, rewardRisk: 3, breakEvenAfterR: 1 }, risk: { maxContracts: 2, allowOrders: true, ...more.risk }, notifiers: [{ use: 'kept' }],
  });
  const stop = new AbortController();
  const parsed = {
    config, plugins: [{ plugin: ibkr, config: { ...rig.settings, clientId: CLIENT }, source: 'ibkr' }, { plugin: parts, config: {}, source: 'by-hand' }], baseDir: '.', logger: listLogger(rig.log),
  };
  const engine = composeLive({
    ...parsed,
    journal: new MortalJournal(journal, more.death, () => stop.abort()), clock: { now: () => toUtcMs(simulator.now()) }, timer,
  });
  const ended = engine.run({ signal: stop.signal });
  if (more.ownFeed !== true) await Promise.race([until(() => handlers, 'the subscription'), ended]);
  return {
    engine, told, timer, ended,
    replay: () => replayJournal(parsed, journal.read()),
    bar: (contract) => {
      simulator.advance(60_000);
      const close = toPrice(lastOf(rig, contract));
      handlers?.onBar('MES', { time: toUtcMs(simulator.now() - 60_000), open: close, high: close, low: close, close, volume: 1 });
    },
    stop: async () => {
      stop.abort();
      return ended;
    },
  };
}

/** Last price of a contract. */
export function lastOf({ simulator }: Rig, symbol: string): number {
  return (simulator.run('quote', { symbol }) as { readonly last: number }).last;
}

/** What another client of the gateway sees of the account. */
export async function venueOf({ connection }: Rig): Promise<{ readonly positions: readonly (readonly [string, number])[]; readonly orders: readonly (readonly [string, string, number])[]; readonly cash: number }> {
  const release = await connection.gateway.connect();
  try {
    const positions = await readPositions(connection);
    const orders = await readOpenOrders(connection);
    const { cash } = await readSnapshot(connection, () => '', () => undefined);
    return {
      positions: positions.filter(({ quantity }) => quantity !== 0).map(({ contract, quantity }) => [contract.localSymbol ?? '', quantity] as const),
      orders: orders.map(({ contract, order }) => [contract.localSymbol ?? '', `${order.action} ${order.orderType} ${order.totalQuantity}`, (order.orderType === 'STP' ? order.auxPrice : order.lmtPrice) ?? 0] as const),
      cash: cash.reduce((sum, { amount }) => sum + amount, 0),
    };
  } finally {
    release();
  }
}

export const intentsOf = (journal: MemoryJournal): readonly OrderIntent[] => [...journal.read()].flatMap(({ kind, data }) => (kind === 'intent' ? [data as OrderIntent] : []));
export const eventsOf = (journal: MemoryJournal): readonly BrokerEvent[] => [...journal.read()].flatMap(({ kind, data }) => (kind === 'broker-event' ? [data as BrokerEvent] : []));
