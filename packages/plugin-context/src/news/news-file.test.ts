import { describe, expect, it } from 'vitest';
import { at, folder, newsFeed, readNews } from '../../testing/support.js';
import { newsFile } from './news-file.js';

const feedOf = (name: string, text: string, params: Record<string, unknown> = {}) => newsFeed(newsFile, { path: name, ...params }, { baseDir: folder({ [name]: text }) });
const all = (feed: ReturnType<typeof feedOf>) => readNews(feed, '2000-01-01', '2100-01-01');

describe('news-file', () => {
  it('reads JSON Lines', async () => {
    const events = await all(feedOf('n.jsonl', '{"id":"a","time":"2024-01-11T13:30:00Z","title":"US CPI","keywords":["CPI"],"importance":"high","knownAt":"2023-12-01T00:00:00Z"}\n\n{"time":1704200400,"title":"Headline"}\n'));
    expect(events).toEqual([
      { id: expect.stringMatching(/^[0-9a-f]{24}$/), time: 1_704_200_400_000, title: 'Headline', keywords: [], knownAt: 1_704_200_400_000 },
      { id: 'a', time: at('2024-01-11T13:30:00Z'), title: 'US CPI', keywords: ['CPI'], importance: 'high', knownAt: at('2023-12-01T00:00:00Z') },
    ]);
  });

  it('reads CSV', async () => {
    const events = await all(feedOf('n.csv', 'time,title,keywords,importance\n2024-01-11T13:30:00Z,"CPI, ""core""\nand all",CPI;inflation|US,high\n2024-01-12,Holiday,,\n'));
    expect(events).toEqual([
      { id: expect.any(String), time: at('2024-01-11T13:30:00Z'), title: 'CPI, "core"\nand all', keywords: ['CPI', 'inflation', 'US'], importance: 'high', knownAt: at('2024-01-11T13:30:00Z') },
      { id: expect.any(String), time: at('2024-01-12'), title: 'Holiday', keywords: [], knownAt: at('2024-01-12') },
    ]);
  });

  it('gives the same id to the same event in every run', async () => {
    const ids = async () => (await all(feedOf('n.csv', 'time,title\n2024-01-11,A\n2024-01-11,B\n'))).map(({ id }) => id);
    expect(await ids()).toEqual(await ids());
    expect(new Set(await ids()).size).toBe(2);
  });

  it('shows a headline from its time on, and what is scheduled as long before as it was known', async () => {
    const text = 'time,title\n2024-01-11T13:30:00Z,CPI\n';
    const seen = async (time: string, params = {}) => (await readNews(feedOf('n.csv', text, params), '2024-01-01', '2024-02-01', time)).length;
    expect([await seen('2024-01-11T13:29:59Z'), await seen('2024-01-11T13:30:00Z')]).toEqual([0, 1]);
    expect([await seen('2024-01-09T13:29:59Z', { knownAhead: '2d' }), await seen('2024-01-09T13:30:00Z', { knownAhead: '2d' })]).toEqual([0, 1]);
  });

  it('gives the events of the range, both ends inside', async () => {
    const feed = feedOf('n.csv', 'time,title\n2024-01-03,c\n2024-01-01,a\n2024-01-02,b\n2024-01-04,d\n');
    expect((await readNews(feed, '2024-01-02', '2024-01-03')).map(({ title }) => title)).toEqual(['b', 'c']);
  });

  it.each([
    ['n.csv', 'time,title\n', 'n.csv has no rows'],
    ['n.csv', 'time,title\n2024-01-11T13:30,CPI\n', "n.csv row 2: time was '2024-01-11T13:30'"],
    ['n.csv', 'title\nCPI\n', 'n.csv row 2: time was missing'],
    ['n.csv', 'time,title\n2024-01-11,\n', 'n.csv row 2: title was missing, expected text'],
    ['n.csv', 'time,title,importance\n2024-01-11,CPI,huge\n', "row 2: importance was 'huge', expected low, medium or high"],
    ['n.csv', 'time,title,impotance\n2024-01-11,CPI,high\n', "row 2: impotance was 'high', expected no field of that name (known are id, time"],
    ['n.csv', 'id,time,title\na,2024-01-11,CPI\na,2024-01-12,CPI\n', "row 3: id was 'a' as in row 2"],
    ['n.csv', 'time,title\n2024-01-11,CPI\n2024-01-11,CPI\n', 'row 3: time and title were those of row 2'],
    ['n.jsonl', '{"time":"2024-01-11","title":"a"}\n{"time"\n', 'n.jsonl row 2 is no JSON'],
    ['n.jsonl', '[1]\n', 'n.jsonl row 1 is no object'],
    ['n.jsonl', '{"time":"2024-01-11","title":"a","keywords":[1]}\n', 'row 1: keywords was'],
    ['n.jsonl', '{"time":"2024-01-11","title":"a","knownAt":"soon"}\n', "row 1: knownAt was 'soon'"],
  ])('refuses %s with %j', async (name, text, said) => {
    await expect(all(feedOf(name, text))).rejects.toThrow(said);
  });
});
