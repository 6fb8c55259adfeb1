import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { Workbench } from '../test-kit/captured-io.js';

const bench = new Workbench();
afterAll(() => bench.remove());

const START = Date.UTC(2024, 0, 8, 15, 0);
const iso = (minute: number): string => new Date(START + minute * 60_000).toISOString();

/** Bars of one minute that rise. */
const bars = (count: number, price: number): string => `time,open,high,low,close,volume\n${Array.from({ length: count }, (_, i) => `${iso(i)},${price + i},${price + i + 1},${price + i - 1},${price + i},10`).join('\n')}\n`;

/** A strategy that is long while `vix` is below 20 and SPY has risen, and says what it saw. */
const STRATEGY = `const any = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } };
export default Object.freeze({
  [Symbol.for('keelson.plugin')]: true,
  name: 'calm', version: '1.0.0', api: '^1.0.0', provides: ['strategy'],
  register({ add }) {
    add({ port: 'strategy' }, 'calm', { params: any, create({ context }) {
      const vix = context('vix');
      const spy = context('spy');
      return { onBar({ signal }) {
        if (vix.value < 20 && spy.value > 0) signal.long({ confidence: 0.9, reason: 'vix ' + vix.value });
        else if (vix.ready) signal.flat({ reason: 'vix ' + vix.value });
      } };
    } });
  },
});
`;

const account = (more: string): string => `account: test
initialCash: 50000
plugins: [./calm.mjs]
instruments:
  - { id: X, type: future, currency: USD, tickSize: 1 }
data: { path: ./x.csv, timeframe: 1m }
strategies: [{ use: calm }]
context:
  vix: { use: series-file, every: 1m, expiresAfter: 2h, config: { path: ./vix.csv } }
  spy: { use: feed-series, every: 1m, expiresAfter: 1h, config: { config: { path: ./spy.csv, quality: warn }, instrument: { id: SPY, type: stock, currency: USD, tickSize: 0.01 }, timeframe: 1m, value: return, bars: 3 } }
${more}`;

async function run(more = '', env: Record<string, string> = {}) {
  bench.write('calm.mjs', STRATEGY);
  bench.write('x.csv', bars(60, 1000));
  bench.write('spy.csv', bars(60, 470));
  bench.write('vix.csv', `time,value\n${iso(0)},15\n${iso(30)},25\n${iso(40)},15\n`);
  bench.write('a.yaml', account(more));
  const { status, out, err } = await bench.keelson(['backtest', 'a.yaml', '--json'], { env });
  return { status, err, result: status === 0 ? (JSON.parse(out) as { trades: Array<{ entryTime: string; exitTime: string; entryReason: string }>; warnings: string[] }) : undefined };
}

