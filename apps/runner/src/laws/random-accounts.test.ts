import { describe, expect, it } from 'vitest';
import type { BarColumns, CashMovement, Fill, OrderIntent, OrderRole, SessionCalendar } from '@keelson/core/domain';
import { calendarById } from '@keelson/core/domain';
import { createRandom, type RunResult } from '@keelson/core/engine';
import type { Random } from '@keelson/core/ports';
import { allocateBars } from '@keelson/core/series';
import { MINUTE, START, reckless, runLaw } from '../../test-kit/law-run.js';
import { ShadowBook } from '../../test-kit/shadow-book.js';

const EUR = 1.25;
const MARKETS = [
  { id: 'F', type: 'future', currency: 'USD', multiplier: 5, tickSize: 0.25, price: 4000 },
  { id: 'P', type: 'perpetual', currency: 'USD', multiplier: 1, tickSize: 0.5, lotSize: 0.001, price: 4000 },
  { id: 'E', type: 'stock', currency: 'EUR', multiplier: 1, tickSize: 0.01, price: 30 },
  { id: 'G', type: 'future', currency: 'EUR', multiplier: 10, tickSize: 0.5, price: 4000 },
] as const;

type Market = (typeof MARKETS)[number];
/** What the test draws for one run, and what it saw of it. */
type Setting = { readonly fill: string; readonly slips: boolean; readonly hasStops: boolean; readonly calendars: ReadonlyMap<string, SessionCalendar>; readonly bars: Readonly<Record<string, BarColumns>> };

const choose = <T>(random: Random, choices: readonly T[]): T => choices[random.int(choices.length)] as T;
const rateOf = (currency: string): number => (currency === 'EUR' ? EUR : 1);
const marketOf = (id: string): Market => MARKETS.find((each) => each.id === id) as Market;
const signed = (fill: Fill): number => (fill.side === 'buy' ? fill.quantity : -fill.quantity);
const exact = (quantity: number): number => Math.round(quantity * 1e6) / 1e6;

/** A random walk with bars without volume, jumps, and gaps of up to a day and a half. */
function gappyBars(length: number, seed: string, { tickSize, price: start }: Market, gapChance: number): BarColumns {
  const random = createRandom(seed);
  const bars = allocateBars(length);
  let price: number = start;
  let time = START;
  for (let i = 0; i < length; i++) {
    const steps = (scale: number): number => Math.round(random.normal() * scale) * tickSize;
    const open = price + (random.next() < 0.03 ? steps(30) : steps(1));
    const close = open + steps(5);
    bars.time[i] = time;
    bars.open[i] = open;
    bars.close[i] = close;
    bars.high[i] = Math.max(open, close) + Math.abs(steps(4));
    bars.low[i] = Math.min(open, close) - Math.abs(steps(4));
    bars.volume[i] = random.int(40);
    price = Math.max(start / 2, close);
    time += random.next() < gapChance ? (2 + random.int(2000)) * MINUTE : MINUTE;
  }
  return bars;
}

function drawBroker(random: Random): Record<string, unknown> & { readonly fill: string } {
  return {
    fill: choose(random, ['next-open', 'next-open', 'same-close']),
    intrabar: choose(random, ['worst', 'ohlc', 'olhc', 'nearest-open']),
    limitFill: choose(random, ['touch', 'through']),
    commission: choose(random, [{}, { perContract: 0.7 }, { fraction: 0.0001 }, { takerBps: 2, makerBps: -1 }]),
    ...(random.next() < 0.5 ? { volumeLimit: 0.1 } : {}),
    ...(random.next() < 0.3 ? { latency: { bars: 1 } } : {}),
    ...(random.next() < 0.5 ? { margin: { leverage: 20 } } : {}),
    ...(random.next() < 0.3 ? { slippage: choose(random, [{ ticks: 1 }, { volatilityShare: 0.1 }]) } : {}),
    funding: choose(random, [{}, { rate: 0.0001 }, { rate: -0.0003, everyHours: 1 }]),
    settlement: choose(random, [true, false]),
  };
}

