import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { TempFolder, always, errorOf, read, rowsOf, timesOf, utc, type ReadOptions } from '../testing/fixture.js';

const folder = new TempFolder();
afterAll(() => folder.remove());

const HEADER = 'time,open,high,low,close,volume\n';
const BARS = '2024-01-02 00:00:00,10,10.5,9.5,10.25,100\n2024-01-02 00:01:00,10.25,11,10,10.75,200.5\n';
const EXPECTED = [
  { time: utc('2024-01-02T00:00:00Z'), open: 10, high: 10.5, low: 9.5, close: 10.25, volume: 100 },
  { time: utc('2024-01-02T00:01:00Z'), open: 10.25, high: 11, low: 10, close: 10.75, volume: 200.5 },
];
let serial = 0;
const file = (content: string | Uint8Array, name = `${serial++}.csv`): string => folder.write(name, content);

describe('readBars from CSV', () => {
  it.each([
    ['plain', HEADER + BARS],
    ['without a newline at the end', (HEADER + BARS).trimEnd()],
    ['with Windows line ends', (HEADER + BARS).replaceAll('\n', '\r\n')],
    ['with a byte order mark', `\ufeff${HEADER}${BARS}`],
    ['with blank lines and comments', `# exported\n\n${HEADER}# more\n${BARS}\n  \n\r\n`],
    ['with quotes', (HEADER + BARS).replaceAll(/[^,\n]+/g, (field) => `"${field}"`)],
    ['with blanks around fields', (HEADER + BARS).replaceAll(',', ' , ')],
    ['with semicolons', (HEADER + BARS).replaceAll(',', ';')],
    ['with tabs', (HEADER + BARS).replaceAll(',', '\t')],
    ['with bars as delimiter', (HEADER + BARS).replaceAll(',', '|')],
    ['without a header', BARS],
    ['with other names', `Timestamp,O,H,L,C,Vol\n${BARS}`],
    ['with no name for the time', `,Open,High,Low,Close,Volume\n${BARS}`],
    ['with decorated names', `<DATE>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<TICKVOL>\n${BARS}`],
    ['with numbered names', `timestamp,1. open,2. high,3. low,4. close,5. volume\n${BARS}`],
    ['with more columns', `symbol,${HEADER}${BARS.replaceAll(/^/gm, 'ABC,').replace(/ABC,$/, '')}`],
    ['with columns after the last that is needed', HEADER.replace('\n', ',note,\n') + BARS.replaceAll('\n', ',"a, b",x\n')],
    ['with date and time of day in two columns', `Date,Time,Open,High,Low,Close,Volume\n${BARS.replaceAll(' ', ',')}`],
    ['with two such columns and no header', BARS.replaceAll('-', '.').replaceAll(' ', ',')],
    ['with another decimal sign', (HEADER + BARS).replaceAll(',', ';').replaceAll('.', ','), { decimal: ',' }],
    ['with columns by name', `a,b,c,d,e,f\n${BARS}`, { columns: { time: 'a', open: 'B', high: 'c', low: 'd', close: 'e', volume: 'f' } }],
    ['with columns by index', `x,y,z,u,v,w\n${BARS}`, { columns: { time: 0, open: 1, high: 2, low: 3, close: 4, volume: 5 } }],
    ['with a header that is all numbers', `0,1,2,3,4,5\n${BARS}`, { header: true, columns: { time: 0, open: 1, high: 2, low: 3, close: 4, volume: 5 } }],
    ['with epoch seconds', `${HEADER}1704153600,10,10.5,9.5,10.25,100\n1704153660,10.25,11,10,10.75,200.5\n`],
    ['with times of a zone', (HEADER + BARS).replaceAll('2024-01-02 00:', '2024-01-01 19:'), { zone: 'America/New_York' }],
    ['with stamps at the close', (HEADER + BARS).replaceAll('00:01:00', '00:02:00').replaceAll('00:00:00', '00:01:00'), { stamp: 'close' }],
  ] as [string, string, ReadOptions['params']?][])('reads a file %s', async (_, content, params: ReadOptions['params'] = {}) => {
    expect(rowsOf(await read(file(content), { params }))).toEqual(EXPECTED);
  });

  it('reads a compressed file by its content, and an archive of several parts', async () => {
    expect(rowsOf(await read(file(gzipSync(HEADER + BARS), 'plain.csv.gz')))).toEqual(EXPECTED);
    expect(rowsOf(await read(file(gzipSync(HEADER + BARS), 'no-suffix')))).toEqual(EXPECTED);
    expect(rowsOf(await read(file(Buffer.concat([gzipSync(HEADER), gzipSync(BARS)]), 'parts.csv.gz')))).toEqual(EXPECTED);
  });

  it('gives volume 0 where there is no volume column or an empty field', async () => {
    expect(rowsOf(await read(file('time,open,high,low,close\n2024-01-02,1,1,1,1\n')))[0]?.volume).toBe(0);
    expect(rowsOf(await read(file(`${HEADER}2024-01-02,1,1,1,1,7\n2024-01-02 00:01,1,1,1,1,\n`))).map(({ volume }) => volume)).toEqual([7, 0]);
  });

  it('reads rows and line numbers that lie across blocks, in chunks of at most 65,536', async () => {
    const count = 150_000;
    const start = Date.UTC(2024, 0, 1);
    const lines = Array.from({ length: count }, (_, i) => `${new Date(start + i * 60_000).toISOString()},${(i % 1000) + 1},2000,0.5,${(i % 1000) + 1},${i}`);
    for (const compress of [false, true]) {
      const text = `${HEADER}${lines.join('\n')}\n`;
      const result = await read(file(compress ? gzipSync(text) : text, `big-${compress}`), { params: { tolerate: ['jump'] } });
      expect(result.chunks.map(({ length }) => length)).toEqual([65_536, 65_536, 18_928]);
      const rows = rowsOf(result);
      expect(rows.every((bar, i) => bar.time === start + i * 60_000 && bar.volume === i && bar.close === (i % 1000) + 1)).toBe(true);
    }
    lines[140_000] = (lines[140_000] as string).replace(/,2000,/, ',abc,');
    expect((await errorOf(read(file(`${HEADER}${lines.join('\n')}\n`), { params: { tolerate: ['jump'] } }))).message).toContain('row 140002: high "abc"');
  });

  it('reads a file of thousands of columns', async () => {
    const wide = (cells: readonly string[]): string => [...Array.from({ length: 5000 }, (_, i) => `x${i}`), ...cells].join(',');
    const rows = BARS.trimEnd().split('\n').map((line) => wide(line.split(',')));
    expect(rowsOf(await read(file([wide(HEADER.trimEnd().split(',')), ...rows].join('\n'))))).toEqual(EXPECTED);
  });

  it('keeps bars from `from`, inclusive, to `to`, exclusive', async () => {
    const path = file(`${HEADER}${[0, 1, 2, 3].map((minute) => `2024-01-02 00:0${minute}:00,1,1,1,1,1`).join('\n')}\n`);
    const result = await read(path, { from: utc('2024-01-02T00:01:00Z'), to: utc('2024-01-02T00:03:00Z') });
    expect(timesOf(result)).toEqual(['2024-01-02T00:01:00.000Z', '2024-01-02T00:02:00.000Z']);
  });

  it('reads the repeated hour of autumn in its order', async () => {
    const stamps = ['00:59', '01:00', '01:59', '01:00', '01:59', '02:00'].map((time) => `2024-11-03 ${time}:00,1,1,1,1,1`);
    const result = await read(file(`${HEADER}${stamps.join('\n')}\n`), { params: { zone: 'America/New_York' } });
    expect(timesOf(result).map((time) => time.slice(11, 16))).toEqual(['04:59', '05:00', '05:59', '06:00', '06:59', '07:00']);
  });
});

