import { STRATEGY, definePlugin, defineStrategy } from '@keelson/core/plugin';
import { z } from 'zod';

/**
 * The strategies that the other engines' runs were made with: EMA 12/26 crosses in four forms.
 * `bracket` forms name stop and target themselves, from the close of the bar of the cross.
 */
const emaCross = defineStrategy({
  params: z.strictObject({ kind: z.enum(['longflat', 'flip', 'bracketlong', 'bracketboth']), fast: z.int(), slow: z.int() }),
  create({ params: { kind, fast: fastPeriod, slow: slowPeriod }, use }) {
    const fast = use('ema', { period: fastPeriod });
    const slow = use('ema', { period: slowPeriod });
    const rsi = use('rsi', { period: 14 });
    const atr = use('atr', { period: 14 });
    const bracketed = kind === 'bracketlong' || kind === 'bracketboth';
    return {
      onBar({ bars, position, signal }) {
        const up = fast.crossedAbove(slow);
        const down = fast.crossedBelow(slow);
        if (!up && !down) return;
        const close = bars.close[bars.index] as number;
        const range = atr.value as number;
        const levels = (sign: number) => (bracketed ? { stop: close - sign * 2 * range, target: close + sign * 3 * range } : {});
        if (kind === 'flip') {
          if (up) signal.long();
          else signal.short();
        } else if (kind === 'bracketboth' && position.quantity !== 0) {
          if (up === position.quantity < 0) signal.flat({ reason: 'signal' });
        } else if (up) {
          if (kind !== 'bracketlong' || (rsi.value as number) > 50) signal.long(levels(1));
        } else if (kind === 'bracketboth') signal.short(levels(-1));
        else signal.flat({ reason: 'signal' });
      },
    };
  },
});

export default definePlugin({
  name: 'ema-cross',
  version: '1.0.0',
  api: '^1.0.0',
  provides: ['strategy'],
  register: ({ add }) => add(STRATEGY, 'ema-cross', emaCross),
});
