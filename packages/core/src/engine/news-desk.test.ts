import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../testing/kernel.js';
import { START, minuteOf, sideRun, type SideRun } from '../../testing/side-run.js';
import type { NewsEvent } from '../domain/news.js';
import { toUtcMs } from '../domain/units.js';
import type { NewsFeed, NewsView, SourceEvent } from '../ports/news.js';

const atMinute = (minute: number) => toUtcMs(START + minute * MINUTE);
const event = (id: string, minute: number, more: Partial<SourceEvent> = {}): SourceEvent => ({ id, time: atMinute(minute), title: id, knownAt: atMinute(Math.min(minute, 0)), ...more });
const sources = (settings: Record<string, unknown> = {}, section: Record<string, unknown> = {}): Record<string, unknown> => ({ news: { sources: { cal: { use: 'cal', every: '1m', latency: '0s', ...settings } }, ...section } });

/** Runs with one source and an overlay that looks at the news on every bar. */
async function look<T>(feed: Partial<NewsFeed>, see: (news: NewsView, minute: number) => T, run: Partial<SideRun> = {}) {
  const seen: T[] = [];
  const result = await sideRun({
    bars: 6,
    news: { cal: feed },
    config: sources(),
    strategy: () => ({ signal }) => signal.long(),
    overlay: ({ news }) => ({ review: ({ time }) => { seen.push(see(news, minuteOf(time))); return { kind: 'veto', reason: 'looks only' }; } }),
    ...run,
  });
  return { seen, ...result };
}

const all = (news: NewsView): readonly NewsEvent[] => news.between(toUtcMs(-Infinity), toUtcMs(Infinity));
const ids = (news: NewsView): string => all(news).map(({ id }) => id).join();

