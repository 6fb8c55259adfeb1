import type { BarColumns, BarWindow, Timeframe } from '../domain/market-data.js';
import type { Desk } from '../pipeline/desk.js';
import type { FeatureBank } from '../pipeline/feature-bank.js';
import { FEATURE_WINDOW } from '../pipeline/feature-window.js';
import type { PluginRegistry } from '../plugin/registry.js';
import { FEATURE } from '../plugin/tokens.js';
import type { ComputedBars, KeptFeature } from '../ports/bar-store.js';
import type { FeatureHandle } from '../ports/feature-handle.js';
import { allocateBars, copyDepth } from '../series/bar-columns.js';
import type { StoredFeed } from './stored-feed.js';
import type { FeatureDesk } from './use-feature.js';

/** Features that are kept beside bars, with their own defaults unless named here. */
const KEPT: Readonly<Record<KeptFeature, readonly [feature: string, params: Readonly<Record<string, unknown>>]>> = {
  atr: ['atr', { period: 14 }],
  realisedVolatility: ['realised-volatility', {}],
  vwap: ['vwap', {}],
  volumeTrend: ['volume-trend', {}],
  spread: ['spread', {}],
  imbalance: ['imbalance', {}],
};
const NAMES = Object.keys(KEPT) as KeptFeature[];
const BAR = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

/** Bars that may come in before they are read: features keep no more values than a window. */
const MOST = FEATURE_WINDOW / 2;

type KeptSeries = {
  readonly bars: BarWindow;
  readonly bank: FeatureBank;
  /** Undefined for a feature that no plugin provides. */
  readonly handles: ReadonlyArray<FeatureHandle | undefined>;
  /** Bars read so far, or skipped. */
  taken: number;
};
type KeptDesk = { readonly desk: Desk; readonly series: readonly KeptSeries[]; read: ComputedBars[] };

/**
 * Hands bars of all timeframes to the store of `data.store`, with what the account's own features made of them. It
 * reads them once a moment's features are computed; they are written off the bar path.
 */
export class FeatureKeeper {
  private readonly desks: readonly KeptDesk[];
  private isWaiting = false;

  constructor(
    private readonly feed: StoredFeed,
    private readonly base: Timeframe,
    desks: readonly Desk[],
    features: FeatureDesk,
    registry: PluginRegistry,
  ) {
    this.desks = desks.map((desk) => ({
      desk,
      read: [],
      series: [desk, ...desk.higher].map(({ bars, bank }) => ({
        bars,
        bank,
        taken: 0,
        handles: NAMES.map((name) => {
          const [feature, params] = KEPT[name];
          return registry.get(FEATURE, feature) === undefined ? undefined : features.keep(desk, bank, feature, params);
        }),
      })),
    }));
  }

  /** Looks for bars that were seen since the last call; called after each moment. */
  take(): void {
    const { desks } = this;
    for (let i = 0; i < desks.length; i++) {
      const { series } = desks[i] as KeptDesk;
      for (let k = 0; k < series.length; k++) {
        const { bank, taken } = series[k] as KeptSeries;
        if (bank.count - taken >= MOST) this.readOne(desks[i] as KeptDesk, series[k] as KeptSeries);
      }
    }
    if (this.isWaiting) return;
    this.isWaiting = true;
    this.feed.afterWrites(() => this.write());
  }

  /** Bars that were seen so far are kept already. */
  skip(): void {
    for (const { series } of this.desks) for (const each of series) each.taken = each.bank.count;
  }

  private async write(): Promise<void> {
    this.isWaiting = false;
    for (const kept of this.desks) {
      for (const series of kept.series) if (series.bank.count > series.taken) this.readOne(kept, series);
      const { read } = kept;
      kept.read = [];
      if (read.length > 0) await this.feed.keepFeatures(kept.desk.instrument, this.base, read);
    }
  }

  private readOne(kept: KeptDesk, series: KeptSeries): void {
    const { bars, bank, handles } = series;
    const length = bank.count - series.taken;
    const seen = Float64Array.from({ length }, (_, row) => series.taken + row + 1);
    series.taken = bank.count;
    const features = Object.fromEntries(NAMES.map((name, i) => [name, Float64Array.from({ length }, (_, row) => handles[i]?.at(length - 1 - row) ?? Number.NaN)])) as Record<KeptFeature, Float64Array>;
    kept.read.push({ timeframe: bank.timeframe, bars: newest(bars, length), features, seen });
  }
}

function newest(bars: BarWindow, length: number): BarColumns {
  const columns = allocateBars(length, bars.depth !== undefined);
  for (let row = 0; row < length; row++) {
    const from = (bars.index - (length - 1 - row)) & bars.mask;
    for (const name of BAR) columns[name][row] = bars[name][from] as number;
    if (columns.depth !== undefined) copyDepth(bars.depth, from, columns.depth, row);
  }
  return columns;
}
