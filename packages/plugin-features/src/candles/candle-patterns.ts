import { MASK, type CandleWindow } from './candle-window.js';

/** 1 rising, −1 falling, 0 absent; a pattern without a direction is 1. `i` is the newest candle. */
export type CandlePattern = {
  /** Candles that it looks at. */
  readonly candles: number;
  readonly find: (w: CandleWindow, i: number) => number;
};

const isDoji = (w: CandleWindow, i: number): boolean => w.body[i] <= w.tiny[i];
const isLong = (w: CandleWindow, i: number): boolean => w.body[i] > w.meanBody[i];
const isShort = (w: CandleWindow, i: number): boolean => w.body[i] <= w.meanBody[i];
const noUpper = (w: CandleWindow, i: number): boolean => w.upper[i] < w.tiny[i];
const noLower = (w: CandleWindow, i: number): boolean => w.lower[i] < w.tiny[i];
/** The body of `i` above that of `j`, or below it, without a common price. */
const bodyAbove = (w: CandleWindow, i: number, j: number): boolean => w.bottom[i] > w.top[j];
const bodyBelow = (w: CandleWindow, i: number, j: number): boolean => w.top[i] < w.bottom[j];
const within = (w: CandleWindow, i: number, j: number): boolean => w.top[i] < w.top[j] && w.bottom[i] > w.bottom[j];
const isMarubozu = (w: CandleWindow, i: number): boolean => isLong(w, i) && noUpper(w, i) && noLower(w, i);
const hammerShape = (w: CandleWindow, i: number): boolean => w.body[i] < w.meanBody[i] && w.lower[i] > w.body[i] && noUpper(w, i);
const starShape = (w: CandleWindow, i: number): boolean => w.body[i] < w.meanBody[i] && w.upper[i] > w.body[i] && noLower(w, i);

function engulfing(w: CandleWindow, i: number): number {
  const j = (i - 1) & MASK;
  if (w.colour[i] === w.colour[j]) return 0;
  return w.top[i] >= w.top[j] && w.bottom[i] <= w.bottom[j] && w.body[i] > w.body[j] ? w.colour[i] : 0;
}

function haramiOf(w: CandleWindow, i: number, small: boolean): number {
  const j = (i - 1) & MASK;
  return small && isLong(w, j) && w.top[i] <= w.top[j] && w.bottom[i] >= w.bottom[j] ? -w.colour[j] : 0;
}

function piercing(w: CandleWindow, i: number): number {
  const j = (i - 1) & MASK;
  const turns = w.colour[j] === -1 && isLong(w, j) && w.colour[i] === 1 && isLong(w, i);
  return turns && w.open[i] < w.low[j] && w.close[i] < w.open[j] && w.close[i] > w.close[j] + w.body[j] * 0.5 ? 1 : 0;
}

function darkCloudCover(w: CandleWindow, i: number): number {
  const j = (i - 1) & MASK;
  const turns = w.colour[j] === 1 && isLong(w, j) && w.colour[i] === -1;
  return turns && w.open[i] > w.high[j] && w.close[i] > w.open[j] && w.close[i] < w.close[j] - w.body[j] * 0.5 ? -1 : 0;
}

/** A long candle, a small one beyond it, and one that takes back three tenths of the first: the way of `direction`. */
function star(w: CandleWindow, i: number, direction: 1 | -1, doji: boolean): number {
  const j = (i - 1) & MASK;
  const k = (i - 2) & MASK;
  if (w.colour[k] !== -direction || !isLong(w, k) || w.colour[i] !== direction || isShort(w, i)) return 0;
  if (!(doji ? isDoji(w, j) : isShort(w, j))) return 0;
  if (direction === 1) return bodyBelow(w, j, k) && w.close[i] > w.close[k] + w.body[k] * 0.3 ? 1 : 0;
  return bodyAbove(w, j, k) && w.close[i] < w.close[k] - w.body[k] * 0.3 ? -1 : 0;
}

function abandonedBaby(w: CandleWindow, i: number): number {
  const j = (i - 1) & MASK;
  const k = (i - 2) & MASK;
  if (!isLong(w, k) || !isDoji(w, j) || isShort(w, i) || w.colour[i] === w.colour[k]) return 0;
  if (w.colour[i] === 1) return w.high[j] < w.low[k] && w.low[i] > w.high[j] && w.close[i] > w.close[k] + w.body[k] * 0.3 ? 1 : 0;
  return w.low[j] > w.high[k] && w.high[i] < w.low[j] && w.close[i] < w.close[k] - w.body[k] * 0.3 ? -1 : 0;
}

