import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Fill } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import { describe, expect, it } from 'vitest';
import { VenueHarness, instrumentOf } from '../testing/venue-harness.js';
import type { SimulatedSettings } from './config.js';

/*
 * Trades of two independent engines (backtesting.py 0.6.6 and backtrader 1.9.78) on real bars: signals are
 * computed here as their conventions say, fills come from the broker. The lists stand beside the data.
 */
const DATA = process.env['KEELSON_DATA_DIR'];
const GOLDEN = DATA === undefined ? undefined : join(DATA, '..', 'golden');
const isThere = GOLDEN !== undefined && existsSync(GOLDEN);

type Kind = 'longflat' | 'flip' | 'bracketlong' | 'bracketboth';
type Trade = { side: string; quantity: number; entryTime: string; entryPrice: number; exitTime: string; exitPrice: number };
type Golden = { data: string; kind: Kind; commissionFraction: number; quantity: number; multiplier: number; tickSize: number; commissionEngineA: number; commissionEngineB: number; engineA: Trade[]; engineB?: Trade[] };
type Bars = { time: number[]; open: number[]; high: number[]; low: number[]; close: number[] };

function readBars(file: string): Bars {
  const raw = readFileSync(join(DATA as string, file));
  const lines = (file.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8').trim().split('\n').slice(1);
  const bars: Bars = { time: [], open: [], high: [], low: [], close: [] };
  for (const line of lines) {
    const [time = '', open, high, low, close] = line.split(',');
    bars.time.push(Date.parse(time.length === 10 ? `${time}T00:00:00Z` : `${time.replace(' ', 'T')}Z`));
    bars.open.push(Number(open));
    bars.high.push(Number(high));
    bars.low.push(Number(low));
    bars.close.push(Number(close));
  }
  return bars;
}

function ema(values: readonly number[], n: number): number[] {
  const out: number[] = new Array<number>(values.length).fill(Number.NaN);
  let mean = values.slice(0, n).reduce((a, b) => a + b, 0) / n;
  out[n - 1] = mean;
  for (let i = n; i < values.length; i++) out[i] = mean = mean + (2 / (n + 1)) * ((values[i] as number) - mean);
  return out;
}

/** Wilder's mean of `values` from bar 1 on, seeded with the simple mean of the first 14. */
function wilder(values: readonly number[]): number[] {
  const out: number[] = new Array<number>(values.length).fill(Number.NaN);
  let mean = values.slice(1, 15).reduce((a, b) => a + b, 0) / 14;
  out[14] = mean;
  for (let i = 15; i < values.length; i++) out[i] = mean = (mean * 13 + (values[i] as number)) / 14;
  return out;
}

const at = (list: readonly number[], i: number): number => list[i] as number;

function run(golden: Golden, settings: SimulatedSettings): { trades: Trade[]; commission: number } {
  const bars = readBars(golden.data);
  const { time, open, high, low, close } = bars;
  const isDaily = golden.data.startsWith('goog');
  // some bars of the perpetual open off its whole-dollar tick; the venue's grid must hold them
  const tick = golden.data.startsWith('btc') ? 0.25 : golden.data.startsWith('goog') ? 0.01 : golden.tickSize;
  const harness = new VenueHarness({
    settings: { commission: { fraction: golden.commissionFraction }, margin: { none: true }, settlement: false, ...settings },
    instruments: [instrumentOf({ type: isDaily ? 'stock' : 'perpetual', tickSize: tick, multiplier: golden.multiplier })],
    initialCash: 1_000_000,
    timeframeMs: isDaily ? 86_400_000 : 60_000,
  });
  const fast = ema(close, 12);
  const slow = ema(close, 26);
  const changes = close.map((c, i) => (i === 0 ? 0 : c - at(close, i - 1)));
  const gains = wilder(changes.map((c) => Math.max(0, c)));
  const losses = wilder(changes.map((c) => Math.max(0, -c)));
  const range = wilder(close.map((_, i) => (i === 0 ? 0 : Math.max(at(high, i) - at(low, i), Math.abs(at(high, i) - at(close, i - 1)), Math.abs(at(low, i) - at(close, i - 1))))));
  const rsi = (i: number): number => 100 - 100 / (1 + at(gains, i) / at(losses, i));

  const trades: Trade[] = [];
  let commission = 0;
  let position = 0;
  let entry: Fill | undefined;
  let orders = 0;
  let exits: string[] = [];
  const stamp = (ms: number): string => new Date(ms).toISOString().slice(0, 19);
  const book = (fill: Fill): void => {
    const sign = fill.side === 'buy' ? 1 : -1;
    position += sign * fill.quantity;
    if (entry === undefined) {
      entry = fill;
      return;
    }
    commission += entry.commission + fill.commission; // a position that stays open is not in the lists
    trades.push({ side: entry.side === 'buy' ? 'long' : 'short', quantity: fill.quantity, entryTime: stamp(entry.time), entryPrice: entry.price, exitTime: stamp(fill.time), exitPrice: fill.price });
    entry = undefined;
  };
  const send = (role: 'entry' | 'exit', side: 'buy' | 'sell', bracket?: { stop: number; target: number }): void => {
    const id = `o${orders++}`;
    exits = bracket === undefined ? [] : [`${id}s`, `${id}t`];
    harness.submit({
      clientOrderId: id,
      role,
      side,
      quantity: golden.quantity,
      reduceOnly: role === 'exit',
      ...(bracket === undefined
        ? {}
        : {
            bracket: [
              { clientOrderId: `${id}s`, role: 'stop', type: 'stop', stopPrice: bracket.stop as never },
              { clientOrderId: `${id}t`, role: 'target', type: 'limit', limitPrice: bracket.target as never },
            ],
          }),
    });
  };
  const leave = (): void => {
    for (const id of exits) harness.cancel(id);
    send('exit', position > 0 ? 'sell' : 'buy');
  };

  for (let i = 0; i < close.length; i++) {
    harness.bar([at(open, i), at(high, i), at(low, i), at(close, i)], { time: at(time, i) });
    for (const event of harness.take()) {
      if (event.kind === 'fill') book(event.fill);
      else if (event.kind === 'rejected') throw new Error(event.reason);
    }
    if (i < 26) continue;
    const before = at(fast, i - 1) - at(slow, i - 1);
    const after = at(fast, i) - at(slow, i);
    const up = before < 0 && after > 0;
    const down = before > 0 && after < 0;
    if (!up && !down) continue;
    const bracket = (sign: number): { stop: number; target: number } => {
      const round = sign > 0 ? Math.ceil : Math.floor;
      const onTick = (price: number): number => {
        const steps = price / golden.tickSize;
        const near = Math.round(steps);
        return Number(((Math.abs(steps - near) < 1e-6 ? near : round(steps)) * golden.tickSize).toPrecision(12));
      };
      return { stop: onTick(at(close, i) - sign * 2 * at(range, i)), target: onTick(at(close, i) + sign * 3 * at(range, i)) };
    };
    if (golden.kind === 'longflat') {
      if (up && position === 0) send('entry', 'buy');
      else if (down && position > 0) send('exit', 'sell');
    } else if (golden.kind === 'flip') {
      if (position !== 0) send('exit', up ? 'buy' : 'sell');
      send('entry', up ? 'buy' : 'sell');
    } else if (golden.kind === 'bracketlong') {
      if (up && position === 0 && rsi(i) > 50) send('entry', 'buy', bracket(1));
      else if (down && position > 0) leave();
    } else if (position === 0) send('entry', up ? 'buy' : 'sell', bracket(up ? 1 : -1));
    else if (position > 0 === down) leave();
  }
  return { trades, commission };
}

const pick = (trade: Trade): Trade => ({
  side: trade.side,
  quantity: trade.quantity,
  entryTime: trade.entryTime,
  entryPrice: Number(trade.entryPrice.toPrecision(12)),
  exitTime: trade.exitTime,
  exitPrice: Number(trade.exitPrice.toPrecision(12)),
});

describe.skipIf(!isThere)('golden runs of other engines (needs KEELSON_DATA_DIR with ../golden)', () => {
  const cases = ['goog-longflat', 'goog-longflat-20bps', 'goog-flip', '6e-longflat', '6e-bracket-long', 'btc-flip', 'btc-bracket-both-5bps'];
  const load = (name: string): Golden => JSON.parse(readFileSync(join(GOLDEN as string, `${name}.json`), 'utf8')) as Golden;

  it.each(cases)('gives the trades of engine A in %s', (name) => {
    const golden = load(name);
    const result = run(golden, { limitFill: 'touch' });
    expect(result.trades).toEqual(golden.engineA.map(pick));
    expect(result.commission).toBeCloseTo(golden.commissionEngineA, 4);
  });

  it.each(['6e-bracket-long', 'btc-bracket-both-5bps'])('gives the trades of engine B in %s when exits wait for the bar after the entry', (name) => {
    const golden = load(name);
    const result = run(golden, { limitFill: 'touch', entryBarStops: false, entryBarTargets: false });
    expect(result.trades).toEqual((golden.engineB as Trade[]).map(pick));
    expect(result.commission).toBeCloseTo(golden.commissionEngineB, 4);
  });
});