const EXITS: readonly Record<string, unknown>[] = [
  {},
  { stopPoints: 8, rewardRisk: 2 },
  { stopAtr: 2, rewardRisk: 3, trailing: { afterR: 0.5, distanceAtr: 1 }, breakEvenAfterR: 1, partialTarget: { atR: 0.5, fraction: 0.5 }, maxHoldMinutes: 25 },
];

/** What is wrong with a fill: its time, its price or its session. */
function fillFault(fill: Fill, decidedAt: number | undefined, { fill: policy, slips, calendars, bars }: Setting): string | undefined {
  const name = `fill ${fill.clientOrderId} of ${fill.instrument}`;
  if (decidedAt !== undefined && fill.time < decidedAt) return `${name} came before its decision`;
  if (fill.cause !== undefined) return undefined;
  const { time, low, high } = bars[fill.instrument] as BarColumns;
  // on the close, the fill carries the time at which its bar ended
  const rows = [time.indexOf(fill.time), ...(policy === 'same-close' ? [time.indexOf(fill.time - MINUTE)] : [])].filter((row) => row >= 0);
  if (rows.length === 0) return `${name} has no bar`;
  if (!slips && !rows.some((row) => fill.price >= (low[row] as number) - 1e-9 && fill.price <= (high[row] as number) + 1e-9)) return `${name} lies outside of its bar`;
  const calendar = calendars.get(fill.instrument) as SessionCalendar;
  return rows.some((row) => calendar.sessionAt(time[row] as never) !== undefined) ? undefined : `${name} lies outside of sessions`;
}

/** What is wrong with how a fill moved the position. */
function moveFault(role: OrderRole | undefined, before: number, after: number): string | undefined {
  if (role === undefined) return undefined;
  if (before * after < 0) return `${role} turned ${before} to ${after}`;
  return role !== 'entry' && Math.abs(after) > Math.abs(before) ? `${role} grew ${before} to ${after}` : undefined;
}

/** The account again, from fills and transfers alone: everything is paid in full, and what is held is worth its last price. */
function expectedMoney(startEquity: number, fills: readonly Fill[], transfers: number, bars: Readonly<Record<string, BarColumns>>): { readonly equity: number; readonly commission: number } {
  let equity = startEquity + transfers;
  let commission = 0;
  for (const fill of fills) {
    const { multiplier, currency } = marketOf(fill.instrument);
    const columns = bars[fill.instrument] as BarColumns;
    const last = columns.close[columns.length - 1] as number;
    equity += signed(fill) * (last - fill.price) * multiplier * rateOf(currency);
    commission += fill.commission * rateOf(currency);
  }
  return { equity: equity - commission, commission };
}

function expectMoney({ statistics, trades, openPositions }: RunResult, fills: readonly Fill[], transfers: number, bars: Readonly<Record<string, BarColumns>>): void {
  const { startEquity, endEquity } = statistics;
  const close = (found: number, wanted: number): void => expect(Math.abs(found - wanted)).toBeLessThan(1e-6 * startEquity);
  const { equity, commission } = expectedMoney(startEquity, fills, transfers, bars);
  close(endEquity, equity);
  close(statistics.commission, commission);
  const realised = trades.reduce((sum, trade) => sum + trade.pnl, 0);
  const unrealised = openPositions.reduce((sum, position) => sum + position.unrealizedPnl, 0);
  close(endEquity - startEquity, realised + unrealised - commission + transfers);
  if (openPositions.length === 0) close(trades.reduce((sum, trade) => sum + trade.commission, 0), commission);
}

