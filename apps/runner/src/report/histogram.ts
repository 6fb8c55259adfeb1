import { formatNumber } from './format.js';
import { Html, html } from './html.js';

export type Bin = { readonly from: number; readonly to: number; readonly count: number };

/**
 * Equal bins of a round width with one border at 0; the outermost 0.5% on either side is gathered in the outer
 * bins, so that single outliers do not flatten the rest.
 */
export function binsOf(values: readonly number[], wanted = 31): Bin[] {
  if (values.length === 0) return [];
  const sorted = [...values].sort((a, b) => a - b);
  const low = Math.min(0, sorted[Math.floor(sorted.length * 0.005)] as number);
  const high = Math.max(0, sorted[Math.ceil(sorted.length * 0.995) - 1] as number);
  const width = roundUp((high - low) / wanted);
  if (!(width > 0)) return [{ from: 0, to: 0, count: values.length }];
  const first = Math.floor(low / width);
  const last = Math.max(first, Math.ceil(high / width) - 1);
  const counts = new Array<number>(last - first + 1).fill(0);
  for (const value of values) {
    const bin = Math.min(Math.max(Math.floor(value / width), first), last) - first;
    counts[bin] = (counts[bin] as number) + 1;
  }
  return counts.map((count, i) => ({ from: (first + i) * width, to: (first + i + 1) * width, count }));
}

/** The next of 1, 2, 2.5, 5 × 10^n. */
function roundUp(value: number): number {
  if (!(value > 0)) return 0;
  const unit = 10 ** Math.floor(Math.log10(value));
  return unit * ([1, 2, 2.5, 5, 10].find((step) => step * unit >= value * 0.999999) as number);
}

const WIDTH = 560;
const HEIGHT = 200;
const BASE = 172;

/** The bins as a picture, losses and gains in their colours; every bar tells its figures when pointed at. */
export function histogram(title: string, values: readonly number[], format: (value: number) => string): Html {
  if (values.length === 0) return html`<figure class="histogram"><figcaption>${title}</figcaption><p class="empty">None in this run.</p></figure>`;
  const bins = binsOf(values);
  const most = Math.max(...bins.map((bin) => bin.count));
  const step = WIDTH / bins.length;
  const average = values.reduce((sum, value) => sum + value, 0) / values.length;
  const bars = bins.map(({ from, to, count }, i) => {
    const height = count === 0 ? 0 : Math.max(1.5, (count / most) * (BASE - 22));
    const side = to <= 0 && from < 0 ? 'loss' : from === to ? 'even' : 'gain';
    const label = `${i === 0 && bins.length > 1 ? 'up to' : `${format(from)} to`} ${i === bins.length - 1 && i > 0 ? 'and more' : format(to)}: ${count}`;
    return html`<rect class="${side}" x="${(i * step + 0.75).toFixed(2)}" y="${(BASE - height).toFixed(2)}" width="${Math.max(1, step - 1.5).toFixed(2)}" height="${height.toFixed(2)}" rx="1.5"><title>${label}</title></rect>`;
  });
  const [low, high] = [bins[0]?.from as number, bins.at(-1)?.to as number];
  const at = (value: number): number => (high > low ? ((value - low) / (high - low)) * WIDTH : WIDTH / 2);
  const ticks = high > low ? [low, ...(low < 0 && high > 0 ? [0] : []), high] : [];
  const labels = ticks.map((tick) => {
    const x = at(tick);
    const anchor = tick === low ? 'start' : tick === high ? 'end' : 'middle';
    const crowded = tick === 0 && (x < 90 || x > WIDTH - 90);
    return crowded ? undefined : html`<text x="${x.toFixed(1)}" y="${HEIGHT - 8}" text-anchor="${anchor}">${format(tick)}</text>`;
  });
  const mean = html`<line class="mean" x1="${at(average).toFixed(1)}" x2="${at(average).toFixed(1)}" y1="18" y2="${BASE}"></line><text class="mean" x="${Math.min(Math.max(at(average), 60), WIDTH - 60).toFixed(1)}" y="12" text-anchor="middle">mean ${format(average)}</text>`;
  return html`<figure class="histogram"><figcaption>${title} <span class="count">${formatNumber(values.length, 0)}</span></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}: ${values.length} values, mean ${format(average)}, from ${format(Math.min(...sampled(values)))} to ${format(Math.max(...sampled(values)))}"><line class="base" x1="0" x2="${WIDTH}" y1="${BASE}" y2="${BASE}"></line>${bars}${mean}${labels}</svg></figure>`;
}

/** Least and greatest of many values: spreading more than some ten thousand arguments would fail. */
function sampled(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}
