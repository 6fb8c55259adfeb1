import type { FeatureSet } from '../feature-set.js';
import { alma } from './alma.js';
import { dema } from './dema.js';
import { ema } from './ema.js';
import { hull } from './hull.js';
import { kama } from './kama.js';
import { sma } from './sma.js';
import { smma } from './smma.js';
import { t3 } from './t3.js';
import { tema } from './tema.js';
import { trima } from './trima.js';
import { vwap } from './vwap.js';
import { vwma } from './vwma.js';
import { wma } from './wma.js';
import { zlema } from './zlema.js';

/** Averages of price. */
export const averages = { sma, ema, wma, smma, dema, tema, hull, kama, trima, zlema, t3, alma, vwap, vwma } satisfies FeatureSet;
