import { setImmediate } from 'node:timers/promises';
import { accountSchema } from '@keelson/core/config';
import type { BarColumns, BarWindow, OrderIntent, UtcMs } from '@keelson/core/domain';
import { MemoryJournal, composeAccount, replayJournal, type ReplayResult, type RunResult } from '@keelson/core/engine';
import { BROKER, DATA_FEED, STRATEGY, defineBroker, defineDataFeed, defineStrategy, definePlugin, type Plugin, type PluginContext, type PortName } from '@keelson/core/plugin';
import type { BarContext, DataFeedDefinition, JournalRecord, Logger, Schema, StrategyContext, Timer } from '@keelson/core/ports';
import { sliceBars } from '@keelson/core/series';
import { LabVenue } from './lab-venue.js';

/** Id of the first instrument of a lab account. */
export const LAB_INSTRUMENT = 'LAB';

/** One run of an account that is made for a trial. */
export type Lab = {
  /** Bars by instrument; a lone set belongs to {@link LAB_INSTRUMENT}. */
  readonly bars: BarColumns | Readonly<Record<string, BarColumns>>;
  /** Ports that `add` adds to. */
  readonly provides?: readonly PortName[];
  /** Adds what is tried, under ids that `config` names. */
  readonly add?: (add: PluginContext<unknown>['add']) => void;
  /** Plugins that it needs, e.g. those of its features. */
  readonly plugins?: readonly Plugin[];
  /** What the account decides by; default: nobody says anything. */
  readonly decide?: (context: StrategyContext<unknown>) => (context: BarContext) => void;
  /** Sections of the account file. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly calendar?: string;
  readonly tickSize?: number;
  readonly timeframe?: string;
  /** Folder of the account file. */
  readonly baseDir?: string;
  /** Limits in time. Default: {@link impatient}. */
  readonly timer?: Timer;
  /** Bars that the feed gives at a time; default: all. */
  readonly chunkBars?: number;
  /** Sees each bar after it was decided on. */
  readonly observeBar?: (instrument: number, bars: BarWindow, close: UtcMs) => void;
};

export type LabResult = {
  /** Undefined where the run broke off. */
  readonly result: RunResult | undefined;
  /** What it broke off with, also before its first bar. */
  readonly error: unknown;
  readonly submitted: readonly OrderIntent[];
  readonly records: readonly JournalRecord[];
  readonly log: readonly string[];
  /** Lives through the journal of the run, as it would be read from a file. */
  readonly replay: () => Promise<ReplayResult>;
};

/** Parameters of the lab's own parts: there are none to check. */
export const anything: Schema<unknown> = { '~standard': { version: 1, vendor: 'keelson', validate: (value: unknown) => ({ value }) } };

/** A limit in time passes after everything that is ready has run: nothing is waited for. */
export const impatient: Timer = {
  after(_ms, call) {
    let off = false;
    void (async () => {
      for (let turn = 0; turn < 5; turn++) await setImmediate();
      if (!off) call();
    })();
    return () => void (off = true);
  },
};

/** A limit in time never passes: what is asked answers, or fails, by itself. */
export const patient: Timer = { after: () => () => undefined };

/** Keeps what a record said when it was written, as a file does: not what became of its objects. */
class WrittenJournal extends MemoryJournal {
  override append(record: JournalRecord): void {
    super.append(record.kind === 'bars' ? record : (JSON.parse(JSON.stringify(record)) as JournalRecord));
  }
}

/** Puts an account together of the lab's feed and venue and what is tried, and runs it through the kernel. Never rejects. */
export async function runLab(lab: Lab): Promise<LabResult> {
  const sets = 'length' in lab.bars ? { [LAB_INSTRUMENT]: lab.bars as BarColumns } : (lab.bars as Readonly<Record<string, BarColumns>>);
  const journal = new WrittenJournal();
  const log: string[] = [];
  let venue: LabVenue | undefined;
  const plugin = definePlugin<unknown>({
    name: 'lab',
    version: '1.0.0',
    api: '*',
    provides: [...new Set<PortName>(['broker', 'data-feed', 'strategy', ...(lab.provides ?? [])])],
    register({ add }) {
      add(BROKER, 'lab', defineBroker({ params: anything, create: ({ instruments }) => (venue = new LabVenue(instruments)) }));
      add(DATA_FEED, 'lab', feedOf(sets, lab.chunkBars));
      add(STRATEGY, 'lab', defineStrategy({ params: anything, create: (context) => ({ onBar: lab.decide?.(context) ?? (() => undefined) }) }));
      lab.add?.(add);
    },
  });
  const parts = {
    config: accountSchema.parse({
      account: 'lab',
      initialCash: 1_000_000,
      instruments: Object.keys(sets).map((id) => ({ id, type: 'future', currency: 'USD', tickSize: lab.tickSize ?? 0.01, calendar: lab.calendar ?? '24/7' })),
      data: { feed: 'lab', timeframe: lab.timeframe ?? '1m' },
      broker: { use: 'lab' },
      strategies: [{ use: 'lab' }],
      ...lab.config,
    }),
    plugins: [{ plugin: plugin as Plugin, config: {}, source: 'lab' }, ...(lab.plugins ?? []).map((each) => ({ plugin: each, config: {}, source: each.name }))],
    baseDir: lab.baseDir ?? '.',
    logger: keptLog(log),
    timer: lab.timer ?? impatient,
  };
  let result: RunResult | undefined;
  let error: unknown;
  try {
    result = await composeAccount({ ...parts, journal }).run(lab.observeBar === undefined ? {} : { observeBar: lab.observeBar });
  } catch (thrown) {
    error = thrown;
  }
  const replay = (): Promise<ReplayResult> => replayJournal(parts, JSON.parse(JSON.stringify([...journal.read()])) as JournalRecord[]);
  return { result, error, submitted: venue?.submitted ?? [], records: [...journal.read()], log, replay };
}

function feedOf(sets: Readonly<Record<string, BarColumns>>, chunkBars: number | undefined): DataFeedDefinition {
  const all = Object.values(sets);
  return defineDataFeed({
    params: anything,
    create: () => ({
      capabilities: { history: true, live: false, volume: true, depth: all.every(({ depth }) => depth !== undefined) },
      connect: async () => undefined,
      disconnect: async () => undefined,
      provenance: () => [],
      warnings: () => [],
      history: ({ instrument }) => chunksOf(sets[instrument.id] as BarColumns, chunkBars),
    }),
  });
}

async function* chunksOf(bars: BarColumns, chunkBars: number | undefined): AsyncGenerator<BarColumns> {
  if (chunkBars === undefined) yield bars;
  else for (let start = 0; start < bars.length; start += chunkBars) yield sliceBars(bars, start, Math.min(bars.length, start + chunkBars));
}

/** A logger that writes down all that it is given, fields included. */
export function keptLog(lines: string[]): Logger {
  const write = (message: string, fields?: Readonly<Record<string, unknown>>): void => void lines.push(fields === undefined ? message : `${message} ${JSON.stringify(fields)}`);
  return { debug: write, info: write, warn: write, error: write };
}
