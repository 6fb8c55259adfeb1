import type { BarColumns, Instrument, Target } from '@keelson/core/domain';
import { RISK_OVERLAY, type Plugin } from '@keelson/core/plugin';
import type { BarContext, OverlayRequest, OverlayVerdict, RiskOverlay, RiskOverlayDefinition } from '@keelson/core/ports';
import { LAB_INSTRUMENT, runLab, type LabResult } from '../../lab/lab-run.js';
import type { Configured } from '../../lab/params-cards.js';
import { oncePer } from '../../lab/once.js';
import { livelyBars } from '../../lab/sample-bars.js';

/** A risk overlay, and the account that it is tried in. */
export type OverlaySubject = Configured & {
  readonly definition: RiskOverlayDefinition;
  /** Plugins with the features that it uses. */
  readonly plugins?: readonly Plugin[];
  /** Bars of each instrument; default: lively markets of `LAB`, `OTHER` and `THIRD`. */
  readonly bars?: (length: number) => Readonly<Record<string, BarColumns>>;
  /** Default 400. */
  readonly lengthBars?: number;
  /** Sections of the account file that it cannot do without, e.g. `news`. */
  readonly config?: Readonly<Record<string, unknown>>;
};

/** One question, and the answer; `request` is a copy that was made before. */
export type Review = { readonly instrument: string; readonly request: string; readonly target: Target; readonly verdict: OverlayVerdict };

export type OverlayTrial = {
  readonly bars?: Readonly<Record<string, BarColumns>>;
  readonly chunkBars?: number;
  readonly around?: (call: () => OverlayVerdict, request: OverlayRequest, overlay: RiskOverlay) => OverlayVerdict;
  readonly give?: (request: OverlayRequest) => OverlayRequest;
  readonly making?: (make: () => RiskOverlay) => RiskOverlay;
};

export type OverlayRun = { readonly reviews: readonly Review[]; readonly thrown: unknown; readonly lab: LabResult };

export const overlayBars = ({ bars, lengthBars = 400 }: OverlaySubject): Readonly<Record<string, BarColumns>> =>
  bars?.(lengthBars) ?? { [LAB_INSTRUMENT]: livelyBars(lengthBars), OTHER: livelyBars(lengthBars, { seed: 2 }), THIRD: livelyBars(lengthBars, { seed: 3 }) };

/** The words of a request that can be compared: all but the window of bars and what is asked for by a call. */
export const wordsOf = ({ target, time, position, regime, equity, balance, pointValue, recentTrades, ownTrades, others }: OverlayRequest): string =>
  JSON.stringify({ target, time, position, regime, equity, balance, pointValue, recentTrades, ownTrades, others });

/** Runs the overlay in an account of three instruments that enters long and short, with all sorts of stops and targets. */
export async function runOverlay(subject: OverlaySubject, trial: OverlayTrial = {}): Promise<OverlayRun> {
  const reviews: Review[] = [];
  let thrown: unknown;
  const { around = (call) => call(), give = (request) => request, making = (make) => make() } = trial;
  const definition: RiskOverlayDefinition = {
    params: subject.definition.params,
    create(context): RiskOverlay {
      const overlay = making(() => subject.definition.create(context));
      return {
        review(request) {
          const asked = { instrument: context.instrument.id, request: wordsOf(request), target: { ...request.target } };
          try {
            const verdict = around(() => overlay.review(give(request)), request, overlay);
            reviews.push({ ...asked, verdict });
            return verdict;
          } catch (error) {
            thrown ??= error;
            throw error;
          }
        },
      };
    },
  };
  const lab = await runLab({
    bars: trial.bars ?? overlayBars(subject),
    provides: ['risk-overlay'],
    add: (add) => add(RISK_OVERLAY, 'subject', definition),
    config: { sizing: { use: 'fixed-quantity', quantity: 10 }, ...subject.config, overlays: [{ use: 'subject', config: subject.params ?? {} }] },
    decide: ({ instrument }) => entriesOf(instrument),
    ...(subject.plugins === undefined ? {} : { plugins: subject.plugins }),
    ...(trial.chunkBars === undefined ? {} : { chunkBars: trial.chunkBars }),
  });
  return { reviews, thrown, lab };
}

/** The run that several cards look at. */
export const sampleRun: (subject: OverlaySubject, kind: 'own') => Promise<OverlayRun> = oncePer((subject: OverlaySubject) => runOverlay(subject));

/** Turns from long to short to flat every few bars: stops and targets near, far, one of the two, or none. */
function entriesOf({ id }: Instrument): (context: BarContext) => void {
  const shift = id.length;
  return ({ bars, signal }) => {
    const step = bars.count + shift;
    if (step % 6 !== 0) return;
    const close = bars.close[bars.index] as number;
    const turn = (step / 6) % 5;
    const sign = turn < 2 ? 1 : -1;
    const stop = step % 4 === 0 ? {} : { stop: close - sign * (0.3 + (step % 7) / 5) };
    const target = step % 5 === 0 ? {} : { target: close + sign * (0.2 + (step % 11) / 4) };
    const details = { confidence: 0.55 + (step % 8) / 20, reason: `step ${step}`, ...stop, ...target };
    if (turn === 4) signal.flat({ reason: 'out' });
    else if (sign > 0) signal.long(details);
    else signal.short(details);
  };
}
