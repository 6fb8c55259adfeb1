import type { Sample } from './sample.js';
import type { TickScale } from './tick-scale.js';

/**
 * Mean of prices by volume; they enter and leave without drift: what is summed are distances from the first
 * price, each sum in two doubles as in `DoubleSum`. A volume of 0, and a price or volume that is not finite,
 * takes no part.
 */
export class WeightedMean {
  /** The mean as {@link settle} found it; NaN where there is no volume. */
  value = NaN;
  private products = 0;
  private productsRest = 0;
  private volumes = 0;
  private volumesRest = 0;
  /** What enters or leaves the sums next. */
  private product = 0;
  private volume = 0;
  /** Prices with a volume: where there are none the sums begin anew. */
  private members = 0;
  /** The first of them, as the sum of its parts, and the price that it stands for. */
  private origin = NaN;
  private base = NaN;

  constructor(
    private readonly scale: TickScale,
    private readonly parts: number,
  ) {}

  add(sample: Sample, volumes: Float64Array, at: number): void {
    const { price } = sample;
    const volume = volumes[at];
    if (!(volume > 0 && volume < Infinity && price - price === 0)) return;
    if (this.members++ === 0) this.begin(sample);
    this.product = (price - this.origin) * volume;
    this.volume = volume;
    this.accumulate();
  }

  /** Takes out what was added before. */
  remove(prices: Float64Array, volumes: Float64Array, at: number): void {
    const price = prices[at];
    const volume = volumes[at];
    if (!(volume > 0 && volume < Infinity && price - price === 0)) return;
    if (--this.members === 0) {
      this.clear();
    } else {
      this.product = (this.origin - price) * volume;
      this.volume = -volume;
      this.accumulate();
    }
  }

  settle(): void {
    // where there are none `clear` has set it to NaN
    if (this.members > 0) this.value = this.base + (this.products + this.productsRest) / ((this.volumes + this.volumesRest) * this.parts);
  }

  clear(): void {
    this.products = 0;
    this.productsRest = 0;
    this.volumes = 0;
    this.volumesRest = 0;
    this.members = 0;
    this.value = NaN;
  }

  private accumulate(): void {
    const { product, products, volume, volumes } = this;
    this.products = products + product;
    const productBack = this.products - products;
    this.productsRest += products - (this.products - productBack) + (product - productBack);
    this.volumes = volumes + volume;
    const volumeBack = this.volumes - volumes;
    this.volumesRest += volumes - (this.volumes - volumeBack) + (volume - volumeBack);
  }

  private begin({ ticks, price }: Sample): void {
    this.origin = price;
    this.base = ticks === ticks ? this.scale.price(ticks, this.parts) : price / this.parts;
  }
}