function threeWhiteSoldiers(w: CandleWindow, i: number): number {
  const j = (i - 1) & MASK;
  const k = (i - 2) & MASK;
  const white = w.colour[k] === 1 && w.colour[j] === 1 && w.colour[i] === 1 && noUpper(w, k) && noUpper(w, j) && noUpper(w, i);
  if (!white || !(w.close[i] > w.close[j] && w.close[j] > w.close[k])) return 0;
  const opensInside = w.open[j] > w.open[k] && w.open[j] <= w.close[k] + w.near[k] && w.open[i] > w.open[j] && w.open[i] <= w.close[j] + w.near[j];
  const keepsOn = w.body[j] > w.body[k] - w.far[k] && w.body[i] > w.body[j] - w.far[j] && !isShort(w, i);
  return opensInside && keepsOn ? 1 : 0;
}

function threeBlackCrows(w: CandleWindow, i: number): number {
  const j = (i - 1) & MASK;
  const k = (i - 2) & MASK;
  const l = (i - 3) & MASK;
  const black = w.colour[l] === 1 && w.colour[k] === -1 && w.colour[j] === -1 && w.colour[i] === -1 && noLower(w, k) && noLower(w, j) && noLower(w, i);
  const opensInside = w.open[j] < w.open[k] && w.open[j] > w.close[k] && w.open[i] < w.open[j] && w.open[i] > w.close[j];
  return black && opensInside && w.high[l] > w.close[k] && w.close[k] > w.close[j] && w.close[j] > w.close[i] ? -1 : 0;
}

function threeInside(w: CandleWindow, i: number): number {
  const j = (i - 1) & MASK;
  const k = (i - 2) & MASK;
  if (!isLong(w, k) || !isShort(w, j) || !within(w, j, k) || w.colour[i] === w.colour[k]) return 0;
  return w.colour[i] === 1 ? (w.close[i] > w.open[k] ? 1 : 0) : w.close[i] < w.open[k] ? -1 : 0;
}

function threeOutside(w: CandleWindow, i: number): number {
  const j = (i - 1) & MASK;
  const k = (i - 2) & MASK;
  if (w.colour[j] === w.colour[k] || !(w.top[j] > w.top[k] && w.bottom[j] < w.bottom[k])) return 0;
  return w.colour[j] === 1 ? (w.close[i] > w.close[j] ? 1 : 0) : w.close[i] < w.close[j] ? -1 : 0;
}

/** Whether a candle opens within the body of the one before, or near it. */
const opensNear = (w: CandleWindow, i: number, j: number): boolean => w.open[i] >= w.bottom[j] - w.near[j] && w.open[i] <= w.top[j] + w.near[j];

function threeLineStrike(w: CandleWindow, i: number): number {
  const j = (i - 1) & MASK;
  const k = (i - 2) & MASK;
  const l = (i - 3) & MASK;
  const way = w.colour[j];
  if (w.colour[k] !== way || w.colour[l] !== way || w.colour[i] !== -way || !opensNear(w, k, l) || !opensNear(w, j, k)) return 0;
  if (way === 1) return w.close[j] > w.close[k] && w.close[k] > w.close[l] && w.open[i] > w.close[j] && w.close[i] < w.open[l] ? 1 : 0;
  return w.close[j] < w.close[k] && w.close[k] < w.close[l] && w.open[i] < w.close[j] && w.close[i] > w.open[l] ? -1 : 0;
}

function kicking(w: CandleWindow, i: number): number {
  const j = (i - 1) & MASK;
  if (w.colour[i] === w.colour[j] || !isMarubozu(w, i) || !isMarubozu(w, j)) return 0;
  return (w.colour[i] === 1 ? w.low[i] > w.high[j] : w.high[i] < w.low[j]) ? w.colour[i] : 0;
}

function dojiStar(w: CandleWindow, i: number): number {
  const j = (i - 1) & MASK;
  if (!isLong(w, j) || !isDoji(w, i)) return 0;
  return (w.colour[j] === 1 ? bodyAbove(w, i, j) : bodyBelow(w, i, j)) ? -w.colour[j] : 0;
}

function tweezers(w: CandleWindow, i: number): number {
  const j = (i - 1) & MASK;
  if (w.colour[i] === w.colour[j] || !isLong(w, j)) return 0;
  const apart = w.colour[i] === 1 ? w.low[i] - w.low[j] : w.high[i] - w.high[j];
  return Math.abs(apart) <= w.equal[j] ? w.colour[i] : 0;
}

