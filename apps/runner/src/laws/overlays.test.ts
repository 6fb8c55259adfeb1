import { MemoryJournal, composeAccount, type ComposeOptions } from '@keelson/core/engine';
import type { BrokerEvent, OrderIntent } from '@keelson/core/domain';
import { RISK_OVERLAY, definePlugin, defineRiskOverlay } from '@keelson/core/plugin';
import type { OverlayRequest, OverlayVerdict } from '@keelson/core/ports';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lawOptions, MINUTE, randomBars, reckless, runLaw, START, textOf, type LawRun } from '../../test-kit/law-run.js';
import { HandFeed, LiveLife, VirtualTime } from '../../test-kit/live-run.js';

const BARS = 500;
const END = START + 10 * BARS * MINUTE;

/** All shipped overlays that look at prices, positions and trades. */
const OVERLAYS: ReadonlyArray<{ readonly use: string; readonly config?: Record<string, unknown> }> = [
  { use: 'max-quantity', config: { quantity: 6 } },
  { use: 'volatility-size', config: { fraction: 0.0001 } },
  { use: 'exposure-cap', config: { groups: [{ name: 'all', instruments: ['A', 'B', 'C'], maxFraction: 0.15 }, { name: 'net', instruments: ['A', 'B'], maxFraction: 0.06, measure: 'net' }] } },
  { use: 'correlation-cap', config: { maxCorrelation: 0.05, maxFraction: 0.1, bars: 60 } },
  { use: 'slippage-guard', config: { maxRiskFraction: 0.6, maxTicks: 30 } },
  { use: 'max-drawdown-pause', config: { maxDrawdown: 0.0002, lookback: '2h', pause: '10m' } },
  { use: 'expected-value', config: { minTrades: 5, priorTrades: 5, maxAge: '3h' } },
  { use: 'loss-streak', config: { losses: 3, pause: '20m' } },
  { use: 'low-profit-instrument', config: { lookback: '2h', pause: '30m' } },
  { use: 'min-reward-risk', config: { ratio: 2.05 } },
];

const account = (seed: string, overlays: ReadonlyArray<{ readonly use: string }>): LawRun => ({
  bars: Object.fromEntries(['A', 'B', 'C'].map((id) => [id, randomBars(BARS, `${seed}/${id}`)])),
  strategy: reckless,
  account: {
    seed,
    decision: { minConfidence: 0.3 },
    sizing: { use: 'fixed-quantity', quantity: 8 },
    exits: { stopAtr: 2, rewardRisk: 2, partialTarget: { atR: 1, fraction: 0.5 }, maxHoldMinutes: 90 },
    overlays,
    risk: { maxContracts: 8 },
    broker: { use: 'simulated', config: { slippage: { ticks: 1 }, commission: { perContract: 0.62 } } },
  },
});

/** The account with one more overlay, `probe`. */
function probed(run: LawRun, review: (request: OverlayRequest) => OverlayVerdict, intents: OrderIntent[] = [], events: BrokerEvent[] = []): Omit<ComposeOptions, 'journal'> {
  const options = lawOptions(run, intents, events);
  const plugin = definePlugin({ name: 'probe', version: '1.0.0', api: '^1.0.0', provides: ['risk-overlay'], register: ({ add }) => add(RISK_OVERLAY, 'probe', defineRiskOverlay({ params: z.unknown(), create: () => ({ review }) })) });
  return { ...options, plugins: [...options.plugins, { plugin, config: {}, source: 'probe' }] };
}

async function live(run: LawRun, deaths: readonly number[]) {
  const journal = new MemoryJournal();
  const time = new VirtualTime();
  const intents: OrderIntent[] = [];
  const cuts = [START, ...deaths, END];
  for (let i = 1; ; i++) {
    const feed = new HandFeed();
    const life = new LiveLife(lawOptions({ ...run, live: (handlers) => void (feed.handlers = handlers) }, intents, []), journal, time, feed);
    await life.start();
    await life.play(run.bars, cuts[i - 1] as number, cuts[i] as number);
    feed.handlers = undefined;
    const result = await life.end();
    if (i === cuts.length - 1) return { result, intents };
  }
}

