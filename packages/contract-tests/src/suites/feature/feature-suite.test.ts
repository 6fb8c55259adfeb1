import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature, FeatureDefinition, FeatureNeed, Schema } from '@keelson/core/ports';
import { z } from 'zod';
import { proveSuite } from '../../../testing/twins.js';
import { featureSuite } from './feature-suite.js';
import type { FeatureSubject } from './feature-subject.js';

const PERIOD = 5;
const strict = z.strictObject({ period: z.int().min(1).default(PERIOD) });

/** A mean of closes over a window: sound, and what each twin is made of. */
class Mean implements Feature {
  warmupBars = PERIOD;
  protected closes: number[] = [];

  update(bars: BarWindow, out: Float64Array): void {
    this.take(bars.close[bars.index]);
    out[0] = this.closes.length < PERIOD ? NaN : this.value(bars);
  }
  protected take(close: number): void {
    this.closes.push(close);
    if (this.closes.length > PERIOD) this.closes.shift();
  }
  protected value(_bars: BarWindow): number {
    return this.closes.reduce((sum, close) => sum + close, 0) / PERIOD;
  }
  reset(): void {
    this.closes = [];
  }
}

const made = (create: () => Feature, more: { outputs?: readonly [string, ...string[]]; needs?: readonly FeatureNeed[]; params?: Schema } = {}): FeatureDefinition =>
  defineFeature({ params: more.params ?? strict, outputs: more.outputs ?? ['mean'], ...(more.needs === undefined ? {} : { needs: more.needs }), create });

/** Overrides of the sound feature. */
function twin(change: (feature: Mean & { closes: number[] }) => void, more?: Parameters<typeof made>[1]): FeatureDefinition {
  return made(() => {
    const feature = new Mean() as Mean & { closes: number[] };
    change(feature);
    return feature;
  }, more);
}

const valueOf = (feature: Mean & { closes: number[] }): number => feature.closes.reduce((sum, close) => sum + close, 0) / PERIOD;

let served = 0;
let shared: number[] = [];
let inTurn = false;
const keepInTurn = (): void => {
  if (inTurn) return;
  inTurn = true;
  void Promise.resolve().then(() => (inTurn = false));
};

const TWINS: Readonly<Record<string, readonly [string, FeatureDefinition]>> = {
  'FEA-010': ['takes other defaults each time', twin(() => undefined, { params: z.strictObject({ period: z.int().default(() => ++served) }) })],
  'FEA-020': ['lets any setting pass', twin(() => undefined, { params: z.object({ period: z.int().default(PERIOD) }) })],
  'FEA-030': ['lets any value pass', twin(() => undefined, { params: z.strictObject({ period: z.unknown().default(PERIOD) }) })],
  'FEA-040': ['has values from too few bars', twin((feature) => {
    feature.update = (bars, out) => {
      feature['take'](bars.close[bars.index]);
      out[0] = valueOf(feature) * (PERIOD / feature.closes.length);
    };
  })],
  'FEA-050': ['warms up longer than it says', twin((feature) => (feature.warmupBars = PERIOD - 2))],
  'FEA-060': ['goes on warming up', twin((feature) => {
    const { update } = feature;
    feature.update = (bars, out) => {
      update.call(feature, bars, out);
      if (bars.count === 50) feature.warmupBars++;
    };
  })],
  'FEA-070': ['notices where a block begins', twin((feature) => {
    const { update } = feature;
    feature.update = (bars, out) => {
      update.call(feature, bars, out);
      if (!inTurn) out[0] += 1;
      keepInTurn();
    };
  })],
  'FEA-080': ['reads the bar to come', twin((feature) => (feature['value'] = (bars) => valueOf(feature) + bars.close[(bars.index + 1) & bars.mask]))],
  'FEA-090': ['divides by a range of nothing', twin((feature) => (feature['value'] = (bars) => valueOf(feature) / (bars.high[bars.index] - bars.low[bars.index])))],
  'FEA-100': ['throws where the price stands still', twin((feature) => {
    feature['value'] = () => {
      if (feature.closes.every((close) => close === feature.closes[0])) throw new RangeError('no spread');
      return valueOf(feature);
    };
  })],
  'FEA-110': ['forgets a part only', twin((feature) => (feature.reset = () => feature.closes.splice(0, 3)))],
  'FEA-120': ['keeps its state beside its instances', made(() => {
    shared = [];
    return {
      warmupBars: 1,
      update: (bars, out) => {
        shared = [bars.close[bars.index], ...shared].slice(0, 3);
        out[0] = shared.reduce((a, b) => a + b, 0);
      },
      reset: () => void (shared = []),
    };
  })],
  'FEA-130': ['writes to the bars', twin((feature) => {
    feature['value'] = (bars) => {
      bars.open[bars.index] = 1;
      return valueOf(feature);
    };
  })],
  'FEA-140': ['reads the bars of the update before', twin((feature) => {
    let last: BarWindow | undefined;
    feature.update = (bars, out) => {
      const window = last ?? bars;
      last = bars;
      feature['take'](window.close[bars.index]);
      out[0] = feature.closes.length < PERIOD ? NaN : valueOf(feature);
    };
    feature.reset = () => {
      last = undefined;
      feature.closes = [];
    };
  })],
  'FEA-150': ['declares an output that it does not write', twin(() => undefined, { outputs: ['mean', 'other'] })],
  'FEA-160': ['returns a promise', twin((feature) => {
    const { update } = feature;
    feature.update = (bars, out) => Promise.resolve(update.call(feature, bars, out)) as never;
  })],
  'FEA-170': ['keeps every close', twin((feature) => {
    const all: number[] = [];
    feature['value'] = (bars) => {
      all.push(bars.close[bars.index]);
      return valueOf(feature);
    };
  })],
  'FEA-180': ['uses volume without a word', twin((feature) => (feature['value'] = (bars) => valueOf(feature) + bars.volume[bars.index]))],
  'FEA-190': ['declares a need that it has not', twin(() => undefined, { needs: ['volume'] })],
  'FEA-200': ['draws a random number', twin((feature) => (feature['value'] = () => valueOf(feature) + (Math.random() < 0 ? 1 : 0)))],
};

const weighted = (): FeatureDefinition => twin((feature) => (feature['value'] = (bars) => valueOf(feature) + bars.volume[bars.index]), { needs: ['volume'] });

proveSuite(
  featureSuite,
  (): FeatureSubject => ({ definition: weighted() }),
  Object.entries(TWINS).map(([breaks, [how, definition]]) => ({ breaks, how, subject: () => ({ definition }) })),
);
