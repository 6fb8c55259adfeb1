import type { BarColumns, BarWindow, UtcMs } from '@keelson/core/domain';
import { REGIME, type Plugin } from '@keelson/core/plugin';
import type { Regime, RegimeClassifier, RegimeDefinition } from '@keelson/core/ports';
import { LAB_INSTRUMENT, runLab, type LabResult } from '../../lab/lab-run.js';
import type { Configured } from '../../lab/params-cards.js';
import { oncePer } from '../../lab/once.js';
import { livelyBars, oddBars, stillBars, type SampleOptions } from '../../lab/sample-bars.js';

/** A regime classifier, and the account that it is tried in. */
export type RegimeSubject = Configured & {
  readonly definition: RegimeDefinition;
  /** Plugins with the features that it uses. */
  readonly plugins?: readonly Plugin[];
  /** Every label that it may give, by dimension. Default: not held against it. */
  readonly labels?: Readonly<Record<string, readonly string[]>>;
  /** Id of a calendar that core ships; default `24/7`. */
  readonly calendar?: string;
  /** Default 1000. */
  readonly lengthBars?: number;
  readonly bars?: (length: number) => BarColumns;
};

/** What it gave on a bar: the object itself, and what that said then, as a copy and as text. */
export type Verdict = { readonly time: UtcMs; readonly given: Regime; readonly said: Regime; readonly text: string };

export type RegimeTrial = {
  readonly bars?: BarColumns;
  readonly calendar?: string;
  readonly chunkBars?: number;
  readonly around?: (call: () => Regime, bars: BarWindow) => Regime;
  readonly give?: (bars: BarWindow) => BarWindow;
  readonly making?: (make: () => RegimeClassifier) => RegimeClassifier;
};

export type RegimeRun = { readonly verdicts: readonly Verdict[]; readonly thrown: unknown; readonly lab: LabResult };

export const regimeBars = ({ bars, lengthBars = 1000, calendar }: RegimeSubject, make: (length: number, options: SampleOptions) => BarColumns = livelyBars): BarColumns =>
  bars !== undefined && make === livelyBars ? bars(lengthBars) : make(lengthBars, calendar === undefined ? {} : { calendar });

/** Runs the classifier in an account of the kernel, and notes what it gives. */
export async function runRegime(subject: RegimeSubject, trial: RegimeTrial = {}): Promise<RegimeRun> {
  const verdicts: Verdict[] = [];
  let thrown: unknown;
  const { around = (call) => call(), give = (bars) => bars, making = (make) => make() } = trial;
  const calendar = trial.calendar ?? subject.calendar;
  const definition: RegimeDefinition = {
    params: subject.definition.params,
    create(context): RegimeClassifier {
      const classifier = making(() => subject.definition.create(context));
      return {
        classify(bars, close) {
          try {
            const given = around(() => classifier.classify(give(bars), close), bars);
            verdicts.push({ time: close, given, said: copyOf(given), text: JSON.stringify(given) ?? 'undefined' });
            return given;
          } catch (error) {
            thrown ??= error;
            throw error;
          }
        },
      };
    },
  };
  const lab = await runLab({
    bars: { [LAB_INSTRUMENT]: trial.bars ?? regimeBars(subject) },
    provides: ['regime'],
    add: (add) => add(REGIME, 'subject', definition),
    config: { regimes: [{ use: 'subject', config: subject.params ?? {} }] },
    decide:
      () =>
      ({ bars, signal }) =>
        bars.count % 10 === 0 ? signal.flat() : bars.count % 10 === 5 ? signal.long() : undefined,
    ...(subject.plugins === undefined ? {} : { plugins: subject.plugins }),
    ...(calendar === undefined ? {} : { calendar }),
    ...(trial.chunkBars === undefined ? {} : { chunkBars: trial.chunkBars }),
  });
  return { verdicts, thrown, lab };
}

const SAMPLES = { lively: livelyBars, odd: oddBars, still: stillBars };

/** The runs that several cards look at. */
export const sampleRun: (subject: RegimeSubject, kind: keyof typeof SAMPLES) => Promise<RegimeRun> = oncePer((subject: RegimeSubject, kind) => runRegime(subject, { bars: regimeBars(subject, SAMPLES[kind as keyof typeof SAMPLES]) }));

const copyOf = (given: Regime | undefined): Regime => (typeof given === 'object' && given !== null ? { ...given, labels: given.labels === undefined ? given.labels : { ...given.labels } } : (given as unknown as Regime));
