import type { Trade } from '@keelson/core/domain';
import { toMoney, toUtcMs } from '@keelson/core/domain';
import type { PortName, PortToken } from '@keelson/core/plugin';
import type { OverlayRequest, RiskOverlayDefinition } from '@keelson/core/ports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barsOf, make, MINUTE, otherOf, requestOf, trade } from '../../testing/overlays.js';
import plugin from '../index.js';

/** Settings under which each overlay has something to say about most requests. */
const SETTINGS: Readonly<Record<string, Record<string, unknown>>> = {
  'max-quantity': { quantity: 3 },
  'min-reward-risk': {},
  'volatility-size': { fraction: 0.001 },
  'exposure-cap': { groups: [{ name: 'g', instruments: ['TEST', 'B'], maxFraction: 0.05 }, { name: 'n', instruments: ['TEST', 'C'], maxFraction: 0.02, measure: 'net' }] },
  'correlation-cap': { maxCorrelation: 0.3, maxFraction: 0.03, minBars: 5 },
  'slippage-guard': { maxTicks: 20, maxBps: 30, maxRiskFraction: 0.4 },
  'expected-value': { minTrades: 2, priorTrades: 1 },
  'loss-streak': { losses: 1 },
  'low-profit-instrument': { minTrades: 1 },
  'max-drawdown-pause': { maxDrawdown: 0.001 },
};

const overlays: Array<readonly [id: string, definition: RiskOverlayDefinition]> = [];
plugin.register({ add: ({ port }: PortToken<PortName>, id: string, definition: never) => void (port === 'risk-overlay' && overlays.push([id, definition])) } as never);

const price = fc.double({ min: 50, max: 150, noNaN: true });
const odd = fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, -1, 1e300, -1e300, 5e-324);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const number = fc.oneof({ weight: 6, arbitrary: price }, { weight: 1, arbitrary: odd });
const money = fc.oneof({ weight: 6, arbitrary: fc.double({ min: 0, max: 1e5, noNaN: true }) }, { weight: 1, arbitrary: odd });
const trades: fc.Arbitrary<Trade[]> = fc
  .array(fc.tuple(fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -200, max: 200 }) }, { weight: 1, arbitrary: odd }), fc.nat(300), fc.integer({ min: 1, max: 60 })), { maxLength: 12 })
  .map((list) => list.map(([net, entry, length]) => trade(net, entry, entry + length)).sort((a, b) => a.exitTime - b.exitTime));
const bars = fc.record({ closes: fc.array(number, { maxLength: 60 }), bid: maybe(number), ask: maybe(number) }).map(({ closes, bid, ask }) => barsOf(closes, { ...(bid === undefined ? {} : { bid }), ...(ask === undefined ? {} : { ask }) }));

const requests: fc.Arbitrary<OverlayRequest> = fc
  .record({
    quantity: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -40, max: 40 }) }, { weight: 1, arbitrary: odd }),
    held: fc.integer({ min: -20, max: 20 }),
    decision: number,
    entry: maybe(number),
    stop: maybe(number),
    target: maybe(number),
    time: fc.oneof({ weight: 9, arbitrary: fc.nat(500 * MINUTE) }, { weight: 1, arbitrary: odd }),
    equity: fc.oneof({ weight: 6, arbitrary: fc.constant(1e5) }, { weight: 1, arbitrary: odd }),
    balance: fc.oneof({ weight: 6, arbitrary: fc.constant(1e5) }, { weight: 1, arbitrary: odd }),
    pointValue: fc.oneof({ weight: 6, arbitrary: fc.constant(5) }, { weight: 1, arbitrary: odd }),
    bars,
    recentTrades: trades,
    ownTrades: trades,
    others: fc.tuple(bars, bars, money, money, money).map(([b, c, long, short, other]) => [otherOf('B', b, { long, short }), otherOf('C', c, { long: other })]),
  })
  .map(({ quantity, decision, entry, stop, target, ...told }) => requestOf({ quantity, decision, ...(entry === undefined ? {} : { entry }), ...(stop === undefined ? {} : { stop }), ...(target === undefined ? {} : { target }) }, told));

