import type { FeatureSet } from '../feature-set.js';
import { adx } from './adx.js';
import { aroon } from './aroon.js';
import { chandelier } from './chandelier.js';
import { donchian } from './donchian.js';
import { ichimoku } from './ichimoku.js';
import { keltner } from './keltner.js';
import { parabolicSar } from './parabolic-sar.js';
import { supertrend } from './supertrend.js';
import { trendStrength } from './trend-strength.js';
import { vortex } from './vortex.js';

/** Whether there is a trend, and where it would end. */
export const trend = { adx, aroon, ichimoku, 'parabolic-sar': parabolicSar, supertrend, donchian, keltner, vortex, chandelier, 'trend-strength': trendStrength } satisfies FeatureSet;
