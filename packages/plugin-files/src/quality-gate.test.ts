import { afterAll, describe, expect, it } from 'vitest';
import type { SessionCalendar } from '@keelson/core/domain';
import { TempFolder, always, errorOf, instrument, office, read, rowsOf, timesOf, type ReadOptions } from '../testing/fixture.js';

const folder = new TempFolder();
afterAll(() => folder.remove());

let serial = 0;
const file = (...rows: string[]): string => folder.write(`${serial++}.csv`, `time,open,high,low,close,volume\n${rows.join('\n')}\n`);
const GOOD = '2024-01-02 14:30:00,10,10.5,9.5,10.25,100';
const NEXT = '2024-01-02 14:32:00,10,10.5,9.5,10.25,100';

const strict = async (path: string, options: ReadOptions = {}): Promise<string> => (await errorOf(read(path, options))).line;
const warn = (path: string, options: ReadOptions = {}) => read(path, { ...options, params: { ...options.params, quality: 'warn' } });

describe('quality gate', () => {
  it.each([
    ['unparseable', '2024-01-02 14:31:00,10,NaN,9.5,10.25,100', /1 unparseable.*row 3: high "NaN"/, false],
    ['unparseable', '2024-01-02 14:31:00,10,,9.5,10.25,100', /row 3: high ""/, false],
    ['unparseable', '2024-01-02 14:31:00,10,10.5,9.5,1e999,100', /row 3: close "1e999"/, false],
    ['unparseable', '2024-01-02 14:31:00,10,10.5,9.5,10.25,many', /row 3: volume "many"/, false],
    ['duplicate', '2024-01-02 14:30:00,11,11,11,11,1', /1 duplicate.*row 3: 2024-01-02T14:30:00Z as in row 2/, false],
    ['high-below-low', '2024-01-02 14:31:00,10,9,9.5,10,100', /row 3: high 9 below low 9.5/, false],
    ['zero-price', '2024-01-02 14:31:00,0,10,0,10,100', /row 3: open 0, high 10, low 0/, false],
    ['negative-volume', '2024-01-02 14:31:00,10,10,10,10,-1', /row 3: volume -1/, false],
    ['open-close-outside', '2024-01-02 14:31:00,10.6,10.5,9.5,10,100', /row 3: open 10.6 outside of low 9.5 to high 10.5/, true],
    ['open-close-outside', '2024-01-02 14:31:00,10,10.5,9.5,9.4,100', /row 3: close 9.4 outside/, true],
    ['negative-price', '2024-01-02 14:31:00,10,10.5,-1,10,100', /row 3: low -1/, true],
    ['off-tick', '2024-01-02 14:31:00,10,10.5,9.5,10.005,100', /row 3: close 10.005 is no multiple of 0.01/, true],
    ['jump', '2024-01-02 14:31:00,102.51,102.51,102.51,102.51,100', /row 3: high 102.51 after a close of 10.25/, true],
    ['jump', '2024-01-02 14:31:00,1.02,1.02,1.02,1.02,100', /row 3: low 1.02 after a close of 10.25/, true],
  ] as const)('finds %s in %s', async (kind, row, message, kept) => {
    const path = file(GOOD, row, NEXT.replace(/,10,.*/, row.includes('102.51') ? ',102.51,102.51,102.51,102.51,1' : row.includes(',1.02,') ? ',1.02,1.02,1.02,1.02,1' : ',10,10.5,9.5,10.25,100'));
    const tolerate = kind === 'negative-price' ? (['jump'] as const) : [];
    const line = await strict(path, { params: { tolerate: [...tolerate] } });
    expect(line).toMatch(/^DATA_QUALITY: bars.csv has \d+ fault/);
    expect(line).toMatch(message);
    expect(line).toContain(`[${kind}]`);
    const result = await warn(path);
    expect(rowsOf(result)).toHaveLength(kept ? 3 : 2);
    expect(result.warnings.some((text) => text.startsWith(`bars.csv: 1 ${kind}, ${kept ? 'kept' : 'left out'}: row 3`)), result.warnings.join('\n')).toBe(true);
    const tolerated = await read(path, { params: { tolerate: [kind, ...tolerate] } });
    expect(rowsOf(tolerated)).toEqual(rowsOf(result));
    expect(tolerated.warnings).toEqual(result.warnings);
  });

  it('lets sound bars pass without a word', async () => {
    expect((await read(file(GOOD, NEXT))).warnings).toEqual([]);
  });

  it('keeps the first of two bars of one time', async () => {
    const result = await warn(file(GOOD, '2024-01-02 14:30:00,11,11,11,11,1', NEXT));
    expect(rowsOf(result).map(({ close }) => close)).toEqual([10.25, 10.25]);
  });

  it('counts all faults of the whole file, also outside of the wanted range, and shows the first', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `2024-01-02 14:${30 + i}:00,10,10.5,9.5,10.0${i % 2 === 0 ? '1' : '05'},1`);
    const error = await errorOf(read(file(...rows), { to: Date.parse('2024-01-02T14:31:00Z') as never }));
    expect(error.message).toMatch(/has 10 faults \(10 off-tick\)/);
    expect(error.message.match(/row \d+/g)).toEqual(['row 3', 'row 5', 'row 7', 'row 9', 'row 11']);
    expect(error.context.faults).toEqual({ 'off-tick': 10 });
  });

  it('knows a price far below one tick as off it', async () => {
    expect(await strict(file(GOOD, NEXT), { instrument: instrument('X', 1e9) })).toMatch(/row 2: open 10 is no multiple of 1000000000 \[off-tick\]/);
  });

  it('knows on-tick prices of any size by exact arithmetic', async () => {
    const abc = instrument('ABC', 0.00005);
    expect((await read(file('2024-01-02 14:30:00,1.10775,1.1078,1.1077,1.10775,1'), { instrument: abc })).warnings).toEqual([]);
    // In doubles, 1048576.09401557 times 1e8 is off a whole number by more than 1e-6.
    expect((await read(file('2024-01-02 14:30:00,1048576.09401557,1048576.09401557,1048576.09401557,1048576.09401557,1'), { instrument: instrument('ABC', 1e-8) })).warnings).toEqual([]);
    expect(await strict(file('2024-01-02 14:30:00,1.10775,1.1078,1.1077,1.10777,1'), { instrument: abc })).toContain('1.10777');
  });

  it('with the checks off takes faulty bars as they are, but still only ascending ones', async () => {
    const off = { params: { quality: 'off' } } as const;
    expect(rowsOf(await read(file(GOOD, '2024-01-02 14:31:00,10,9,9.5,0,-3'), off))).toHaveLength(2);
    expect(await strict(file(GOOD, GOOD), off)).toMatch(/^DATA_ORDER: .*row 3 is of 2024-01-02T14:30:00Z after row 2/);
    expect(await strict(file(NEXT, GOOD), off)).toMatch(/^DATA_ORDER/);
  });

  it('never lets time go backwards, not even with warnings', async () => {
    await expect(warn(file(NEXT, GOOD))).rejects.toMatchObject({ code: 'DATA_ORDER' });
  });
});

