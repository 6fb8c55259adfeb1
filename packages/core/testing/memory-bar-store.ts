import type { BarColumns } from '../src/domain/market-data.js';
import type { BarSeries, BarSpan, BarStore, ComputedBars } from '../src/ports/bar-store.js';
import { joinBars, sliceBars } from '../src/series/bar-columns.js';

type Kept = { spans: BarSpan[]; bars: Map<number, BarColumns> };

/** A store that lives as long as the test: one row per bar, spans as a list. */
export class MemoryBarStore implements BarStore {
  readonly kept = new Map<string, Kept>();
  readonly computed: ComputedBars[] = [];
  /** Thrown by the next write. */
  fault: Error | undefined;

  async open(): Promise<void> {}
  async close(): Promise<void> {}

  async spans(series: BarSeries): Promise<readonly BarSpan[]> {
    return this.of(series).spans;
  }

  async *read(series: BarSeries, { from, to }: BarSpan): AsyncGenerator<BarColumns> {
    const times = [...this.of(series).bars.keys()].filter((time) => time >= from && time < to).sort((a, b) => a - b);
    if (times.length > 0) yield joinBars(times.map((time) => this.of(series).bars.get(time) as BarColumns));
  }

  async write(series: BarSeries, span: BarSpan, bars: BarColumns): Promise<void> {
    if (this.fault !== undefined) throw this.fault;
    const kept = this.of(series);
    for (const time of kept.bars.keys()) if (time >= span.from && time < span.to) kept.bars.delete(time);
    for (let row = 0; row < bars.length; row++) kept.bars.set(bars.time[row] as number, joinBars([sliceBars(bars, row, row + 1)]));
    const touching = kept.spans.filter(({ from, to }) => from <= span.to && to >= span.from);
    const merged = { from: Math.min(span.from, ...touching.map(({ from }) => from)), to: Math.max(span.to, ...touching.map(({ to }) => to)) };
    kept.spans = [...kept.spans.filter((each) => !touching.includes(each)), merged].sort((a, b) => a.from - b.from);
  }

  async keepFeatures(_base: BarSeries, computed: readonly ComputedBars[]): Promise<void> {
    this.computed.push(...computed);
  }

  private of(series: BarSeries): Kept {
    const key = JSON.stringify(series);
    const kept = this.kept.get(key) ?? { spans: [], bars: new Map() };
    this.kept.set(key, kept);
    return kept;
  }
}
