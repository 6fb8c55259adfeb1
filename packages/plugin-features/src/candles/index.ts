import type { FeatureSet } from '../feature-set.js';
import { candleBody } from './candle-body.js';
import { candlePattern } from './candle-pattern.js';
import { candleShadows } from './candle-shadows.js';
import { gap } from './gap.js';
import { heikinAshi } from './heikin-ashi.js';
import { insideBar, outsideBar } from './inside-bar.js';
import { positionInRange } from './position-in-range.js';

/** The shape of single bars and of a few in a row. */
export const candles = {
  'candle-body': candleBody,
  'candle-shadows': candleShadows,
  'position-in-range': positionInRange,
  gap,
  'inside-bar': insideBar,
  'outside-bar': outsideBar,
  'heikin-ashi': heikinAshi,
  'candle-pattern': candlePattern,
} satisfies FeatureSet;