describe('quality gate, against the session calendar', () => {
  const at = (...times: string[]): string => file(...times.map((time) => `${time},10,10.5,9.5,10.25,100`));

  it('takes minutes without trades and the night for granted', async () => {
    const result = await read(at('2024-01-02 19:58', '2024-01-02 19:59', '2024-01-03 15:30', '2024-01-03 16:31'), { calendar: office });
    expect(result.warnings).toEqual([]);
  });

  it('finds a hole of more than maxGapBars within a session', async () => {
    const path = at('2024-01-02 14:30', '2024-01-02 14:31', '2024-01-02 15:33');
    expect(await strict(path, { calendar: office })).toMatch(/row 4: 61 bars missing within the session, after 2024-01-02T14:31:00Z \[gap\]/);
    expect((await read(path, { calendar: office, params: { maxGapBars: 61 } })).warnings).toEqual([]);
  });

  it('finds holes before a close and after an open, each by itself', async () => {
    const line = await strict(at('2024-01-02 19:00', '2024-01-02 19:01', '2024-01-03 15:35', '2024-01-03 15:36'), { calendar: office });
    expect(line).toMatch(/row 4: 118 bars missing before the close at 2024-01-02T21:00:00Z.*row 4: 65 bars missing after the open at 2024-01-03T14:30:00Z/);
  });

  it('finds whole sessions without bars, and knows weekends and holidays', async () => {
    expect(await strict(at('2024-01-02 20:58', '2024-01-02 20:59', '2024-01-05 14:30'), { calendar: office })).toMatch(/row 4: no bars in 2 sessions from 2024-01-03 to 2024-01-04 \[gap\]/);
    expect((await read(at('2024-01-12 20:58', '2024-01-12 20:59', '2024-01-16 14:30'), { calendar: office })).warnings).toEqual([]);
  });

  it('finds bars outside of sessions', async () => {
    expect(await strict(at('2024-01-02 14:29', '2024-01-02 14:30'), { calendar: office })).toMatch(/row 2: 2024-01-02T14:29:00Z lies in no session of office \[outside-session\]/);
    expect((await warn(at('2024-01-02 14:29', '2024-01-02 14:30'), { calendar: office })).warnings[0]).toContain('1 outside-session, kept');
  });

  it('sees that stamps mark closes where bars stand at the very close of sessions', async () => {
    const path = at('2024-01-02 20:59', '2024-01-02 21:00', '2024-01-03 14:31', '2024-01-03 14:32');
    expect(await strict(path, { calendar: office })).toContain('set stamp: close');
    expect(timesOf(await read(path, { calendar: office, params: { stamp: 'close' } }))[1]).toBe('2024-01-02T20:59:00.000Z');
  });

  it('finds bars that lie closer than the timeframe, and files of a longer one', async () => {
    expect(await strict(at('2024-01-02 14:30', '2024-01-02 14:31'), { timeframe: '5m', calendar: always })).toMatch(/row 3: 60 s after the bar before, less than 5m \[spacing\]/);
    const fiveMinutes = Array.from({ length: 24 }, (_, i) => new Date(Date.UTC(2024, 0, 2, 14, 5 * i)).toISOString());
    expect(await strict(at(...fiveMinutes))).toMatch(/row 25: no two bars lie 1m apart, most 5m \[spacing\].*set the timeframe/);
    expect((await read(at(...fiveMinutes), { timeframe: '5m' })).warnings).toEqual([]);
  });
});

