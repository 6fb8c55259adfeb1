/*
 * A deliberate fault, to show what `keelson analyze lookahead` finds. Never build a feature like this one: it reads
 * the whole file of bars by itself, and looks up the close that comes after the bar it is asked about.
 */
import { readFileSync } from 'node:fs';
import { FEATURE, STRATEGY, definePlugin, defineFeature, defineStrategy } from '@keelson/core/plugin';
import { z } from 'zod';

/** Close of the bar `ahead` bars later, taken from a file: the future. */
const nextClose = defineFeature({
  params: z.strictObject({ ahead: z.int().min(0).default(1) }),
  outputs: ['close'],
  create({ params }) {
    const rows = readFileSync(new URL('./bars.csv', import.meta.url), 'utf8').trim().split('\n').slice(1);
    const closes = rows.map((row) => Number(row.split(',')[4]));
    const placeOf = new Map(rows.map((row, i) => [Date.parse(row.split(',')[0]), i]));
    return {
      warmupBars: 1,
      update(bars, out) {
        out[0] = closes[placeOf.get(bars.time[bars.index]) + params.ahead];
      },
      reset() {},
    };
  },
});

/** Does nothing wrong itself: it believes what the feature says. */
const believer = defineStrategy({
  params: z.strictObject({}),
  create({ use }) {
    const next = use('next-close', { ahead: 1 });
    return {
      onBar({ bars, signal }) {
        if (next.value === undefined) return;
        if (next.value > bars.close[bars.index]) signal.long({ reason: 'the next close is higher' });
        else signal.flat({ reason: 'the next close is not higher' });
      },
    };
  },
});

export default definePlugin({
  name: 'leaking-feature',
  version: '1.0.0',
  api: '^1.0.0',
  provides: ['feature', 'strategy'],
  register({ add }) {
    add(FEATURE, 'next-close', nextClose);
    add(STRATEGY, 'believer', believer);
  },
});
