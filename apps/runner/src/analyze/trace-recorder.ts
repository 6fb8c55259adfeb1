import type { BarWindow, UtcMs } from '@keelson/core/domain';
import type { AccountView, ComponentView, FeatureView, RegimeView, SeriesView, StrategyView } from '@keelson/core/engine';
import { KeelsonError } from '@keelson/core/errors';
import type { JournalRecord } from '@keelson/core/ports';
import { GrowingColumn } from './growing-column.js';
import { BAR_COLUMNS, featureKey, type BarColumn, type ComponentTrace, type Entry, type FeatureTrace, type SeriesTrace, type Trace } from './trace.js';

/** Values that one trace may hold: 1 GiB of them. */
const MOST_VALUES = 134_217_728;

const LISTS = { decision: 'signals', intent: 'orders', change: 'orders', cancel: 'orders', refusal: 'orders', plan: 'orders', 'broker-event': 'venue' } as const;
type Listed = keyof typeof LISTS;

/** Writes down everything that has a value on a bar, through what an engine shows of itself and through its journal. */
export class TraceRecorder {
  private series: readonly SeriesRecorder[] | undefined;
  private components: readonly ComponentRecorder[] = [];
  /** Ids in the account's order. */
  private instruments: readonly string[] = [];
  private readonly moments = new GrowingColumn();
  private readonly lists = { signals: [] as Entry[], orders: [] as Entry[], venue: [] as Entry[] };
  private pending: Array<{ readonly list: keyof TraceRecorder['lists']; readonly text: string }> = [];
  private values = 0;
  /** Close of the newest bar that was recorded. */
  now = Number.NaN;

  /** @param view looked at once the run has begun: only then is it known which features the data can feed */
  constructor(private readonly view: () => AccountView) {}

  private open(): readonly SeriesRecorder[] {
    const view = this.view();
    this.instruments = [...new Set(view.series.map(({ instrument }) => instrument))];
    this.components = [...view.regimes.map((regime) => new ComponentRecorder('regime', regime, regimeSays(regime))), ...view.strategies.map((strategy) => new ComponentRecorder('strategy', strategy, strategySays(strategy)))];
    return (this.series = view.series.map((series) => new SeriesRecorder(series)));
  }

  /** Goes to `RunOptions.observeBar`. */
  readonly observeBar = (instrument: number, _bars: BarWindow, close: UtcMs): void => {
    const all = this.series ?? this.open();
    const id = this.instruments[instrument];
    if (close !== this.now) this.moments.push(close);
    this.now = close;
    // what was written down since the bar before belongs to this moment: the venue hears of a bar first
    for (const { list, text } of this.pending) this.lists[list].push({ time: close, text });
    this.pending = [];
    for (const series of all) if (series.of(id)) this.values += series.record(close);
    for (const component of this.components) if (component.of(id)) component.record(close);
    if (this.values > MOST_VALUES) throw new KeelsonError('RUN_OUTPUT', `the bars and features come to more than ${MOST_VALUES} numbers, expected a run that fits into memory`, { hint: 'look at a part of the data: give --from and --to' });
  };

  /** Takes what the engine writes into its journal. */
  append(record: JournalRecord): void {
    const list = LISTS[record.kind as Listed] as (typeof LISTS)[Listed] | undefined;
    if (list !== undefined && !isConnection(record)) this.pending.push({ list, text: `${record.kind} ${JSON.stringify(record.data)}` });
  }

  trace(): Omit<Trace, 'uncut' | 'failure'> {
    const series = this.series ?? this.open();
    return { series: series.map((each) => each.trace()), components: this.components.map((component) => component.trace()), ...this.lists, moments: this.moments.values() };
  }
}

function valueOf(bars: BarWindow, name: BarColumn, row: number, seenAt: number): number {
  switch (name) {
    case 'seenAt':
      return seenAt;
    case 'bid':
    case 'ask':
    case 'bidSize':
    case 'askSize':
      return bars.depth?.[name][row] ?? Number.NaN;
    default:
      return bars[name][row] as number;
  }
}

