import { STRATEGY, definePlugin, defineStrategy } from '@keelson/core/plugin';
import { z } from 'zod';

/** Long when the close leaves a channel of ATRs around its average, flat when it falls back to the average. */
const channelBreakout = defineStrategy({
  params: z.strictObject({
    period: z.int().min(2).default(50),
    width: z.number().positive().default(2),
  }),
  create({ params, use }) {
    const middle = use('sma', { period: params.period });
    const range = use('atr', { period: params.period });
    return {
      onBar({ bars, position, signal }) {
        const close = bars.close[bars.index];
        if (position.quantity === 0 && close > middle.value + params.width * range.value) {
          signal.long({ confidence: 0.6, reason: 'close left the channel' });
        } else if (position.quantity > 0 && close < middle.value) {
          signal.flat({ reason: 'close fell back to the average' });
        }
      },
    };
  },
});

export default definePlugin({
  name: 'channel-breakout',
  version: '1.0.0',
  api: '^1.0.0',
  provides: ['strategy'],
  register({ add }) {
    add(STRATEGY, 'channel-breakout', channelBreakout);
  },
});