describe('an account with context and news', () => {
  it('trades on what was known, and not before', async () => {
    const { result, err } = await run();
    // 15 arrives with the bar that closes at minute 2, SPY's return with that of minute 5; 25 is stamped 15:30, asked for at 15:30, and there at 15:31
    expect(result?.trades.map(({ entryTime, exitTime }) => [entryTime.slice(11, 16), exitTime.slice(11, 16)]), err).toEqual([['15:05', '15:31']]);
    expect(result?.warnings.filter((line) => line.includes('context'))).toEqual([]);
  });

  it('makes no entries around an event', async () => {
    bench.write('events.csv', `time,title\n${iso(8)},US CPI\n`);
    const { result } = await run("news: { sources: { cal: { use: news-file, every: 5m, config: { path: ./events.csv, knownAhead: 1d } } } }\noverlays: [{ use: event-blackout, config: { keywords: [CPI], minutesBefore: 10, minutesAfter: 2 } }]\n");
    expect(result?.trades.map(({ entryTime }) => entryTime.slice(11, 16))).toEqual(['15:11']);
    expect(result?.warnings.join()).toContain("overlay 'event-blackout' vetoed an entry on X: 'US CPI' of cal at 2024-01-08T15:08:00Z");
  });

  it('goes on without a source that fails, and says so in one line', async () => {
    const { result } = await run('  down: { use: series-file, config: { path: ./none.csv } }\n');
    expect(result?.trades).toHaveLength(1);
    expect(result?.warnings.filter((line) => line.includes('none.csv'))).toEqual(["context 'down' failed: ./none.csv cannot be read (ENOENT), expected a file: correct the path; it is relative to the account file"]);
  });

  it('shows no key of an address, whatever goes wrong', async () => {
    const server = createServer((_, response) => response.writeHead(500).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/{time}?k=\${MY_KEY}`;
      const { result, err } = await run(`  web: { use: http-json, every: 10m, config: { url: '${url}', value: v, time: t } }\n`, { MY_KEY: 'hush-hush' });
      expect(result?.warnings.join()).toMatch(/context 'web' failed: 127\.0\.0\.1:\d+ answered with status 500/);
      expect(JSON.stringify([result, err])).not.toContain('hush-hush');
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('is not valid while a file of context or news is missing, and says where it is named', async () => {
    await run();
    bench.write('b.yaml', account('  gone: { use: series-file, config: { path: ./gone.csv } }\nnews: { sources: { cal: { use: news-ics, config: { path: ./gone.ics } }, web: { use: news-rss, config: { url: https://x.test/a } }, here: { use: news-file, config: { path: ./vix.csv } } } }\n'));
    const { status, err, out } = await bench.keelson(['validate', 'b.yaml']);
    expect(err.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^DATA_MISSING: b\.yaml:\d+:\d+: context\.gone\.config\.path names gone\.csv, which is not there, expected a file: correct the path; it is relative to the account file$/),
      expect.stringMatching(/^DATA_MISSING: b\.yaml:\d+:\d+: news\.sources\.cal\.config\.path names gone\.ics, /),
    ]);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect((await bench.keelson(['validate', 'a.yaml'])).status).toBe(0);
  });

  it.each([
    ['  bad: { use: series-fil, config: {} }\n', /CFG_REFERENCE: a\.yaml:\d+:\d+: context\.bad\.use was 'series-fil', expected a context-feed .*: did you mean series-file\?/],
    ['  bad: { use: series-file, config: { path: a, delya: 1d } }\n', /CFG_UNKNOWN_KEY: a\.yaml:\d+:\d+: context\.bad\.config\.delya was found, .*did you mean delay\?/],
    ["  bad: { use: series-file, every: 5 minutes, config: { path: a } }\n", /CFG_TYPE: a\.yaml:\d+:\d+: context\.bad\.every was "5 minutes", expected a span of time such as/],
    ['  bad: { use: series-file, expiresAfter: never, config: { path: a } }\n', /context\.bad\.expiresAfter was "never", expected a span of time/],
    ['  bad: { use: series-file, latency: 2h, config: { path: a } }\n', /CFG_TYPE: a\.yaml:\d+:\d+: context\.bad\.latency was "2h", expected less than expiresAfter \(1h\), or there is never a value: lower latency or raise expiresAfter\n/],
    ['news: { sources: { n: { use: news-file, latency: 1d, config: { path: a.csv } } } }\n', /news\.sources\.n\.latency was "1d", expected less than staleAfter \(1d\)/],
    ['  bad: { use: feed-series, config: { instrument: Y } }\n', /CFG_REFERENCE: a\.yaml:\d+:\d+: instrument was 'Y', expected one of the account \(X\) or the whole of another/],
    ['  bad: { use: feed-series, config: { feed: fiel, instrument: X } }\n', /CFG_REFERENCE: .*feed was 'fiel', expected a data-feed .*did you mean file\?/],
    ['  bad: { use: feed-series, config: { instrument: X, config: { pth: a } } }\n', /feed file.*pth was found/],
    ['  bad: { use: http-json, config: { url: https://x.test, value: v, headers: { X-API-Key: literal-key-1 } } }\n', /CFG_SECRET/],
    ['overlays: [{ use: event-blackout }]\n', /CFG_REFERENCE: a\.yaml:\d+:\d+: event-blackout found no source of news/],
    ['advisors: [{ use: "null", triggers: { news: [] } }]\n', /advisors\.0\.triggers\.news/],
  ])('refuses %j with the place and what to do', async (more, said) => {
    const { status, err } = await run(more);
    expect(status).toBe(2);
    expect(err).toMatch(said);
    expect(err).not.toContain('literal-key-1');
  });
});
