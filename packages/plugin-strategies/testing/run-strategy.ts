import type { BarColumns, SignalAction, SignalDetails } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import type { BarContext, FeatureDefinition, FeatureHandle, StrategyDefinition, UseContext, UseFeature } from '@keelson/core/ports';
import { BarRing } from '@keelson/core/series';
import plugin from '@keelson/plugin-features';
import { noContext } from '@keelson/test-kit/context';
import { createFeature, instrumentWith, parse, runFeature } from '@keelson/test-kit/features';

export type Said = { readonly bar: number; readonly action: SignalAction } & Partial<Readonly<Record<'entry' | 'stop' | 'target', number>>> & {
    readonly confidence: number | undefined;
    readonly reason: string | undefined;
  };

/** `quantity` is the position that the account holds when the bar has closed; it may depend on what was said before. */
export type Holding = (bar: number, said: readonly Said[]) => number;

/** The position that follows every signal at once. */
export const obedient: Holding = (_bar, said) => {
  const last = said.at(-1)?.action;
  return last === 'long' ? 1 : last === 'short' ? -1 : 0;
};

export type StrategyRun = {
  readonly holding?: Holding;
  /** Id of the instrument whose bars are given. */
  readonly instrument?: string;
  /** Series of `context:`, by name: the value on each bar. */
  readonly series?: Readonly<Record<string, (bar: number) => number | undefined>>;
  /** Bars of the account's other instruments, by id. */
  readonly others?: Readonly<Record<string, BarColumns>>;
};

/** What the strategy says on each bar once its features are warm; holds are left out. */
export function runStrategy(definition: StrategyDefinition, params: Record<string, unknown>, bars: BarColumns, run: StrategyRun = {}): Said[] {
  const { holding = () => 0, instrument = 'TEST', others = {}, series = {} } = run;
  const features = featuresOfPlugin();
  const cursors = new Map([[instrument, { bars, row: -1, warm: 0 }]]);
  for (const [id, columns] of Object.entries(others)) cursors.set(id, { bars: columns, row: -1, warm: 0 });
  const use: UseFeature = (name, featureParams = {}, options = {}) => {
    const feature = features.get(name);
    if (!feature) throw new Error(`feature was ${name}, expected one of ${[...features.keys()].join(', ')}`);
    const cursor = cursors.get(options.instrument ?? instrument);
    if (!cursor) throw new Error(`instrument was ${options.instrument}, expected one of ${[...cursors.keys()].join(', ')}`);
    const running = createFeature(feature, featureParams);
    cursor.warm = Math.max(cursor.warm, running.warmupBars);
    const columns = runFeature(running, cursor.bars, feature.outputs.length);
    const handles: ColumnHandle[] = columns.map((column) => new ColumnHandle(column, cursor, (output) => handles[feature.outputs.indexOf(output)]));
    return handles[0];
  };
  const own = cursors.get(instrument) as { row: number };
  const strategy = definition.create({ params: parse(definition.params, params), instrument: { ...instrumentWith(0.01), id: instrument }, use, context: contextOf(series, own), random: noChance });

  const said: Said[] = [];
  const say = (action: SignalAction) => (details: SignalDetails = {}) => {
    // the last one on a bar counts
    if (said.at(-1)?.bar === own.row) said.pop();
    said.push({ bar: own.row, action, ...details, confidence: details.confidence, reason: details.reason });
  };
  const ring = new BarRing();
  const position = { quantity: 0 };
  const context = { bars: ring, position, signal: { long: say('long'), short: say('short'), flat: say('flat') }, regime: { tradable: true, reason: '', labels: {} } };
  for (let row = 0; row < bars.length; row++) {
    ring.push(bars, row);
    for (const cursor of cursors.values()) while (cursor.row + 1 < cursor.bars.length && cursor.bars.time[cursor.row + 1] <= bars.time[row]) cursor.row++;
    position.quantity = holding(row, said);
    if ([...cursors.values()].every(({ row: newest, warm }) => newest + 1 >= warm)) strategy.onBar({ ...context, time: toUtcMs(bars.time[row] + 60_000) } as unknown as BarContext);
  }
  return said;
}

function contextOf(series: NonNullable<StrategyRun['series']>, cursor: { readonly row: number }): UseContext {
  return (name, options) => {
    const at = series[name];
    if (at === undefined) return noContext(name, options);
    return {
      get value() {
        return at(cursor.row);
      },
      get ready() {
        return at(cursor.row) !== undefined;
      },
      ageMs: 0,
    };
  };
}

function featuresOfPlugin(): Map<string, FeatureDefinition> {
  const features = new Map<string, FeatureDefinition>();
  const unused = () => undefined;
  plugin.register({
    config: {},
    hooks: { observe: unused, transform: unused, review: unused },
    container: undefined as never,
    add: (token, id, definition) => {
      if (token.port === 'feature') features.set(id, definition as FeatureDefinition);
    },
    onStart: unused,
    onStop: unused,
  });
  return features;
}

const noChance = {
  next: (): number => 0,
  int: (): number => 0,
  normal: (): number => 0,
  fork: () => noChance,
};

/** The cross rule of the port, written down a second time and plainly, over a whole column. */
class ColumnHandle implements FeatureHandle {
  readonly unavailable = undefined;

  constructor(
    private readonly column: Float64Array,
    private readonly cursor: { row: number },
    private readonly siblings: (output: string) => ColumnHandle,
  ) {}

  get value(): number | undefined {
    return this.at(0);
  }

  get ready(): boolean {
    return this.value !== undefined;
  }

  at(bars: number): number | undefined {
    const value = this.column[this.cursor.row - bars];
    return value === undefined || Number.isNaN(value) ? undefined : value;
  }

  output(name: string): FeatureHandle {
    return this.siblings(name);
  }

  crossedAbove(other: FeatureHandle | number): boolean {
    return this.difference(other, 0) > 0 && this.lastSign(other) < 0;
  }

  crossedBelow(other: FeatureHandle | number): boolean {
    return this.difference(other, 0) < 0 && this.lastSign(other) > 0;
  }

  private difference(other: FeatureHandle | number, bars: number): number {
    return (this.at(bars) ?? NaN) - ((typeof other === 'number' ? other : other.at(bars)) ?? NaN);
  }

  /** Sign of the newest difference before this bar that was not zero; 0 for none. */
  private lastSign(other: FeatureHandle | number): number {
    for (let bars = 1; bars <= this.cursor.row; bars++) {
      const difference = this.difference(other, bars);
      if (Number.isNaN(difference)) return 0;
      if (difference !== 0) return Math.sign(difference);
    }
    return 0;
  }
}
