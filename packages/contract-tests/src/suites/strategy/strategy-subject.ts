import type { BarColumns, OrderIntent, SignalAction, SignalDetails, UtcMs } from '@keelson/core/domain';
import type { Plugin } from '@keelson/core/plugin';
import { STRATEGY } from '@keelson/core/plugin';
import type { BarContext, FeatureHandle, SignalWriter, Strategy, StrategyContext, StrategyDefinition, UseFeature } from '@keelson/core/ports';
import { LAB_INSTRUMENT, runLab, type LabResult } from '../../lab/lab-run.js';
import type { Configured } from '../../lab/params-cards.js';
import { oncePer } from '../../lab/once.js';
import { livelyBars } from '../../lab/sample-bars.js';

/** A strategy, and the account that it is tried in. */
export type StrategySubject = Configured & {
  readonly definition: StrategyDefinition;
  /** Plugins with the features that it uses. */
  readonly plugins?: readonly Plugin[];
  /** Id of a calendar that core ships; default `24/7`. */
  readonly calendar?: string;
  /** Default `1m`. */
  readonly timeframe?: string;
  /** How many bars of each instrument; default 1000. */
  readonly lengthBars?: number;
  /** Bars on which it gives signals, of instruments by id, the first is `LAB`; default: lively markets of `LAB` and `OTHER`. */
  readonly bars?: (length: number) => Readonly<Record<string, BarColumns>>;
  /** Sections of the account file that it cannot do without, e.g. `context`. */
  readonly config?: Readonly<Record<string, unknown>>;
};

/** What it said on a bar; the last word counts, all are kept. */
export type Said = { readonly instrument: string; readonly time: UtcMs; readonly action: Exclude<SignalAction, 'hold'>; readonly details: SignalDetails; readonly close: number };

/** `read` is the moment at which it read a feature without a value on a bar. */
export type StrategyRun = { readonly said: readonly Said[]; readonly calls: number; readonly blind: readonly Said[]; readonly submitted: readonly OrderIntent[]; readonly lab: LabResult };

export type StrategyTrial = {
  readonly bars?: Readonly<Record<string, BarColumns>>;
  /** True: no order is sent, and nothing is ever held. Default: every order fills. */
  readonly dry?: boolean;
  readonly calendar?: string;
  readonly chunkBars?: number;
  /** Wraps what the kernel calls. */
  readonly around?: (call: () => unknown, context: BarContext) => unknown;
  /** Replaces what the strategy is given. */
  readonly give?: (context: BarContext) => BarContext;
  /** Wraps the making of it. */
  readonly making?: (make: () => Strategy) => Strategy;
};

export const barsFor = ({ bars, lengthBars = 1000, calendar, timeframe }: StrategySubject): Readonly<Record<string, BarColumns>> => {
  if (bars !== undefined) return bars(lengthBars);
  const sample = { ...(calendar === undefined ? {} : { calendar }), ...(timeframe === undefined ? {} : { timeframe }) };
  return { [LAB_INSTRUMENT]: livelyBars(lengthBars, sample), OTHER: livelyBars(lengthBars, { ...sample, seed: 2 }) };
};

/** Runs the strategy in an account of the kernel. */
export async function runStrategy(subject: StrategySubject, trial: StrategyTrial = {}): Promise<StrategyRun> {
  const said: Said[] = [];
  const blind: Said[] = [];
  let calls = 0;
  const { around = (call) => call(), give = (context) => context, making = (make) => make() } = trial;
  const calendar = trial.calendar ?? subject.calendar;
  const definition: StrategyDefinition = {
    params: subject.definition.params,
    create(context: StrategyContext<unknown>): Strategy {
      const reads = { blind: false };
      const strategy = making(() => subject.definition.create({ ...context, use: watched(context.use, reads) }));
      return {
        onBar(seen) {
          calls++;
          reads.blind = false;
          const say =
            (action: Said['action']) =>
            (details: SignalDetails = {}): void => {
              const word: Said = { instrument: context.instrument.id, time: seen.time, action, details: { ...details }, close: seen.bars.close[seen.bars.index] as number };
              said.push(word);
              if (reads.blind && action !== 'flat') blind.push(word);
              seen.signal[action](details);
            };
          const signal: SignalWriter = { long: say('long'), short: say('short'), flat: say('flat') };
          const given = give({ time: seen.time, bars: seen.bars, position: seen.position, regime: seen.regime, signal });
          return around(() => strategy.onBar(given), seen) as undefined;
        },
      };
    },
  };
  const lab = await runLab({
    bars: trial.bars ?? barsFor(subject),
    provides: ['strategy'],
    add: (add) => add(STRATEGY, 'subject', definition),
    config: { ...subject.config, strategies: [{ use: 'subject', params: subject.params ?? {} }], ...(trial.dry === true ? { dryRun: true } : {}) },
    ...(subject.plugins === undefined ? {} : { plugins: subject.plugins }),
    ...(calendar === undefined ? {} : { calendar }),
    ...(subject.timeframe === undefined ? {} : { timeframe: subject.timeframe }),
    ...(trial.chunkBars === undefined ? {} : { chunkBars: trial.chunkBars }),
  });
  return { said, calls, blind, submitted: lab.submitted, lab };
}

/** The runs that several cards look at: every order fills, or none is sent. */
export const sampleRun: (subject: StrategySubject, kind: 'filled' | 'dry') => Promise<StrategyRun> = oncePer((subject: StrategySubject, kind) => runStrategy(subject, { dry: kind === 'dry' }));

/** Handles that note when a feature without a value is read, unless it was asked for as optional. */
function watched(use: UseFeature, reads: { blind: boolean }): UseFeature {
  const inner = new WeakMap<FeatureHandle, FeatureHandle>();
  const wrap = (handle: FeatureHandle, optional: boolean): FeatureHandle => {
    const plain = (other: FeatureHandle | number): FeatureHandle | number => (typeof other === 'number' ? other : (inner.get(other) ?? other));
    const watcher: FeatureHandle = {
      get value() {
        const { value } = handle;
        if (value === undefined && !optional) reads.blind = true;
        return value;
      },
      get ready() {
        return handle.ready;
      },
      get unavailable() {
        return handle.unavailable;
      },
      at: (bars) => handle.at(bars),
      output: (name) => wrap(handle.output(name), optional),
      crossedAbove: (other) => handle.crossedAbove(plain(other)),
      crossedBelow: (other) => handle.crossedBelow(plain(other)),
    };
    inner.set(watcher, handle);
    return watcher;
  };
  return (name, params, options) => wrap(use(name, params, options), options?.optional === true);
}

/** What was wanted, without the words for it. */
export const wanted = ({ instrument, time, action, details: { confidence, entry, stop, target, invalidation } }: Said): Readonly<Record<string, unknown>> => ({ instrument, time, action, confidence, entry, stop, target, invalidation });