function matchingLow(w: CandleWindow, i: number): number {
  const j = (i - 1) & MASK;
  return w.colour[i] === -1 && w.colour[j] === -1 && w.close[i] <= w.close[j] + w.equal[j] && w.close[i] >= w.close[j] - w.equal[j] ? 1 : 0;
}

function homingPigeon(w: CandleWindow, i: number): number {
  const j = (i - 1) & MASK;
  return w.colour[i] === -1 && w.colour[j] === -1 && isLong(w, j) && isShort(w, i) && w.open[i] < w.open[j] && w.close[i] > w.close[j] ? 1 : 0;
}

const one = (holds: boolean): number => (holds ? 1 : 0);

/** Every pattern by its name; the definitions in words stand with `candle-pattern`. */
export const candlePatterns = {
  doji: { candles: 1, find: (w, i) => one(isDoji(w, i)) },
  'dragonfly-doji': { candles: 1, find: (w, i) => one(isDoji(w, i) && noUpper(w, i) && w.lower[i] > w.tiny[i]) },
  'gravestone-doji': { candles: 1, find: (w, i) => one(isDoji(w, i) && noLower(w, i) && w.upper[i] > w.tiny[i]) },
  'long-legged-doji': { candles: 1, find: (w, i) => one(isDoji(w, i) && (w.lower[i] > w.body[i] || w.upper[i] > w.body[i])) },
  'spinning-top': { candles: 1, find: (w, i) => one(w.body[i] < w.meanBody[i] && w.upper[i] > w.body[i] && w.lower[i] > w.body[i]) * w.colour[i] },
  'high-wave': { candles: 1, find: (w, i) => one(w.body[i] < w.meanBody[i] && w.upper[i] > 2 * w.body[i] && w.lower[i] > 2 * w.body[i]) * w.colour[i] },
  marubozu: { candles: 1, find: (w, i) => one(isMarubozu(w, i)) * w.colour[i] },
  'closing-marubozu': { candles: 1, find: (w, i) => one(isLong(w, i) && (w.colour[i] === 1 ? noUpper(w, i) : noLower(w, i))) * w.colour[i] },
  'belt-hold': { candles: 1, find: (w, i) => one(isLong(w, i) && (w.colour[i] === 1 ? noLower(w, i) : noUpper(w, i))) * w.colour[i] },
  hammer: { candles: 2, find: (w, i) => one(hammerShape(w, i) && w.bottom[i] <= w.low[(i - 1) & MASK] + w.near[(i - 1) & MASK]) },
  'hanging-man': { candles: 2, find: (w, i) => -one(hammerShape(w, i) && w.bottom[i] >= w.high[(i - 1) & MASK] - w.near[(i - 1) & MASK]) },
  'inverted-hammer': { candles: 2, find: (w, i) => one(starShape(w, i) && bodyBelow(w, i, (i - 1) & MASK)) },
  'shooting-star': { candles: 2, find: (w, i) => -one(starShape(w, i) && bodyAbove(w, i, (i - 1) & MASK)) },
  engulfing: { candles: 2, find: engulfing },
  harami: { candles: 2, find: (w, i) => haramiOf(w, i, isShort(w, i)) },
  'harami-cross': { candles: 2, find: (w, i) => haramiOf(w, i, isDoji(w, i)) },
  piercing: { candles: 2, find: piercing },
  'dark-cloud-cover': { candles: 2, find: darkCloudCover },
  tweezers: { candles: 2, find: tweezers },
  kicking: { candles: 2, find: kicking },
  'doji-star': { candles: 2, find: dojiStar },
  'matching-low': { candles: 2, find: matchingLow },
  'homing-pigeon': { candles: 2, find: homingPigeon },
  'morning-star': { candles: 3, find: (w, i) => star(w, i, 1, false) },
  'evening-star': { candles: 3, find: (w, i) => star(w, i, -1, false) },
  'morning-doji-star': { candles: 3, find: (w, i) => star(w, i, 1, true) },
  'evening-doji-star': { candles: 3, find: (w, i) => star(w, i, -1, true) },
  'abandoned-baby': { candles: 3, find: abandonedBaby },
  'three-white-soldiers': { candles: 3, find: threeWhiteSoldiers },
  'three-black-crows': { candles: 4, find: threeBlackCrows },
  'three-inside': { candles: 3, find: threeInside },
  'three-outside': { candles: 3, find: threeOutside },
  'three-line-strike': { candles: 4, find: threeLineStrike },
} satisfies Readonly<Record<string, CandlePattern>>;

export type CandlePatternName = keyof typeof candlePatterns;
