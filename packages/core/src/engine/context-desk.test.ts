import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../testing/kernel.js';
import { START, minuteOf, sideRun, type SideRun } from '../../testing/side-run.js';
import { toUtcMs } from '../domain/units.js';
import type { ContextFeed, ContextHandle, ContextPoint } from '../ports/context.js';
import type { BarContext, StrategyContext } from '../ports/strategy.js';

type Seen = { readonly minute: number; readonly value: number | undefined; readonly ageMs: number | undefined; readonly ready: boolean };

/** A strategy that writes down what it sees of `vix`. */
function watcher(seen: Seen[], name = 'vix'): (context: StrategyContext<unknown>) => (context: BarContext) => void {
  return ({ context }) => {
    const vix: ContextHandle = context(name);
    return ({ time }) => void seen.push({ minute: minuteOf(time), value: vix.value, ageMs: vix.ageMs, ready: vix.ready });
  };
}

const point = (value: number, time: number): ContextPoint => ({ value, time: toUtcMs(time) });
const series = (settings: Record<string, unknown> = {}): Record<string, unknown> => ({ context: { vix: { use: 'vix', every: '1m', latency: '0s', expiresAfter: '1h', ...settings } } });

async function watch(feed: Partial<ContextFeed>, settings: Record<string, unknown> = {}, run: Partial<SideRun> = {}) {
  const seen: Seen[] = [];
  return { seen, ...(await sideRun({ feeds: { vix: feed }, strategy: watcher(seen), config: series(settings), ...run })) };
}

