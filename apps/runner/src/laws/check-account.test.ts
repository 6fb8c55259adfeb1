import type { Broker, BrokerSnapshot, DataFeed, Finding, JournalRecord } from '@keelson/core/ports';
import { toMoney, toPrice, toQuantity, toUtcMs, type Fill } from '@keelson/core/domain';
import { checkAccount } from '@keelson/core/engine';
import { BROKER, DATA_FEED, defineBroker, defineDataFeed, definePlugin } from '@keelson/core/plugin';
import { allocateBars } from '@keelson/core/series';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FUTURE, lawOptions, MINUTE, randomBars, START } from '../../test-kit/law-run.js';
import { VirtualTime } from '../../test-kit/live-run.js';

const NOW = START + 100 * MINUTE;

/** A live feed whose history ends with a bar that opens at `last`. */
const feedUntil = (last: number | undefined): Partial<DataFeed> => ({
  capabilities: { history: true, live: true, volume: true, depth: false },
  async *history({ from, to }) {
    const chunk = allocateBars(1);
    chunk.time[0] = last ?? 0;
    if (last !== undefined && last >= (from as number) && last < (to as number)) yield chunk;
  },
});

type Venue = { readonly feed?: Partial<DataFeed>; readonly calendar?: string; readonly now?: number; readonly snapshot?: Partial<BrokerSnapshot>; readonly fills?: readonly Fill[]; readonly parts?: Partial<Broker> };

const fillOf = (id: string, clientOrderId: string): Fill => ({
  executionId: id, clientOrderId, instrument: 'A', side: 'buy', quantity: toQuantity(2), price: toPrice(4000), commission: toMoney(0), commissionCurrency: 'USD', slippage: toMoney(0), liquidity: 'taker', time: toUtcMs(NOW - MINUTE),
});

/** Examines an account on a venue outside, at a time that stands still but for time limits. */
async function examine({ snapshot, fills = [], parts = {}, feed = feedUntil(NOW - MINUTE), calendar = '24/7', now = NOW }: Venue, options: { readonly records?: readonly JournalRecord[]; readonly time?: VirtualTime } = {}): Promise<{ readonly findings: readonly Finding[]; found(check: string): string[]; readonly sent: string[] }> {
  const sent: string[] = [];
  const broker: Broker = {
    capabilities: { venue: 'paper', orderTypes: ['market', 'limit', 'stop'], timesInForce: ['day', 'gtc'], nativeBrackets: true, oco: true, modify: true },
    connect: async () => undefined,
    disconnect: async () => undefined,
    snapshot: async () => ({ time: toUtcMs(now), orders: [], positions: [], cash: [], ...snapshot }),
    executionsSince: async () => fills,
    submit: () => void sent.push('submit'),
    modify: () => void sent.push('modify'),
    cancel: () => void sent.push('cancel'),
    margin: () => 'none' as const,
    warnings: () => [],
    ...parts,
  };
  const source: DataFeed = { capabilities: { history: true, live: true, volume: true, depth: false }, connect: async () => undefined, disconnect: async () => undefined, async *history() {}, subscribe: () => () => undefined, provenance: () => [], warnings: () => [], ...feed };
  const outside = definePlugin({
    name: 'outside',
    version: '1.0.0',
    api: '^1.0.0',
    provides: ['broker', 'data-feed'],
    register({ add }) {
      add(BROKER, 'outside', defineBroker({ params: z.unknown(), create: () => broker }));
      add(DATA_FEED, 'outside', defineDataFeed({ params: z.unknown(), create: () => source }));
    },
  });
  const law = lawOptions({ bars: { A: randomBars(1, 'A') }, account: { mode: 'paper', exits: { withoutStop: 'allow' }, data: { feed: 'outside', timeframe: '1m' }, instruments: [{ id: 'A', ...FUTURE, calendar }], broker: { use: 'outside' } } }, [], []);
  const time = options.time ?? new VirtualTime(now);
  const findings = await checkAccount({ ...law, plugins: [...law.plugins, { plugin: outside, config: {}, source: 'outside' }], clock: time, timer: time, timeoutMs: 5_000, records: options.records });
  return { findings, sent, found: (check) => findings.filter((each) => each.check === check).map(({ level, found }) => `${level} ${found}`) };
}

