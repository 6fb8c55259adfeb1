import { FEATURE, definePlugin } from '@keelson/core/plugin';
import { averages } from './averages/index.js';
import { candles } from './candles/index.js';
import { depth } from './depth/index.js';
import type { FeatureSet } from './feature-set.js';
import { momentum } from './momentum/index.js';
import { returns } from './returns/index.js';
import { session } from './session/index.js';
import { trend } from './trend/index.js';
import { volatility } from './volatility/index.js';
import { volume } from './volume/index.js';

/** Every family, in the order of the reference page. */
export const families = { returns, averages, momentum, trend, volatility, volume, candles, session, depth } satisfies Readonly<Record<string, FeatureSet>>;

export default definePlugin({
  name: '@keelson/plugin-features',
  version: '0.1.0',
  api: '^1.0.0',
  provides: ['feature'],
  register({ add }) {
    for (const family of Object.values(families)) {
      for (const [id, definition] of Object.entries(family)) add(FEATURE, id, definition);
    }
  },
});
