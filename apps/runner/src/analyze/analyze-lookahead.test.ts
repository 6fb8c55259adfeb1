import { calendarById } from '@keelson/core/domain';
import { createRandom } from '@keelson/core/engine';
import { describe, expect, it } from 'vitest';
import { lookaheadJson, lookaheadText } from '../output/lookahead-report.js';
import { analyzeLookahead, comparedNothing, isClean, type LookaheadResult } from './analyze-lookahead.js';
import { BAR_COLUMNS, type Trace, type TraceJob } from './trace.js';

const START = Date.UTC(2024, 0, 8);
const calendar = calendarById('24/7') as NonNullable<ReturnType<typeof calendarById>>;

/** A run of `length` minutes whose one feature has values from `warm` on, with orders at some of them. */
function traceOf(length: number, warm: number, orders: readonly number[]): Trace {
  const times = Float64Array.from({ length }, (_, i) => START + (i + 1) * 60_000);
  return {
    series: [{ instrument: 'X', timeframe: '1m', length, bars: Object.fromEntries(BAR_COLUMNS.map((name) => [name, times])) as Trace['series'][number]['bars'], features: [{ name: 'f', plugin: 'p', params: '{}', outputs: ['f'], warmupBars: warm + 1, columns: [times.map((time, i) => (i < warm ? Number.NaN : time % 7))] }] }],
    components: [],
    signals: [],
    orders: orders.filter((row) => row < length).map((row) => ({ time: times[row] as number, text: `order ${row}` })),
    venue: [],
    moments: times,
    uncut: [],
  };
}

const analyze = (length: number, warm: number, orders: readonly number[], cuts = 4): Promise<LookaheadResult> =>
  analyzeLookahead({} as TraceJob, async ({ cutAt }) => traceOf(cutAt === undefined ? length : (cutAt - START) / 60_000, warm, orders), { cuts, calendar, random: createRandom('x').fork('cuts'), onRun: () => undefined });
const report = (result: LookaheadResult) => ({ account: 'test', feed: 'file', seed: 'x', leftOut: [], elapsedMs: 1, result });

describe('analyzeLookahead', () => {
  it('says how much it compared: what came before each cut', async () => {
    const result = await analyze(1_000, 10, [5, 500]);
    const lengths = result.cuts.map((cut) => (cut - START) / 60_000);
    const sum = (count: (length: number) => number): number => lengths.reduce((all, length) => all + count(length), 0);
    expect(result.compared).toEqual({ bars: sum((length) => length), featureValues: sum((length) => Math.max(0, length - 10)), signals: 0, orders: sum((length) => [5, 500].filter((row) => row < length).length) });
    expect(JSON.parse(lookaheadJson(report(result)))).toMatchObject({ clean: true, compared: result.compared });
    expect(lookaheadText(report(result))).toMatch(/Compared: [\d,]+ bars, [\d,]+ feature values, 0 signals, \d orders\.\nClean/);
  });

  it('does not call clean what it could not compare', async () => {
    const result = await analyze(1_000, 1_000, []);
    expect([comparedNothing(result), isClean(result)]).toEqual([true, false]);
    expect(JSON.parse(lookaheadJson(report(result)))).toMatchObject({ clean: false, leaks: [], compared: { featureValues: 0, signals: 0, orders: 0 } });
    expect(lookaheadText(report(result))).not.toContain('Clean');
  });
});