describe('an account with any mix of markets, fill rules and exits', () => {
  it.each(Array.from({ length: 12 }, (_, seed) => seed))('fills within bars, sessions and protection, and its money adds up, seed %d', async (seed) => {
    const random = createRandom(`mix-${seed}`);
    const calendarIds = new Map<string, string>([['F', choose(random, ['24/7', 'cme-equity-index', 'cme-fx'])], ['P', '24/7'], ['E', '24/7'], ['G', 'cme-equity-index']]);
    // E ends first and the others go on
    const bars = Object.fromEntries(MARKETS.map((market) => [market.id, gappyBars(market.id === 'E' ? 500 : 1000, `${market.id}-${seed}`, market, choose(random, [0.002, 0.02]))]));
    const broker = drawBroker(random);
    const exits = choose(random, EXITS);
    const setting: Setting = { fill: broker.fill, slips: broker['slippage'] !== undefined, hasStops: 'stopPoints' in exits, bars, calendars: new Map([...calendarIds].map(([id, calendar]) => [id, calendarById(calendar) as SessionCalendar])) };
    const shadow = new ShadowBook();
    const sent = new Map<string, { readonly decidedAt: number; readonly role: OrderRole }>();
    const held = new Map<string, number>();
    const fills: Fill[] = [];
    const faults: string[] = [];
    const blame = (fault: string | undefined): void => void (fault !== undefined && faults.push(fault));
    let transfers = 0;
    const noteMove = ({ kind, currency, amount }: CashMovement): void => {
      if (kind !== 'settlement') transfers += amount * rateOf(currency);
    };
    const noteFill = (fill: Fill): void => {
      const order = sent.get(fill.clientOrderId);
      const before = held.get(fill.instrument) ?? 0;
      const after = exact(before + signed(fill));
      held.set(fill.instrument, after);
      fills.push(fill);
      blame(fillFault(fill, order?.decidedAt, setting));
      blame(moveFault(order?.role, before, after));
    };
    const noteIntent = (intent: OrderIntent): void => {
      shadow.intent(intent);
      for (const { clientOrderId, role } of [intent, ...(intent.bracket ?? [])]) sent.set(clientOrderId, { decidedAt: intent.decidedAt, role });
    };
    const { result } = await runLaw({
      bars,
      strategy: reckless,
      account: {
        seed,
        initialCash: choose(random, [1_000_000, 60_000]),
        rates: { EUR },
        instruments: MARKETS.map(({ price: _price, ...market }) => ({ ...market, calendar: calendarIds.get(market.id) })),
        sizing: choose(random, [{ use: 'fixed-quantity', quantity: 4 }, { use: 'equity-fraction', fraction: 0.5 }, { use: 'fixed-quantity', quantity: 1.5 }]),
        risk: { maxContracts: 10, ...(random.next() < 0.3 ? { maxDailyLossFraction: 0.01 } : {}) },
        exits,
        decision: { minConfidence: 0.1 },
        broker: { use: 'simulated', config: broker },
      },
      onIntent: noteIntent,
      onEvent: (event) => {
        shadow.event(event);
        if (event.kind === 'fill') noteFill(event.fill);
        else if (event.kind === 'cash') noteMove(event.movement);
        else if (event.kind === 'cancel-rejected' || (event.kind === 'modify-rejected' && !event.reason.includes('expected none'))) blame(`${event.kind}: ${event.reason}`);
      },
      options: {
        observeBar: () => {
          if (!setting.hasStops) return;
          for (const [id, quantity] of held) if (Math.abs(shadow.protectedBy(id) - Math.abs(quantity)) > 1e-6) blame(`${id} held ${quantity} with stops for ${shadow.protectedBy(id)}`);
        },
      },
    });
    expect(faults.slice(0, 5)).toEqual([]);
    expect(fills.length).toBeGreaterThan(20);
    for (const { id } of MARKETS) expect(exact(result.openPositions.find((each) => each.instrument === id)?.quantity ?? 0)).toBe(held.get(id) ?? 0);
    expectMoney(result, fills, transfers, bars);
  });
});
