/* A strategy that trades often, with and without prices of its own. */
import { STRATEGY, definePlugin, defineStrategy } from '@keelson/core/plugin';
import { z } from 'zod';

export default definePlugin({
  name: 'reckless',
  version: '1.0.0',
  api: '^1.0.0',
  provides: ['strategy'],
  register({ add }) {
    add(STRATEGY, 'reckless', defineStrategy({
      params: z.strictObject({}),
      create: ({ random, instrument }) => ({
        onBar({ bars, signal }) {
          const close = bars.close[bars.index];
          const roll = random.next();
          const distance = (6 + random.int(24)) * instrument.tickSize;
          const kind = random.int(4);
          const away = (sign) => ({
            ...(kind > 0 ? { stop: close - sign * distance } : {}),
            ...(kind > 1 ? { target: close + 2 * sign * distance } : {}),
            ...(kind > 2 ? { entry: close - 2 * sign * instrument.tickSize } : {}),
          });
          if (roll < 0.2) signal.long({ confidence: 0.9, reason: 'up', ...away(1) });
          else if (roll < 0.4) signal.short({ confidence: 0.9, reason: 'down', ...away(-1) });
          else if (roll < 0.5) signal.flat({ reason: 'out' });
        },
      }),
    }));
  },
});