const isConnection = (record: JournalRecord): boolean => (record.data as { readonly kind?: unknown } | null)?.kind === 'connection';

class SeriesRecorder {
  private readonly bars = Object.fromEntries(BAR_COLUMNS.map((name) => [name, new GrowingColumn()])) as Record<BarColumn, GrowingColumn>;
  private readonly features: ReadonlyArray<{ readonly view: FeatureView; readonly columns: readonly GrowingColumn[] }>;
  private count = 0;

  constructor(private readonly view: SeriesView) {
    this.features = view.features.map((feature) => ({ view: feature, columns: feature.outputs.map(() => new GrowingColumn()) }));
  }

  of(instrument: string | undefined): boolean {
    return this.view.instrument === instrument;
  }

  /** Takes over the bars that are new; returns how many numbers that were. */
  record(seenAt: number): number {
    const { bars } = this.view;
    const fresh = bars.count - this.count;
    this.count = bars.count;
    let values = 0;
    for (let back = fresh - 1; back >= 0; back--) {
      const row = (bars.index - back) & bars.mask;
      for (const name of BAR_COLUMNS) this.bars[name].push(valueOf(bars, name, row, seenAt));
      values += BAR_COLUMNS.length;
      for (const { view, columns } of this.features) {
        for (let output = 0; output < columns.length; output++) (columns[output] as GrowingColumn).push(view.at(output, back));
        values += columns.length;
      }
    }
    return values;
  }

  trace(): SeriesTrace {
    return {
      instrument: this.view.instrument,
      timeframe: this.view.timeframe,
      length: this.count,
      bars: Object.fromEntries(BAR_COLUMNS.map((name) => [name, this.bars[name].values()])) as Record<BarColumn, Float64Array>,
      features: this.features.map(({ view, columns }): FeatureTrace => ({ name: view.name, plugin: view.plugin, params: paramsText(view), outputs: view.outputs, warmupBars: view.warmupBars, columns: columns.map((column) => column.values()) })),
    };
  }
}

class ComponentRecorder {
  private readonly said: Entry[] = [];

  constructor(
    private readonly kind: ComponentTrace['kind'],
    private readonly view: ComponentView,
    /** What is said on this bar; undefined for nothing new. */
    private readonly says: (close: number) => string | undefined,
  ) {}

  of(instrument: string | undefined): boolean {
    return this.view.instrument === instrument;
  }

  record(close: number): void {
    const text = this.says(close);
    if (text !== undefined) this.said.push({ time: close, text });
  }

  trace(): ComponentTrace {
    const { id, plugin, place, instrument, uses } = this.view;
    return { kind: this.kind, id, plugin, place, instrument, uses: uses.map((feature) => featureKey(feature, { name: feature.name, params: paramsText(feature) })), said: this.said };
  }
}

function strategySays(view: StrategyView): (close: number) => string | undefined {
  return (close) => {
    if (view.askedAt !== close || view.vote.action === 'hold') return undefined;
    const { action, confidence, reason, entry, stop, target } = view.vote;
    const price = (name: string, value: number): string => (Number.isNaN(value) ? '' : `, ${name} ${value}`);
    return `${action}, confidence ${confidence}${price('entry', entry)}${price('stop', stop)}${price('target', target)}, reason ${JSON.stringify(reason)}`;
  };
}

function regimeSays(view: RegimeView): () => string | undefined {
  let last: unknown;
  let lastText: string | undefined;
  return () => {
    const { regime } = view;
    if (regime === last) return undefined;
    last = regime;
    const text = regime === undefined ? undefined : `${regime.tradable ? 'tradable' : `not tradable (${regime.reason})`}, ${JSON.stringify(regime.labels)}`;
    if (text === lastText) return undefined;
    return (lastText = text);
  };
}

const paramsText = (feature: FeatureView): string => JSON.stringify(feature.params) ?? '{}';