describe('the shipped overlays', () => {
  it('each hold something back, and together leave something', async () => {
    for (const overlay of OVERLAYS) {
      const { result } = await runLaw(account('each', [overlay]));
      expect(result.warnings.some((line) => line.startsWith(`overlay '${overlay.use}'`)), overlay.use).toBe(true);
    }
    const { intents } = await runLaw(account('all', OVERLAYS));
    expect(intents.filter(({ role }) => role === 'entry').length).toBeGreaterThan(20);
  });

  it.each(['r1', 'r2'])('say after a restart what they would have said without one (seed %s)', async (seed) => {
    const run = account(seed, OVERLAYS);
    const at = (bar: number): number => START + bar * MINUTE;
    const whole = await live(run, []);
    const cut = await live(run, [at(60), at(61), at(202), at(355), at(430)]);
    expect(cut.intents).toEqual(whole.intents);
    expect(cut.result.ordersHash).toBe(whole.result.ordersHash);
    expect(cut.result.trades).toEqual(whole.result.trades);
    expect(whole.result.trades.length).toBeGreaterThan(20);
  });

  it('enter no more than the account without them would, and never on the other side', async () => {
    for (const overlay of OVERLAYS) {
      const seen: Array<readonly [number, number]> = [];
      const run = account(`one/${overlay.use}`, [{ use: 'probe' }, overlay, { use: 'probe' }] as never);
      let before = Number.NaN;
      const plain = probed(run, ({ target: { quantity } }) => {
        if (Number.isNaN(before)) before = quantity;
        else {
          seen.push([before, quantity]);
          before = Number.NaN;
        }
        return { kind: 'pass' };
      });
      // a vetoed target never reaches the second probe: each bar begins anew
      await composeAccount(plain).run({ observeBar: () => void (before = Number.NaN) });
      for (const [sized, left] of seen) {
        expect(Math.sign(left)).toBe(Math.sign(sized));
        expect(Math.abs(left)).toBeLessThanOrEqual(Math.abs(sized));
      }
      expect(seen.length, overlay.use).toBeGreaterThan(5);
    }
  });
});

describe('what an overlay is told', () => {
  it('is its own: what it does to it changes nothing, for the account or for another overlay', async () => {
    const run = account('own', OVERLAYS);
    const vandal = (request: OverlayRequest): OverlayVerdict => {
      const open = request as unknown as Record<string, unknown> & { recentTrades: unknown[]; ownTrades: unknown[]; others: Array<Record<string, unknown>>; position: Record<string, unknown>; target: Record<string, unknown> };
      for (const trade of open.recentTrades as Array<Record<string, unknown>>) expect(() => (trade['pnl'] = 1e9)).toThrow(TypeError);
      for (const other of request.others) other.closes(50).close.fill(1);
      open.recentTrades.length = open.ownTrades.length = 0;
      for (const other of open.others) other['long'] = other['short'] = 0;
      open.others.length = 0;
      open.position['quantity'] = 1e6;
      open.target['quantity'] = 1e6;
      open['equity'] = open['balance'] = 1e12;
      return { kind: 'pass' };
    };
    const plain = await runLaw(run);
    const intents: OrderIntent[] = [];
    const events: BrokerEvent[] = [];
    const result = await composeAccount(probed({ ...run, account: { ...run.account, overlays: [{ use: 'probe' }, ...OVERLAYS] } }, vandal, intents, events)).run();
    expect(textOf({ result, intents, events })).toBe(textOf(plain));
  });

  it('is what fills and orders come to', async () => {
    const run = account('told', [{ use: 'probe' }]);
    const intents: OrderIntent[] = [];
    const events: BrokerEvent[] = [];
    let asked = 0;
    let beside = 0;
    const look = (request: OverlayRequest): OverlayVerdict => {
      asked++;
      // by hand: what was filled, and what entries have left to fill
      const done = new Set(events.flatMap((event) => ('clientOrderId' in event && ['rejected', 'canceled', 'expired'].includes(event.kind) ? [event.clientOrderId] : [])));
      for (const { instrument, long, short, closes } of request.others) {
        const fills = events.flatMap((event) => (event.kind === 'fill' && event.fill.instrument === instrument ? [event.fill] : []));
        const held = fills.reduce((sum, { side, quantity }) => sum + (side === 'buy' ? quantity : -quantity), 0);
        const open = intents.filter((intent) => intent.instrument === instrument && intent.role === 'entry' && !done.has(intent.clientOrderId));
        const working = (side: 'buy' | 'sell'): number => open.filter((intent) => intent.side === side).reduce((sum, { clientOrderId, quantity }) => sum + quantity - fills.filter((fill) => fill.clientOrderId === clientOrderId).reduce((part, fill) => part + fill.quantity, 0), 0);
        const { time, close } = closes(3);
        const perUnit = (close.at(-1) ?? 0) * 5;
        expect(long).toBeCloseTo((Math.max(0, held) + working('buy')) * perUnit, 4);
        expect(short).toBeCloseTo((Math.max(0, -held) + working('sell')) * perUnit, 4);
        expect(time.at(-1)).toBeLessThanOrEqual(request.time);
        if (long + short > 0) beside++;
      }
      expect(request.pointValue).toBe(5);
      const own = request.recentTrades.filter(({ instrument }) => instrument === request.target.instrument).slice(-64);
      expect(request.ownTrades.slice(request.ownTrades.length - own.length)).toEqual(own);
      expect(request.ownTrades.length).toBeLessThanOrEqual(64);
      return { kind: 'pass' };
    };
    const { warnings } = await composeAccount(probed(run, look, intents, events)).run();
    expect(warnings.filter((line) => line.includes('threw'))).toEqual([]);
    expect(asked).toBeGreaterThan(100);
    expect(beside).toBeGreaterThan(100);
  });
});
