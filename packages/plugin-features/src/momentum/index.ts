import type { FeatureSet } from '../feature-set.js';
import { awesomeOscillator } from './awesome-oscillator.js';
import { cci } from './cci.js';
import { cmo } from './cmo.js';
import { dpo } from './dpo.js';
import { macd } from './macd.js';
import { mfi } from './mfi.js';
import { momentumFeature } from './momentum.js';
import { ppo } from './ppo.js';
import { roc } from './roc.js';
import { rsi } from './rsi.js';
import { stochRsi } from './stoch-rsi.js';
import { stochastic } from './stochastic.js';
import { trix } from './trix.js';
import { tsi } from './tsi.js';
import { ultimateOscillator } from './ultimate-oscillator.js';
import { williamsR } from './williams-r.js';

/** How fast price moves, and whether the move tires. */
export const momentum = {
  rsi,
  macd,
  stochastic,
  'stoch-rsi': stochRsi,
  roc,
  momentum: momentumFeature,
  cci,
  'williams-r': williamsR,
  mfi,
  ppo,
  cmo,
  trix,
  tsi,
  'ultimate-oscillator': ultimateOscillator,
  'awesome-oscillator': awesomeOscillator,
  dpo,
} satisfies FeatureSet;
