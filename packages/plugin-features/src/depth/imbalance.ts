import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { ImbalanceReader } from './imbalance-reader.js';

/**
 * `imbalance`: on which side of the book more stands at the best price.
 *
 * Unit: a fraction. Range: −1 (all on the ask) to 1 (all on the bid), 0 where both sides are equal; no value where
 * the size of a side is not known or both are 0. Warm-up: 1 bar. Needs: depth.
 *
 * Formula: (bidSize − askSize) / (bidSize + askSize).
 *
 * Source: A. Cartea, R. Donnelly and S. Jaimungal, "Enhancing trading strategies with order book signals", *Applied
 * Mathematical Finance* 25 (2018).
 */
export const imbalance = defineFeature({
  params: z.strictObject({}),
  outputs: ['imbalance'],
  needs: ['depth'],
  ahead: true,
  create: () => new Imbalance(),
});

class Imbalance implements Feature {
  readonly warmupBars = 1;
  private readonly reader = new ImbalanceReader();

  update(bars: BarWindow, out: Float64Array): void {
    this.reader.read(bars);
    out[0] = this.reader.value[0];
  }

  reset(): void {}
}