describe('an examination of an account', () => {
  it('agrees with a venue that holds nothing, and sends nothing', async () => {
    const { found, sent } = await examine({});
    expect(found('books and venue')).toEqual(['ok nothing that the next start cannot explain']);
    expect(found('clock')).toEqual(['ok the clocks of this machine and of the venue differ by 0ms']);
    expect(sent).toEqual([]);
  });

  it.each([
    [3_000, 'warning'],
    [11_000, 'fault'],
  ])('measures a clock that is %d ms off', async (off, level) => {
    expect((await examine({ snapshot: { time: toUtcMs(NOW - off) } })).found('clock')).toEqual([`${level} the clocks of this machine and of the venue differ by ${off / 1000}s`]);
  });

  it('names a position and an order that nothing explains, and does not touch them', async () => {
    const order = { clientOrderId: 'someone-else', instrument: 'A', side: 'sell', quantity: toQuantity(1), filled: toQuantity(0), status: 'working' } as const;
    const { found, sent } = await examine({ snapshot: { positions: [{ instrument: 'A', quantity: 3, averagePrice: 4000 }], orders: [order] } });
    expect(found('books and venue')).toEqual(["fault order someone-else (sell 1 A) at the venue is not the account's", 'fault the position in A is 3 at the venue and 0 in the books']);
    expect(sent).toEqual([]);
  });

  it('explains a position by executions that were missed, and an order of its own name', async () => {
    const order = { clientOrderId: 'law-A-7-stop', instrument: 'A', side: 'sell', quantity: toQuantity(2), filled: toQuantity(0), status: 'working' } as const;
    const { found } = await examine({ snapshot: { positions: [{ instrument: 'A', quantity: 2, averagePrice: 4000 }], orders: [order] }, fills: [fillOf('E1', 'law-A-7')] });
    expect(found('executions')).toEqual(['warning 1 at the venue are not in the journal']);
    expect(found('orders')).toEqual(['warning law-A-7-stop stands at the venue and not in the journal']);
    expect(found('books and venue')).toEqual(['ok nothing that the next start cannot explain']);
  });

  it('passes on what the venue says of itself, also when it cannot be connected', async () => {
    const diagnose = async (): Promise<readonly Finding[]> => [{ level: 'fault', check: 'port', found: '4002 is closed', hint: 'start the gateway' }];
    const { findings, found } = await examine({ parts: { diagnose, connect: () => Promise.reject(new Error('refused')) } });
    expect(found("broker 'outside'")).toEqual(['fault refused']);
    expect(findings).toContainEqual({ level: 'fault', check: 'port', found: '4002 is closed', hint: 'start the gateway' });
  });

  // Monday 2024-01-08 17:00 in Chicago to Tuesday 16:00; closed for the hour after
  it.each([
    ['new bars of an open market', '2024-01-09T15:00:00Z', '2024-01-09T14:58:00Z', /^ok the last one closed at 2024-01-09T14:59:00Z, 1m ago; the market is open until 2024-01-09T22:00:00Z$/],
    ['an open market without new bars', '2024-01-09T15:00:00Z', '2024-01-09T14:30:00Z', /^warning the last one closed at 2024-01-09T14:31:00Z, 29m ago; the market is open/],
    ['a market that has just opened', '2024-01-09T23:02:00Z', '2024-01-09T21:59:00Z', /^ok .*; the market is open/],
    ['a closed market with its last bar', '2024-01-09T22:30:00Z', '2024-01-09T21:59:00Z', /^ok the last one closed at 2024-01-09T22:00:00Z, 30m ago; the market is closed until 2024-01-09T23:00:00Z$/],
    ['a closed market without its last bars', '2024-01-09T22:30:00Z', '2024-01-09T20:00:00Z', /^warning .*; the market is closed/],
    ['no bars in days', '2024-01-09T15:00:00Z', undefined, /^fault none in 3 sessions; the market is open/],
  ])('judges %s by the calendar', async (_what, now, last, line) => {
    const { found } = await examine({ calendar: 'cme-equity-index', now: Date.parse(now), feed: feedUntil(last === undefined ? undefined : Date.parse(last)) });
    expect(found('bars of A')).toEqual([expect.stringMatching(line)]);
  });

  it('finds a feed without live bars at fault', async () => {
    expect((await examine({ feed: { capabilities: { history: true, live: false, volume: true, depth: false } } })).found("feed 'outside'")).toEqual(['ok connected', 'fault it has no live bars']);
  });

  it('waits for nothing longer than its time limit', async () => {
    const time = new VirtualTime(NOW);
    const never = (): Promise<never> => new Promise(() => undefined);
    let over = false;
    const examined = examine({ parts: { connect: never, diagnose: never, disconnect: never } }, { time }).finally(() => (over = true));
    while (!over) {
      await new Promise((resolve) => void setImmediate(resolve));
      time.turnTo(time.now() + 1_000);
    }
    const { found } = await examined;
    expect(found("broker 'outside'")).toEqual([expect.stringMatching(/^fault broker 'outside' took more than 5s/), expect.stringMatching(/^fault broker 'outside' took more than 5s/)]);
  });
});
