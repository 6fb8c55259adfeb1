/*
 * The workloads by hand: typed arrays, one pass, no framework. They are the yardstick, so they do the same
 * trades as the engine's workload and nothing else.
 */

/** SMA 10/30 long/flat, market orders at the next open. Returns the profit and the number of fills. */
export function bareA({ length, open, close }, tick) {
  const ticks = 1 / tick;
  let fast = 0;
  let slow = 0;
  let sign = 0;
  let position = 0;
  let wanted = 0;
  let cash = 0;
  let fills = 0;
  let peak = 0;
  let drawdown = 0;
  for (let i = 0; i < length; i++) {
    if (wanted !== position) {
      cash += (position - wanted) * open[i];
      position = wanted;
      fills++;
    }
    const price = close[i] * ticks;
    fast += price;
    slow += price;
    if (i >= 10) fast -= close[i - 10] * ticks;
    if (i >= 30) slow -= close[i - 30] * ticks;
    if (i >= 29) {
      const difference = fast * 3 - slow;
      if (difference > 0) {
        if (sign < 0) wanted = 1;
        sign = 1;
      } else if (difference < 0) {
        if (sign > 0) wanted = 0;
        sign = -1;
      }
    }
    const equity = cash + position * close[i];
    if (equity > peak) peak = equity;
    else if (peak - equity > drawdown) drawdown = peak - equity;
  }
  return { profit: cash + position * close[length - 1], fills, drawdown };
}

/** A with an RSI(14) filter, a bracket of 2 and 3 ATR(14), and 2 bps of commission. */
export function bareB({ length, open, high, low, close }, tick) {
  const ticks = 1 / tick;
  let fast = 0;
  let slow = 0;
  let sign = 0;
  let position = 0;
  let wanted = 0;
  let stop = 0;
  let target = 0;
  let cash = 0;
  let fills = 0;
  let peak = 0;
  let drawdown = 0;
  let gain = 0;
  let loss = 0;
  let atr = 0;
  for (let i = 0; i < length; i++) {
    const o = open[i];
    const h = high[i];
    const l = low[i];
    const c = close[i];
    if (wanted !== position) {
      cash += (position - wanted) * o - 0.0002 * o;
      position = wanted;
      fills++;
    }
    if (position !== 0) {
      const price = o <= stop ? o : o > target ? o : l <= stop ? stop : h > target ? target : 0;
      if (price !== 0) {
        cash += price * (1 - 0.0002);
        position = wanted = 0;
        fills++;
      }
    }
    fast += c * ticks;
    slow += c * ticks;
    if (i >= 10) fast -= close[i - 10] * ticks;
    if (i >= 30) slow -= close[i - 30] * ticks;
    if (i > 0) {
      const before = close[i - 1];
      const change = c - before;
      const up = change > 0 ? change : 0;
      const down = change < 0 ? -change : 0;
      const range = Math.max(h, before) - Math.min(l, before);
      if (i <= 14) {
        gain += up / 14;
        loss += down / 14;
        atr += range / 14;
      } else {
        gain = (gain * 13 + up) / 14;
        loss = (loss * 13 + down) / 14;
        atr = (atr * 13 + range) / 14;
      }
    }
    if (i >= 29) {
      const difference = fast * 3 - slow;
      if (difference > 0) {
        if (sign < 0 && position === 0 && gain > loss) {
          wanted = 1;
          stop = Math.ceil((c - 2 * atr) * ticks) * tick;
          target = Math.ceil((c + 3 * atr) * ticks) * tick;
        }
        sign = 1;
      } else if (difference < 0) {
        if (sign > 0) wanted = 0;
        sign = -1;
      }
    }
    const equity = cash + position * c;
    if (equity > peak) peak = equity;
    else if (peak - equity > drawdown) drawdown = peak - equity;
  }
  return { profit: cash + position * close[length - 1], fills, drawdown };
}
