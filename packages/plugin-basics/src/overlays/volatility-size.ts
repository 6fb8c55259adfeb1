import { defineRiskOverlay } from '@keelson/core/plugin';
import { z } from 'zod';
import { atMost, entryOverlay, percent, show, veto } from './entry-overlay.js';

const params = z.strictObject({
  fraction: z.number().gt(0).max(1).default(0.01).describe('Most that one average range of the position may be, as a fraction of equity.'),
  period: z.int().min(1).max(500).default(14).describe('Bars of the average true range.'),
  timeframe: z.string().optional().describe("Timeframe of those bars; default: the account's own."),
});

/**
 * `volatility-size`: a ceiling on the quantity that is lower when the market moves more.
 *
 * The quantity is at most `fraction` × equity / (ATR × what a quantity of 1 gains when the price rises by 1): a
 * move of one average range then changes equity by `fraction` at most, in every instrument and on every day.
 * Before the range is warm, nothing is entered.
 *
 * Source: position sizing by ATR ("N") as in the Turtle rules: Curtis Faith, Way of the Turtle, 2007.
 */
export const volatilitySize = defineRiskOverlay({
  params,
  create({ params: { fraction, period, timeframe }, use }) {
    const atr = use('atr', { period }, timeframe === undefined ? {} : { timeframe });
    return entryOverlay((request) => {
      const range = atr.value;
      if (range === undefined) return veto(`atr(${period}) was not warm, expected a value`);
      const risk = range * request.pointValue;
      if (!(risk > 0)) return veto(`atr(${period}) was ${range} at a value of ${request.pointValue} a point, expected both above 0`);
      return atMost(request, (request.equity * fraction) / risk, `one atr(${period}) of ${show(range)} may move equity by ${percent(fraction)}`);
    });
  },
});