describe('a slow series', () => {
  it('is absent until its first answer, then has the value and its age', async () => {
    const { seen } = await watch({ read: async ({ time }) => point(minuteOf(time), time - 10_000) }, {}, { bars: 3 });
    expect(seen).toEqual([
      { minute: 1, value: undefined, ageMs: undefined, ready: false },
      { minute: 2, value: 1, ageMs: MINUTE + 10_000, ready: true },
      { minute: 3, value: 2, ageMs: MINUTE + 10_000, ready: true },
    ]);
  });

  it('is asked on its own schedule', async () => {
    const asked: number[] = [];
    await watch({ read: async ({ time }) => void asked.push(minuteOf(time)) as never }, { every: '3m' }, { bars: 8 });
    expect(asked).toEqual([1, 4, 7]);
  });

  it('arrives as late as its latency says, however fast the answer was', async () => {
    const { seen, records } = await watch({ read: async ({ time }) => point(minuteOf(time), time) }, { latency: '150s' }, { bars: 6 });
    expect(seen.map(({ value }) => value)).toEqual([undefined, undefined, undefined, 1, 2, 3]);
    expect(records.filter(({ kind }) => kind === 'context').map(({ time, data }) => [minuteOf(time), (data as { arrived: number }).arrived])).toEqual([
      [4, START + 3.5 * MINUTE],
      [5, START + 4.5 * MINUTE],
      [6, START + 5.5 * MINUTE],
    ]);
  });

  it('expires by the age of the value, not of the answer', async () => {
    const { seen } = await watch({ read: async () => point(7, START) }, { expiresAfter: '4m' }, { bars: 6 });
    expect(seen.map(({ value }) => value)).toEqual([undefined, 7, 7, undefined, undefined, undefined]);
    expect(seen[3]).toEqual({ minute: 4, value: undefined, ageMs: undefined, ready: false });
  });

  it('keeps its last value until it expires when the source fails, and reports each failure once', async () => {
    const { seen, result, log } = await watch(
      {
        read: async ({ time }) => {
          if (time > START + 2 * MINUTE && time < START + 7 * MINUTE) throw new Error('down');
          return point(minuteOf(time), time);
        },
      },
      { expiresAfter: '3m' },
      { bars: 9 },
    );
    expect(seen.map(({ value }) => value)).toEqual([undefined, 1, 2, 2, undefined, undefined, undefined, 7, 8]);
    expect(result.warnings).toEqual(["context 'vix' failed: down"]);
    expect(log).toEqual(["context 'vix' failed: down", "context 'vix' is back"]);
  });

  it('is absent again at once when the source says that there is no value', async () => {
    const { seen } = await watch({ read: async ({ time }) => (minuteOf(time) === 2 ? undefined : point(1, time)) }, {}, { bars: 4 });
    expect(seen.map(({ value }) => value)).toEqual([undefined, 1, undefined, 1]);
  });

  it.each<[string, unknown, string]>([
    ['text', { value: '12', time: START }, 'gave string as a value'],
    ['NaN', { value: Number.NaN, time: START }, 'gave NaN as a value'],
    ['no time', { value: 1 }, 'gave a value without a time'],
    ['null', null, 'gave undefined as a value'],
    ['a time to come', { value: 1, time: START + 1e6 }, 'gave a value of 2024-01-08T00:16:40Z before that time'],
  ])('is absent when the source gives %s', async (_, answer, said) => {
    const { seen, result } = await watch({ read: async () => answer as never }, {}, { bars: 3 });
    expect(seen.every(({ ready }) => !ready)).toBe(true);
    expect(result.warnings.join()).toContain(`context 'vix' ${said}`);
  });

  it('is absent in a run over history when the source knows the present only', async () => {
    const { result, seen } = await watch({ capabilities: { history: false, live: true }, read: async () => expect.unreachable('asked') as never });
    expect(seen.every(({ ready }) => !ready)).toBe(true);
    expect(result.warnings).toEqual(["context 'vix' knows the present only, and is absent in a run over history"]);
  });

  it('is closed with the account', async () => {
    const steps: string[] = [];
    await watch({ close: async () => void steps.push('closed') });
    expect(steps).toEqual(['closed']);
  });

  it('reaches regimes, overlays and advisors too', async () => {
    const told: unknown[] = [];
    const labels: unknown[] = [];
    await sideRun({
      bars: 3,
      feeds: { vix: { read: async ({ time }) => point(20, time) } },
      config: { ...series(), advisors: [{ use: 'a' }], overlays: [{ use: 'o' }], regimes: [{ use: 'r' }] },
      regime: ({ context }) => {
        const vix = context('vix');
        return { classify: () => ({ tradable: true, reason: '', labels: { vix: String(vix.value) } }) };
      },
      strategy: () => ({ regime, signal }) => {
        labels.push(regime.labels['vix']);
        signal.long();
      },
      overlay: ({ context }) => {
        const vix = context('vix');
        return { review: () => ({ kind: 'veto', reason: `vix was ${vix.value}` }) };
      },
      advise: ({ context }) => void told.push(context),
    }).then(({ result }) => expect(result.warnings.join()).toContain('vix was 20'));
    expect(labels).toEqual(['undefined', '20', '20']);
    expect(told).toEqual([{}, { vix: { value: 20, ageMs: MINUTE } }, { vix: { value: 20, ageMs: MINUTE } }]);
  });

  it('holds entries back while it is required and absent, and lets positions be left', async () => {
    const strategy = () => ({ signal, time }: BarContext): void => (minuteOf(time) < 5 ? signal.long() : signal.flat());
    const missing = await sideRun({ feeds: { vix: {} }, strategy, config: series({ required: true }) });
    expect(missing.orders).toEqual([]);
    expect(missing.result.warnings.join()).toContain('vix is absent, and the account requires it');
    const present = await sideRun({ feeds: { vix: { read: async ({ time }) => point(1, time) } }, strategy, config: series({ required: true }) });
    expect(present.orders.map(({ role, decidedAt }) => [role, minuteOf(decidedAt)])).toEqual([['entry', 2], ['exit', 5]]);
    const lost = await sideRun({ feeds: { vix: { read: async ({ time }) => (minuteOf(time) < 3 ? point(1, time) : undefined) } }, strategy, config: series({ required: true }) });
    expect(lost.orders.map(({ role, decidedAt }) => [role, minuteOf(decidedAt)])).toEqual([['entry', 2], ['exit', 5]]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['an unknown name', {}, "strategy 's' asked for context 'vixx', expected a series of context: (vix)"],
    ['an unknown feed', { use: 'vxi' }, "context.vix.use was 'vxi', expected a context-feed that a plugin provides (unused, vix)"],
  ])('is refused at the start with %s', async (_, settings, said) => {
    const error = await sideRun({ feeds: { vix: {} }, strategy: watcher([], Object.keys(settings).length === 0 ? 'vixx' : 'vix'), config: series(settings) }).catch((thrown: Error) => thrown);
    expect((error as Error).message).toContain(said);
    expect((error as Error).message).toContain('did you mean vix?');
  });

  it('can be asked for without being there', async () => {
    const seen: unknown[] = [];
    await sideRun({ bars: 1, strategy: ({ context }) => { const none = context('sentiment', { optional: true }); return () => void seen.push([none.value, none.ageMs, none.ready]); } });
    expect(seen).toEqual([[undefined, undefined, false]]);
  });

  it('never shows a value before the time from which it was known, whatever the source gives and however late', async () => {
    const points = fc.array(fc.record({ known: fc.integer({ min: -30, max: 400 }), gap: fc.integer({ min: 0, max: 5 }) }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(points, fc.integer({ min: 1, max: 7 }), fc.integer({ min: 0, max: 400 }), async (given, every, latencyS) => {
        let n = 0;
        const { seen } = await watch({ read: async () => { const each = given[n++]; return each === undefined ? undefined : point(each.known, START + each.known * 15_000); } }, { every: `${every}m`, latency: `${latencyS}s` }, { bars: 40 });
        for (const { minute, value } of seen) if (value !== undefined) expect(value * 15_000).toBeLessThanOrEqual(minute * MINUTE);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a source that misbehaves', () => {
  /** Trades by the bars alone; looks at the context without using it. */
  const strategy: NonNullable<SideRun['strategy']> = ({ context, random }) => {
    const vix = context('vix');
    return ({ signal }) => {
      void vix.value;
      const roll = random.next();
      if (roll < 0.2) signal.long();
      else if (roll < 0.4) signal.short();
    };
  };
  const feeds: ReadonlyArray<[string, Partial<ContextFeed>]> = [
    ['hangs', { read: () => new Promise(() => undefined) }],
    ['is down', { read: async () => { throw new Error('down'); } }],
    ['throws at once', { read: () => { throw new Error('broken'); } }],
    ['lies about time', { read: async ({ time }) => point(1, time + 1e9) }],
    ['gives nonsense', { read: async () => 'nonsense' as never }],
    ['hangs now and then', { read: async ({ time }) => (minuteOf(time) % 2 === 0 ? await new Promise<never>(() => undefined) : point(1, time)) }],
  ];

  it.each<[string, Partial<ContextFeed>]>([['is sound', { read: async ({ time }) => point(Math.sin(time), time - 30_000) }], ...feeds])('and %s gives a journal that is decided on in the same way again', async (_, feed) => {
    const { replay, records } = await sideRun({
      bars: 60,
      feeds: { vix: feed },
      config: series({ expiresAfter: '2m', every: '3m', required: true }),
      strategy: ({ context }) => {
        const vix = context('vix');
        return ({ signal, time }) => {
          if (minuteOf(time) % 7 === 0) signal.flat();
          else if (vix.ready) signal[(vix.value as number) > 0 ? 'long' : 'short']({ reason: `${vix.value} of ${vix.ageMs}` });
        };
      },
    });
    expect(await replay()).toMatchObject({ difference: undefined, records: records.length, bars: 60 });
  });

  it.each(feeds)('and %s changes neither bars nor decisions', async (_, feed) => {
    const sound = await sideRun({ bars: 200, feeds: { vix: { read: async ({ time }) => point(1, time) } }, strategy, config: series() });
    const poor = await sideRun({ bars: 200, feeds: { vix: feed }, strategy, config: series() });
    expect(poor.result.bars).toBe(200);
    expect(poor.orders.length).toBeGreaterThan(3);
    expect(poor.orders).toEqual(sound.orders);
    expect(poor.result.ordersHash).toBe(sound.result.ordersHash);
    expect(poor.result.warnings.some((line) => line.startsWith("context 'vix'"))).toBe(true);
  });

  it('is asked to give up when its time is over, and is not waited for again over history', async () => {
    let asked = 0;
    let aborted = 0;
    const { result } = await watch({ read: (_, cancel) => new Promise(() => { asked++; cancel.addEventListener('abort', () => aborted++); }) }, { timeout: '2s' }, { bars: 50 });
    expect([asked, aborted]).toEqual([1, 1]);
    expect(result.warnings).toEqual(["context 'vix' gave no answer within 2000 ms"]);
  });

  it('gives equal runs for equal answers, however long they took', async () => {
    const values = async (turns: number) => {
      const { seen, records } = await watch({ read: async ({ time }) => { for (let i = 0; i < turns; i++) await Promise.resolve(); return point(minuteOf(time), time); } }, { latency: '90s' }, { bars: 30 });
      return JSON.stringify([seen, records]);
    };
    expect(await values(50)).toBe(await values(0));
  });
});