describe('readBars refuses, in one line', () => {
  const bad = (rows: string): string => HEADER + rows;
  it.each([
    ['an empty file', '', 'DATA_EMPTY', /0 bytes/],
    ['a file of blank lines', '\n\n', 'DATA_EMPTY', /no lines/],
    ['a header without rows', HEADER, 'DATA_EMPTY', /header and no rows/],
    ['binary content', Buffer.from([1, 2, 3, 0, 255]), 'DATA_FORMAT', /binary \(byte 0x01 at 0\)/],
    ['UTF-16', Buffer.from(`\ufeff${HEADER}`, 'utf16le'), 'DATA_FORMAT', /UTF-16.*save it as UTF-8/],
    ['a zip archive', Buffer.from('PK\x03\x04abc', 'latin1'), 'DATA_FORMAT', /zip.*unpack/],
    ['a compressed binary', gzipSync(Buffer.from([1, 2, 3, 0])), 'DATA_FORMAT', /binary/],
    ['wrong columns', 'time,price,size\n2024-01-02,1,2\n', 'DATA_COLUMNS', /no column for open, high, low, close.*found: time, price, size.*columns: \{ open: NAME_OR_INDEX/],
    ['one column', 'hello\nworld\n', 'DATA_COLUMNS', /one column.*set delimiter/],
    ['two columns of one name', 'time,open,high,low,close,Close\n2024-01-02,1,1,1,1,1\n', 'DATA_COLUMNS', /two columns for close \(close at 4, Close at 5\).*columns: \{ close: 4 \}/],
    ['two delimiters alike', 'a;b,c;d,e;f,g;h,i\n1;2,3;4,5;6,7;8,9\n', 'DATA_FORMAT', /equally many/],
    ['an unreadable time', bad('2024-01-02 00:00:00,1,1,1,1,1\nlater,1,1,1,1,1\n'), 'DATA_TIME', /row 3 has time "later"/],
    ['an unreadable first time', bad('Jan 2 2024,1,1,1,1,1\n'), 'DATA_TIME', /row 2 has time "Jan 2 2024"/],
    ['an ambiguous date', bad('01/02/2024,1,1,1,1,1\n'), 'DATA_TIME', /row 2 has time "01\/02\/2024".*timeFormat: dmy or timeFormat: mdy/],
    ['a zone after stamps without', bad('2024-01-02 00:00:00,1,1,1,1,1\n2024-01-02 00:01:00Z,1,1,1,1,1\n'), 'DATA_TIME', /row 3 has time "2024-01-02 00:01:00Z" with a zone after times without/],
    ['a stamp without zone after others with', bad('2024-01-02 00:00:00Z,1,1,1,1,1\n2024-01-02 00:01:00,1,1,1,1,1\n'), 'DATA_TIME', /row 3 has time "2024-01-02 00:01:00" without a zone after times with/],
    ['time going backwards', bad('2024-01-02 00:01:00,1,1,1,1,1\n2024-01-02 00:02:00,1,1,1,1,1\n2024-01-02 00:00:00,1,1,1,1,1\n'), 'DATA_ORDER', /row 4 is of 2024-01-02T00:00:00Z after row 3 of 2024-01-02T00:02:00Z/],
    ['newest first', bad('2024-01-02 00:01:00,1,1,1,1,1\n2024-01-02 00:00:00,1,1,1,1,1\n'), 'DATA_ORDER', /newest first/],
    ['a row that is cut off', bad('2024-01-02 00:00:00,1,1,1,1,1\n2024-01-02 00:01:00,1,1,1'), 'DATA_QUALITY', /row 3: no close/],
    ['a cut-off time', bad('2024-01-02 00:00:00,1,1,1,1,1\n2024-01-02 00:0'), 'DATA_TIME', /row 3 has time "2024-01-02 00:0"/],
  ] as const)('%s', async (_, content, code, message) => {
    const error = await errorOf(read(file(content)));
    expect(error.code).toBe(code);
    expect(error.line).toMatch(message);
    expect(error.line).not.toContain('\n');
    expect(error.hint).toBeDefined();
  });

  it('a local time that the clocks skip', async () => {
    const error = await errorOf(read(file(bad('2024-03-10 02:30:00,1,1,1,1,1\n')), { params: { zone: 'America/New_York' } }));
    expect(error.line).toMatch(/^DATA_TIME: bars.csv row 2 has time "2024-03-10 02:30:00", which the clocks of America\/New_York skip/);
  });

  it('a column that is not there, with the one that was meant', async () => {
    const error = await errorOf(read(file(HEADER + BARS), { params: { columns: { close: 'clsoe' } } }));
    expect(error.line).toMatch(/^DATA_COLUMNS: .*no column clsoe.*did you mean columns.close: close\?/);
    expect((await errorOf(read(file(HEADER + BARS), { params: { columns: { close: 9 } } }))).line).toMatch(/^DATA_COLUMNS: .*6 columns and no number 9/);
    expect((await errorOf(read(file(BARS), { params: { columns: { close: 'close' } } }))).line).toMatch(/^DATA_COLUMNS: .*no header/);
    expect((await errorOf(read(file(HEADER + BARS), { params: { columns: { close: 'open' } } }))).line).toMatch(/^DATA_COLUMNS: .*column 1 mapped to/);
  });

  it('a file that is not there, with the one that was meant', async () => {
    file(HEADER, 'mes-1m.csv');
    const error = await errorOf(read(join(folder.path, 'mse-1m.csv')));
    expect(error.line).toMatch(/^DATA_MISSING: bars.csv does not exist.*did you mean mes-1m.csv\?/);
    expect((await errorOf(read(join(folder.path, 'nowhere', 'x.csv')))).line).toMatch(/^DATA_MISSING: .*the folder .* does not exist/);
  });

  it('a folder', async () => {
    mkdirSync(join(folder.path, 'sub'));
    expect((await errorOf(read(join(folder.path, 'sub')))).line).toMatch(/^DATA_FORMAT: bars.csv is a folder, expected a file/);
  });

  it('a gzip file that is cut off, with the row it breaks at', async () => {
    const lines = Array.from({ length: 50_000 }, (_, i) => `${new Date(Date.UTC(2024, 0, 1) + i * 60_000).toISOString()},${100 + ((i * 7919) % 13)},120,90,100,${i}`);
    const whole = gzipSync(`${HEADER}${lines.join('\n')}\n`);
    const half = whole.subarray(0, whole.length / 2);
    const readable = gunzipSync(half, { finishFlush: constants.Z_SYNC_FLUSH }).toString().split('\n').length;
    expect(readable).toBeGreaterThan(15_000);
    const error = await errorOf(read(file(half, 'cut.csv.gz')));
    expect(error.code).toBe('DATA_FORMAT');
    expect(error.message).toContain(`is cut off at row ${readable}, expected a whole archive`);
    const small = gzipSync(HEADER + BARS);
    expect((await errorOf(read(file(small.subarray(0, small.length - 8), 'cut-small.csv.gz')))).message).toMatch(/is cut off at row 4/);
    const trailerCut = await errorOf(read(file(whole.subarray(0, whole.length - 4), 'cut-trailer.csv.gz')));
    expect(trailerCut.message).toMatch(/is cut off at row 50002/);
  });

  it('a gzip file that is damaged', async () => {
    const whole = gzipSync(HEADER + BARS);
    whole[whole.length - 6] = (whole[whole.length - 6] as number) ^ 0xff;
    expect((await errorOf(read(file(whole, 'bad.csv.gz')))).line).toMatch(/^DATA_FORMAT: bars.csv is a gzip file that is damaged at row/);
  });

  it('a format or a name that the content does not have', async () => {
    expect((await errorOf(read(file(HEADER + BARS), { params: { format: 'parquet' } }))).line).toMatch(/^DATA_FORMAT: .*not Parquet.*expected parquet/);
    expect((await errorOf(read(file(HEADER + BARS, 'x.parquet')))).line).toMatch(/^DATA_FORMAT: .*PAR1/);
    expect((await errorOf(read(file(HEADER + BARS, 'x.csv.gz')))).line).toMatch(/^DATA_FORMAT: .*not compressed/);
  });

  it('a range without bars, naming the range of the file', async () => {
    const error = await errorOf(read(file(HEADER + BARS), { from: utc('2025-01-01T00:00:00Z') }));
    expect(error.line).toMatch(/^DATA_EMPTY: .*from 2025-01-01T00:00:00Z.*2 rows.*within 2024-01-02T00:00:00Z to 2024-01-02T00:01:00Z/);
    expect((await errorOf(read(file(HEADER + BARS), { to: utc('2020-01-01T00:00:00Z') }))).line).toContain('has no usable bar before 2020-01-01T00:00:00Z among');
  });

  it('an unparseable number also with the checks off, since no bar may hold NaN', async () => {
    const error = await errorOf(read(file(`${HEADER}2024-01-02,1,1,1,abc,1\n`), { params: { quality: 'off' }, calendar: always }));
    expect(error.line).toMatch(/^DATA_FORMAT: bars.csv row 2 has close "abc", expected a number/);
  });
});
