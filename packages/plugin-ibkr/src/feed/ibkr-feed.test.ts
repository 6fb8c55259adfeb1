import { parseTimeframe, toUtcMs, type Bar, type BarColumns, type Timeframe } from '@keelson/core/domain';
import type { HistoryRequest, LiveHandlers, VenueContext } from '@keelson/core/ports';
import { describe, expect, it } from 'vitest';
import { mes, startRig, until, type Rig } from '../../testing/rig.js';
import { IbkrFeed, feedParams, type FeedParams } from './ibkr-feed.js';

type FeedRig = Rig & { readonly feed: IbkrFeed; request(from: string, to?: string, timeframe?: string): HistoryRequest };

async function feedRig(params: Partial<FeedParams> = {}, more: Partial<VenueContext<FeedParams>> = {}, ...start: Parameters<typeof startRig>): Promise<FeedRig> {
  const rig = await startRig(...start);
  const context = rig.context(feedParams.parse(params), more);
  const feed = new IbkrFeed(rig.connection, rig.settings, context);
  await feed.connect();
  return {
    ...rig,
    feed,
    request: (from, to, timeframe = '1m') => ({ instrument: mes, calendar: context.calendars['cme-equity-index'] as HistoryRequest['calendar'], timeframe: parseTimeframe(timeframe) as Timeframe, from: toUtcMs(Date.parse(from)), ...(to === undefined ? {} : { to: toUtcMs(Date.parse(to)) }) }),
  };
}

async function collect(chunks: AsyncIterable<BarColumns>): Promise<readonly Bar[]> {
  const bars: Bar[] = [];
  for await (const { length, time, open, high, low, close, volume } of chunks) {
    for (let i = 0; i < length; i++) bars.push({ time: time[i], open: open[i], high: high[i], low: low[i], close: close[i], volume: volume[i] } as Bar);
  }
  return bars;
}

const iso = (time: number): string => new Date(time).toISOString().slice(0, 16);
/** Opens ascend by a minute, but for the hour that the exchange is closed. */
const steps = (bars: readonly Bar[]): ReadonlySet<number> => new Set(bars.slice(1).map((bar, i) => (bar.time - (bars[i] as Bar).time) / 60_000));

function handlers(bars: Bar[], errors: string[] = []): LiveHandlers {
  return { onBar: (_id, bar) => void bars.push(bar), onTick: () => undefined, onQuote: () => undefined, onError: (error) => void errors.push(error.message), onEnd: () => undefined, settle: () => undefined };
}

describe('history', () => {
  it('gives closed bars from the first to the last, page after page, without a hole or a bar twice', async () => {
    const { feed, request } = await feedRig({ continuous: false });
    const bars = await collect(feed.history(request('2026-04-29T00:00:00Z', '2026-05-02T00:00:00Z')));
    expect([iso(bars[0]?.time as number), iso(bars.at(-1)?.time as number)]).toEqual(['2026-04-29T00:00', '2026-05-01T20:59']);
    expect([...steps(bars)].sort((a, b) => a - b)).toEqual([1, 61]);
    for (const bar of bars) expect(bar.high >= Math.max(bar.open, bar.close) && bar.low <= Math.min(bar.open, bar.close)).toBe(true);
    expect(feed.provenance()).toMatchObject([{ instrument: 'MES', source: expect.stringMatching(/^ibkr:MESM6/), hash: expect.stringMatching(/^sha256:/) }]);
  });

  it('does not give the bar that is still open', async () => {
    const { feed, request, simulator } = await feedRig({ continuous: false });
    simulator.advance(30_000);
    const bars = await collect(feed.history(request('2026-05-04T14:20:00Z')));
    expect(iso(bars.at(-1)?.time as number)).toBe('2026-05-04T14:29');
  });

  it('opens a daily bar with its session', async () => {
    const { feed, request } = await feedRig({ continuous: false });
    const bars = await collect(feed.history(request('2026-04-26T00:00:00Z', '2026-05-01T00:00:00Z', '1d')));
    expect(bars.map(({ time }) => iso(time))).toEqual(['2026-04-26T22:00', '2026-04-27T22:00', '2026-04-28T22:00', '2026-04-29T22:00', '2026-04-30T22:00']);
  });

  it('is not to be had with delayed data alone, and the hint does not send one round in a circle', async () => {
    const { feed, request } = await feedRig({ continuous: false }, {}, { market: { permissions: [{ exchange: 'CME', data: 'delayed' }] } }, { marketData: 'delayed' });
    await expect(collect(feed.history(request('2026-05-04T14:20:00Z')))).rejects.toMatchObject({ code: 'DATA_FEED', retry: 'never', hint: expect.stringMatching(/^subscribe to the market data: delayed ones are quotes/) as string });
  });

  it('joins the expiries of a future without a step at the roll, in the prices of the present one', async () => {
    const { feed, request } = await feedRig();
    // MESH6 ended on 2026-03-20; eight days before that the next one takes over
    const joined = await collect(feed.history(request('2026-03-11T22:00:00Z', '2026-03-12T03:00:00Z')));
    expect([...steps(joined)]).toEqual([1]);
    const alone = await feedRig({ continuous: false });
    const present = await collect(alone.feed.history(alone.request('2026-03-12T00:00:00Z', '2026-03-12T03:00:00Z')));
    expect(joined.slice(-present.length)).toEqual(present);
    for (const bar of joined) expect(Number.isInteger(bar.close / 0.25)).toBe(true);
  });
});

describe('live bars', () => {
  it('join history without a hole, a bar twice or an open one', async () => {
    const { feed, request, simulator } = await feedRig({ continuous: false });
    simulator.advance(20_000);
    const bars: Bar[] = [];
    const stop = feed.subscribe([request('2026-05-04T14:20:00Z')], handlers(bars));
    await until(() => bars.length >= 10, 'the bars of history');
    expect(iso(bars.at(-1)?.time as number)).toBe('2026-05-04T14:29');
    for (let i = 0; i < 60; i++) {
      simulator.advance(5_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => bars.length >= 15, 'live bars');
    expect([...steps(bars)]).toEqual([1]);
    expect(iso(bars[14]?.time as number)).toBe('2026-05-04T14:34');
    stop();
    const { length } = bars;
    const again = await collect(feed.history(request('2026-05-04T14:20:00Z', '2026-05-04T14:35:00Z')));
    expect(bars.slice(0, 15)).toEqual(again);
    simulator.advance(120_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(bars).toHaveLength(length);
  });

  it('tell once that they broke off', async () => {
    const { feed, request, simulator } = await feedRig({ continuous: false });
    const errors: string[] = [];
    feed.subscribe([request('2026-05-04T14:29:00Z')], handlers([], errors));
    simulator.drop();
    await until(() => errors.length > 0, 'the error');
    await new Promise((resolve) => setImmediate(resolve));
    expect(errors).toEqual(['the connection was closed']);
  });

  it('carry the best prices where they are asked for', async () => {
    const { feed, request, simulator, connection } = await feedRig({ continuous: false, depth: true });
    const bars: Bar[] = [];
    feed.subscribe([request('2026-05-04T14:30:00Z')], handlers(bars));
    await connection.now(); // the gateway has read what was asked before
    for (let i = 0; i < 13; i++) {
      simulator.advance(5_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const bar = await until(() => bars.find(({ depth }) => depth !== undefined), 'a bar with depth');
    expect(bar.depth?.bid).toBeLessThan(bar.depth?.ask as number);
  });
});
