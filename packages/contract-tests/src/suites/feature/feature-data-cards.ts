import type { BarColumns } from '@keelson/core/domain';
import type { FeatureNeed } from '@keelson/core/ports';
import { copyBars } from '@keelson/core/series';
import { OFFLINE, type Card } from '../../frame/card.js';
import { expectThat, vacuousUnless } from '../../frame/expectations.js';
import { ambientReads } from '../../lab/ambient.js';
import { expectSameColumns } from './feature-compare.js';
import { lively, makeFeature, runBare, type FeatureSubject } from './feature-subject.js';

const NEEDS: readonly FeatureNeed[] = ['volume', 'depth'];

/** What a feature reads. */
export const featureDataCards: ReadonlyArray<Card<FeatureSubject>> = [
  {
    id: 'FEA-180',
    title: 'reads no volume and no order book unless it says that it needs them',
    why: 'On a feed without them it would take zeros for a quiet market',
    tiers: OFFLINE,
    run(subject) {
      const undeclared = NEEDS.filter((need) => subject.definition.needs?.includes(need) !== true);
      vacuousUnless(undeclared.length > 0, 'it says that it needs both');
      const bars = lively(subject);
      const wanted = runBare(subject, bars);
      for (const need of undeclared) expectSameColumns(subject, runBare(subject, without(bars, need)), wanted, bars.length, `on bars without ${need}, which is not among its needs,`);
    },
  },
  {
    id: 'FEA-190',
    title: 'uses what it says that it needs',
    why: 'A need that is none keeps it, and every strategy with it, from feeds that would do',
    tiers: OFFLINE,
    run(subject) {
      const { needs = [] } = subject.definition;
      vacuousUnless(needs.length > 0, 'it needs nothing but prices');
      const bars = lively(subject);
      const values = runBare(subject, bars);
      for (const need of needs) {
        const others = runBare(subject, otherwise(bars, need));
        expectThat(
          values.some((column, k) => column.some((value, row) => !Object.is(value, others[k]?.[row]))),
          `its values were the same with another ${need}`,
          `values that depend on ${need}, or needs without it`,
        );
      }
    },
  },
  {
    id: 'FEA-200',
    title: 'reads neither the clock nor the chance of the machine',
    why: 'A run must come out the same tomorrow, and on another machine',
    tiers: OFFLINE,
    run(subject) {
      const bars = lively(subject);
      const reads = ambientReads(() => {
        const feature = makeFeature(subject);
        runBare(subject, bars, { feature });
        feature.reset();
      });
      expectThat(reads.length === 0, `it read ${reads.join(', ')}`, 'times from the bars, and nothing by chance');
    },
  },
];

/** Zeros for volume, as feeds without have them; no order book. */
function without(bars: BarColumns, need: FeatureNeed): BarColumns {
  const copy = copyBars(bars);
  if (need === 'depth') return { ...copy, depth: undefined };
  copy.volume.fill(0);
  return copy;
}

function otherwise(bars: BarColumns, need: FeatureNeed): BarColumns {
  const copy = copyBars(bars);
  const { depth } = copy;
  if (need === 'volume') copy.volume.forEach((volume, i) => (copy.volume[i] = volume * (1 + (i % 7))));
  else if (depth !== undefined) {
    depth.bidSize.forEach((size, i) => (depth.bidSize[i] = size * (2 + (i % 7))));
    depth.bid.forEach((bid, i) => (depth.bid[i] = bid - (i % 7) / 100));
  }
  return copy;
}