describe('every overlay of this package', () => {
  it('is looked at here', () => {
    expect(overlays.map(([id]) => id).toSorted()).toEqual(Object.keys(SETTINGS).toSorted());
  });

  it.each(overlays)('%s never enlarges a target and never turns one around, whatever it is told', (id, definition) => {
    fc.assert(
      fc.property(requests, number, (request, feature) => {
        const wanted = request.target.quantity;
        const verdict = make(definition, SETTINGS[id], feature).review(request);
        if (verdict.kind !== 'reduce') return;
        expect(verdict.quantity).toBeGreaterThan(0);
        expect(verdict.quantity).toBeLessThan(Math.abs(wanted));
      }),
      { numRuns: 500 },
    );
  });

  it.each(overlays)('%s says the same of the same, and changes nothing that it is told', (id, definition) => {
    fc.assert(
      fc.property(requests, number, (request, feature) => {
        const overlay = make(definition, SETTINGS[id], feature);
        const before = text(request);
        const verdict = overlay.review(request);
        expect(text(request)).toBe(before);
        expect(overlay.review(request)).toEqual(verdict);
        expect(make(definition, SETTINGS[id], feature).review(request)).toEqual(verdict); // a restart forgets nothing
      }),
      { numRuns: 200 },
    );
  });

  it.each(overlays.filter(([id]) => id !== 'max-quantity'))('%s never stands in the way of a target that is nearer to zero', (id, definition) => {
    fc.assert(
      fc.property(requests, number, fc.integer({ min: 1, max: 20 }), fc.nat(20), fc.boolean(), (request, feature, held, less, long) => {
        const sign = long ? 1 : -1;
        const position = { ...request.position, quantity: sign * held };
        const target = { ...request.target, quantity: sign * Math.max(0, held - less) || 0 };
        expect(make(definition, SETTINGS[id], feature).review({ ...request, position, target })).toEqual({ kind: 'pass' });
      }),
      { numRuns: 200 },
    );
  });
});

/** What each overlay lives on: when one of these is no number, nothing may be entered. */
const NEEDS: Readonly<Record<string, ReadonlyArray<keyof typeof BREAK>>> = {
  'max-quantity': ['quantity'],
  'min-reward-risk': ['quantity', 'decision', 'stop', 'target'],
  'volatility-size': ['quantity', 'feature', 'equity', 'pointValue'],
  'exposure-cap': ['quantity', 'decision', 'equity', 'pointValue', 'others'],
  'correlation-cap': ['quantity', 'decision', 'equity', 'pointValue', 'others', 'closes'],
  'slippage-guard': ['quantity', 'decision', 'stop', 'quotes'],
  'expected-value': ['quantity', 'time', 'stop', 'target', 'decision'],
  'loss-streak': ['quantity', 'time', 'trades'],
  'low-profit-instrument': ['quantity', 'time', 'trades', 'balance'],
  'max-drawdown-pause': ['quantity', 'time', 'balance', 'trades'],
};

type Broken = { request: OverlayRequest; feature: number };
const nan = Number.NaN;
const onTarget = (change: Record<string, number>) => (all: Broken): Broken => ({ ...all, request: { ...all.request, target: { ...all.request.target, ...change } } });
const onRequest = (change: Partial<OverlayRequest>) => (all: Broken): Broken => ({ ...all, request: { ...all.request, ...change } });
const lost = [trade(nan, 0, 1), trade(nan, 2, 3), trade(nan, 4, 5)];
const BREAK = {
  quantity: onTarget({ quantity: nan }),
  decision: onTarget({ decisionPrice: nan }),
  stop: onTarget({ stop: nan }),
  target: onTarget({ target: nan }),
  feature: (all: Broken): Broken => ({ ...all, feature: nan }),
  time: onRequest({ time: toUtcMs(nan) }),
  equity: onRequest({ equity: toMoney(nan) }),
  balance: onRequest({ balance: toMoney(nan) }),
  pointValue: onRequest({ pointValue: toMoney(nan) }),
  trades: onRequest({ recentTrades: lost, ownTrades: lost }),
  quotes: onRequest({ bars: barsOf([100], { bid: 100 }) }),
  others: onRequest({ others: [otherOf('B', barsOf([100, 101]), { long: nan })] }),
  closes: onRequest({ others: [otherOf('B', barsOf(Array.from({ length: 40 }, () => nan)), { long: 50_000 })] }),
};

describe('what is not a number', () => {
  const cases = Object.entries(NEEDS).flatMap(([id, needs]) => needs.map((need) => [id, need] as const));

  it.each(cases)('is vetoed by %s in %s', (id, need) => {
    const definition = overlays.find(([each]) => each === id)?.[1] as RiskOverlayDefinition;
    const losses = [trade(-100, 0, 1), trade(-100, 2, 3)];
    const good: Broken = {
      feature: 1,
      request: requestOf(
        { quantity: 2, decision: 100, stop: 99, target: 103 },
        { time: 6 * MINUTE, pointValue: 1, bars: barsOf(Array.from({ length: 40 }, (_, i) => 100 + (i % 3)), { bid: 99.99, ask: 100.01 }), recentTrades: losses, ownTrades: losses, others: [otherOf('B', barsOf([100, 101]), { long: 10 })] },
      ),
    };
    const { request, feature } = BREAK[need](good);
    expect(make(definition, SETTINGS[id], feature).review(request).kind).toBe('veto');
  });
});

function text(request: OverlayRequest): string {
  return JSON.stringify(request, (_key, value: unknown) => (ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value));
}