describe('session bars', () => {
  const daily = (...dates: string[]): string => file(...dates.map((date) => `${date},10,10.5,9.5,10.25,100`));
  const options = { timeframe: '1d', calendar: office } as const;
  const opens = ['2024-01-02T14:30:00.000Z', '2024-01-03T14:30:00.000Z'];

  it.each([
    ['dates', ['2024-01-02', '2024-01-03'], {}],
    ['dates as numbers', ['20240102', '20240103'], {}],
    ['midnights', ['2024-01-02 00:00:00', '2024-01-03 00:00:00'], {}],
    ['midnights of a zone', ['2024-01-02 00:00:00-05:00', '2024-01-03 00:00:00-05:00'], {}],
    ['dates in another zone', ['2024-01-02', '2024-01-03'], { zone: 'Asia/Tokyo' }],
    ['times within the session', ['2024-01-02 14:30:00', '2024-01-03 16:00:00'], {}],
    ['closes', ['2024-01-02 21:00:00', '2024-01-03 21:00:00'], { stamp: 'close' }],
    ['closes that are the next session\'s open', ['2024-01-03 00:00:00', '2024-01-04 00:00:00'], { stamp: 'close' }, always],
    ['dates of closes', ['2024-01-02', '2024-01-03'], { stamp: 'close' }],
    ['times of the day outside the session', ['2024-01-02 23:00:00', '2024-01-03 05:00:00'], {}],
  ] as [string, string[], ReadOptions['params'], SessionCalendar?][])('are placed at the session\'s open by %s', async (_, dates, params, calendar: SessionCalendar = office) => {
    const expected = calendar === office ? opens : opens.map((time) => time.replace('14:30', '00:00'));
    expect(timesOf(await read(daily(...dates), { ...options, params, calendar }))).toEqual(expected);
  });

  it('stand at midnight UTC of a day without session, which is a fault', async () => {
    const path = daily('2024-01-12', '2024-01-15', '2024-01-16');
    expect(await strict(path, options)).toMatch(/row 3: 2024-01-15T00:00:00Z lies in no session of office \[outside-session\]/);
    expect(timesOf(await warn(path, options))[1]).toBe('2024-01-15T00:00:00.000Z');
  });

  it('miss sessions, but no bars within them', async () => {
    expect(await strict(daily('2024-01-02', '2024-01-04'), options)).toMatch(/row 3: no bars in the session of 2024-01-03 \[gap\]/);
  });

  it('are doubled where two stamps lie in one session', async () => {
    expect(await strict(daily('2024-01-02 15:00', '2024-01-02 16:00'), options)).toContain('[duplicate]');
  });
});