describe('news', () => {
  it('is unavailable until its source has answered, then shows the events in order of time', async () => {
    const { seen } = await look({ read: async () => [event('b', 30), event('a', -5)] }, (news) => [news.unavailable, ids(news)], { bars: 2 });
    expect(seen).toEqual([["news source 'cal' has not answered yet", ''], [undefined, 'a,b']]);
  });

  it('is asked for the span that it keeps and looks ahead to', async () => {
    const asked: number[][] = [];
    await look({ read: async ({ time, from, to }) => { asked.push([minuteOf(time), minuteOf(from), minuteOf(to)]); return []; } }, () => 0, { bars: 1, config: sources({}, { lookBack: '1h', lookAhead: '2h' }) });
    expect(asked).toEqual([[1, -59, 121]]);
  });

  it('gives each event the keywords of its title beside those of its source, and tells hooks', async () => {
    const { heard } = await look({ read: async () => [event('x', 3, { title: 'Nonfarm Payrolls beat; Powell speaks; unfed', keywords: ['jobs', 'nfp'] })] }, () => 0, { config: sources({}, { keywords: ['powell', 'speaks;'] }) });
    expect(heard).toEqual([{ id: 'x', time: atMinute(3), title: 'Nonfarm Payrolls beat; Powell speaks; unfed', keywords: ['NFP', 'powell', 'speaks;', 'jobs'], source: 'cal', knownAt: atMinute(0) }]);
  });

  it('tells of an event once, and again when it has changed', async () => {
    const { heard, seen } = await look({ read: async ({ time }) => [event('x', minuteOf(time) < 3 ? 50 : 60, { knownAt: atMinute(0) })] }, ids);
    expect(heard.map(({ time }) => minuteOf(time))).toEqual([50, 60]);
    expect(seen.at(-1)).toBe('x');
  });

  it('forgets what is still to come when its source no longer has it, and keeps what has been', async () => {
    const { seen, records } = await look({ read: async ({ time }) => (minuteOf(time) < 3 ? [event('to come', 100), event('has been', -1)] : []) }, ids, { bars: 5 });
    expect(seen).toEqual(['', 'has been,to come', 'has been,to come', 'has been', 'has been']);
    expect(records.filter(({ kind }) => kind === 'news').map(({ data }) => (data as { withdrawn?: string[] }).withdrawn)).toContainEqual(['to come']);
  });

  it('forgets what happened longer ago than it looks back', async () => {
    const { seen } = await look({ read: async ({ time }) => [event(`at ${minuteOf(time)}`, minuteOf(time), { knownAt: time })] }, ids, { config: sources({}, { lookBack: '2m' }) });
    expect(seen).toEqual(['', 'at 1', 'at 1,at 2', 'at 1,at 2,at 3', 'at 2,at 3,at 4', 'at 3,at 4,at 5']);
  });

  it('keeps no more than it says, those nearest to now', async () => {
    const { seen, result } = await look({ read: async () => Array.from({ length: 3000 }, (_, i) => event(`e${i}`, i)) }, (news) => all(news).length, { bars: 3 });
    expect(seen).toEqual([0, 2000, 2000]);
    expect(result.warnings.join()).toContain('there were more news events than are kept');
  });

  it.each<[string, unknown, string]>([
    ['no list', {}, "news source 'cal' gave object, expected a list of events"],
    ['an event without id', [{ ...event('a', 1), id: '' }], 'gave an event that has no id: left out'],
    ['an event without time', [{ ...event('a', 1), time: Number.NaN }], 'has no time'],
    ['an event without title', [{ ...event('a', 1), title: undefined }], 'has no title'],
    ['an importance of its own', [event('a', 1, { importance: 'huge' as never })], 'has an importance other than'],
    ['an event of the future', [event('a', 9, { knownAt: atMinute(8) })], 'could not be known before 2024-01-08T00:08:00Z'],
    ['null', [null], 'has no id'],
  ])('leaves out %s', async (_, answer, said) => {
    const { seen, result } = await look({ read: async () => answer as never }, ids, { bars: 3 });
    expect(seen).toEqual(['', '', '']);
    expect(result.warnings.join()).toContain(said);
  });

  it('becomes unavailable when its source stays silent, and says why', async () => {
    const { seen } = await look({ read: async ({ time }) => { if (minuteOf(time) > 1) throw new Error('down'); return [event('a', 30)]; } }, (news) => [news.unavailable, ids(news)], { config: sources({ staleAfter: '3m' }) });
    expect(seen.map(([why]) => why)).toEqual(["news source 'cal' has not answered yet", undefined, undefined, undefined, "news source 'cal' has not answered for 4m: it failed: down", "news source 'cal' has not answered for 5m: it failed: down"]);
    expect(seen.at(-1)?.[1]).toBe('a');
  });

  it('finds events by keyword, by whole words of the title, and by importance where it is known', async () => {
    const given = [event('a', 1, { title: 'US consumer price index m/m', importance: 'high' }), event('b', 2, { title: 'Jackson  Hole: day 1', importance: 'low' }), event('c', 3, { title: 'The Federal Reserve is fed up' }), event('d', 4, { title: 'Pretend CPIX' })];
    const found = (news: NewsView, filter: object): string => news.between(atMinute(0), atMinute(9), filter).map(({ id }) => id).join();
    const { seen } = await look(
      { read: async () => given },
      (news) => [found(news, { keywords: ['cpi'] }), found(news, { keywords: ['jackson hole'] }), found(news, { keywords: ['FED'] }), found(news, { minImportance: 'medium' }), found(news, { keywords: ['NFP'] }), found(news, {})],
      { bars: 2, config: sources({}, { keywords: [] }) },
    );
    expect(seen.at(-1)).toEqual(['a', 'b', 'c', 'a,c,d', '', 'a,b,c,d']);
  });

  it('shows no event before it could be known, whatever the source gives', async () => {
    const events = fc.array(fc.record({ time: fc.integer({ min: -10, max: 40 }), known: fc.integer({ min: -10, max: 40 }) }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(events, async (given) => {
        const { seen } = await look({ read: async () => given.map(({ time, known }, i) => event(`e${i}`, time, { knownAt: atMinute(known) })) }, (news, minute) => all(news).every(({ knownAt }) => knownAt <= atMinute(minute)), { bars: 15 });
        expect(seen).not.toContain(false);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a source of news that misbehaves', () => {
  const feeds: ReadonlyArray<[string, Partial<NewsFeed>]> = [
    ['is sound', { read: async ({ time }) => [event(`e${time}`, minuteOf(time) + 5, { knownAt: time })] }],
    ['hangs', { read: () => new Promise(() => undefined) }],
    ['is down', { read: async () => { throw new Error('down'); } }],
    ['gives nonsense', { read: async () => 'nonsense' as never }],
    ['knows the present only', { capabilities: { history: false, live: true } }],
  ];

  it.each(feeds)('and %s changes neither bars nor decisions that do not look at it, and is replayed', async (_, feed) => {
    const strategy: NonNullable<SideRun['strategy']> = ({ random }) => ({ signal }) => (random.next() < 0.5 ? signal.long() : signal.short());
    const plain = await sideRun({ bars: 100, strategy });
    const with_ = await sideRun({ bars: 100, strategy, news: { cal: feed }, config: sources() });
    expect(with_.orders.length).toBeGreaterThan(10);
    expect(with_.orders).toEqual(plain.orders);
    expect(await with_.replay()).toMatchObject({ difference: undefined, bars: 100, records: with_.records.length });
  });

  it('is lived through again where decisions depend on it', async () => {
    const { orders, replay, records } = await sideRun({
      bars: 80,
      news: { cal: { read: async ({ time }) => (minuteOf(time) % 9 === 4 ? Promise.reject(new Error('down')) : [event('moving', minuteOf(time) + (minuteOf(time) % 5), { knownAt: time })]) } },
      config: sources({ staleAfter: '1m' }),
      strategy: () => ({ signal, time }) => (minuteOf(time) % 4 === 0 ? signal.flat() : signal.long()),
      overlay: ({ news }) => ({ review: ({ time }) => (news.unavailable !== undefined || news.between(time, toUtcMs(time + 2 * MINUTE)).length > 0 ? { kind: 'veto', reason: 'news' } : { kind: 'pass' }) }),
    });
    expect(orders.length).toBeGreaterThan(5);
    expect(await replay()).toMatchObject({ difference: undefined, bars: 80, records: records.length });
  });
});

describe('an advisor with triggers', () => {
  type Asked = readonly [minute: number, trigger: string | undefined, events: string];
  async function asked(feed: Partial<NewsFeed>, triggers: unknown, bars = 12): Promise<Asked[]> {
    const calls: Asked[] = [];
    await sideRun({
      bars,
      news: { cal: feed },
      adviseEveryMs: 1e9,
      advise: ({ time, trigger, events }) => void calls.push([minuteOf(time), trigger?.id, events.map(({ id }) => id).join()]),
      config: { ...sources(), advisors: [{ use: 'a', triggers }] },
    });
    return calls;
  }

  it('is asked as soon as such an event becomes known, and told of it', async () => {
    const calls = await asked({ read: async ({ time }) => (minuteOf(time) < 4 ? [] : [event('fomc', 4, { title: 'FOMC surprise', knownAt: atMinute(4) }), event('other', 4, { knownAt: atMinute(4) })]) }, { news: ['FOMC'] });
    expect(calls).toEqual([[1, undefined, ''], [5, 'fomc', 'fomc,other']]);
  });

  it('is not asked about what is long past or far ahead', async () => {
    expect(await asked({ read: async () => [event('old', -100, { title: 'FOMC' }), event('far', 3000, { title: 'FOMC' })] }, { news: ['FOMC'] })).toEqual([[1, undefined, '']]);
  });

  it('is asked a set time before such an event, once', async () => {
    const calls = await asked({ read: async () => [event('cpi', 2010, { title: 'CPI' }), event('other', 10)] }, { news: ['CPI'], minutesBefore: 2003 });
    expect(calls).toEqual([[1, undefined, ''], [7, 'cpi', 'other,cpi']]);
  });

  it('follows an event that is moved', async () => {
    const calls = await asked({ read: async ({ time }) => [event('cpi', minuteOf(time) < 4 ? 2008 : 2010, { title: 'CPI' })] }, { news: ['CPI'], minutesBefore: 2001 });
    expect(calls.map(([minute]) => minute)).toEqual([1, 9]);
  });

  it('is asked before each of several events', async () => {
    const calls = await asked({ read: async () => [event('cpi', 2000, { title: 'CPI' }), event('cpi 2', 2001, { title: 'CPI' })] }, { news: ['CPI'], minutesBefore: 1995 });
    expect(calls.map(([minute, trigger]) => [minute, trigger])).toEqual([[1, undefined], [5, 'cpi'], [6, 'cpi 2']]);
  });
});
