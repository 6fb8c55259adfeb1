import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, make, MINUTE, requestOf, trade, tradesOf, type Wanted } from '../../testing/overlays.js';
import { parse } from '../../testing/support.js';
import { expectedValue } from './expected-value.js';
import { lossStreak } from './loss-streak.js';
import { lowProfitInstrument } from './low-profit-instrument.js';
import { maxDrawdownPause } from './max-drawdown-pause.js';
import { roundTrips } from './round-trips.js';

describe('round trips', () => {
  it('count a position once that was left in parts', () => {
    const trips = roundTrips([trade(30, 0, 10), trade(-50, 0, 20), trade(7, 20, 30)]);
    expect(trips.map(({ net, exitTime }) => [net, exitTime / MINUTE])).toEqual([[-20, 20], [7, 30]]);
  });

  it('keep instruments and sides apart, and stand in the order of their exits', () => {
    const trips = roundTrips([trade(1, 0, 10), trade(2, 0, 11, { instrument: 'B' }), trade(3, 5, 12, { side: 'short' }), trade(4, 0, 13, { instrument: 'B' })]);
    expect(trips.map(({ net }) => net)).toEqual([1, 3, 6]);
  });

  it('lose no money, however positions are left', () => {
    const trades = fc.array(fc.tuple(fc.integer({ min: -100, max: 100 }), fc.nat(50), fc.nat(50), fc.constantFrom('TEST', 'B')), { maxLength: 40 });
    fc.assert(
      fc.property(trades, (raw) => {
        const list = raw.map(([net, entry, length, instrument]) => trade(net, entry, entry + length, { instrument })).sort((a, b) => a.exitTime - b.exitTime);
        expect(roundTrips(list).reduce((sum, { net }) => sum + net, 0)).toBeCloseTo(raw.reduce((sum, [net]) => sum + net, 0), 6);
      }),
    );
  });
});

describe('loss-streak', () => {
  const judge = (nets: readonly number[], minute: number, params: object = {}) => make(lossStreak, { losses: 3, pause: '1h', ...params }).review(requestOf({ quantity: 1 }, { time: minute * MINUTE, recentTrades: tradesOf(...nets) }));

  it('pauses from the last of several losses in a row, for as long as it says', () => {
    expect(judge([-1, -1, -1], 22)).toEqual({ kind: 'veto', reason: '3 round trips in a row lost within 1d, expected no entry before 1970-01-01T01:21:00Z' });
    expect(judge([-1, -1, -1], 80.99).kind).toBe('veto');
    expect(judge([-1, -1, -1], 81).kind).toBe('pass');
  });

  it('counts a loss of nothing but commission, and starts anew after a gain', () => {
    expect(judge([-1, 0, -1], 22).kind).toBe('veto');
    expect(judge([-1, -1], 12).kind).toBe('pass');
    expect(judge([-1, -1, 5, -1, -1], 42).kind).toBe('pass');
  });

  it('begins the pause anew with each further loss, and does not end it with a gain', () => {
    expect(judge([-1, -1, -1, -1], 85).kind).toBe('veto');
    expect(judge([-1, -1, -1, 5], 35).kind).toBe('veto');
    expect(judge([-1, -1, -1, 5], 81).kind).toBe('pass');
  });

  it('wants the losses close together', () => {
    expect(judge([-1, -1, -1], 22, { within: '20m' }).kind).toBe('veto');
    expect(judge([-1, -1, -1], 22, { within: '19m' }).kind).toBe('pass');
  });

  it("counts the account's losses, or the instrument's own", () => {
    const mixed = [trade(-1, 0, 1), trade(-1, 10, 11, { instrument: 'B' }), trade(-1, 20, 21)];
    const told = { time: 22 * MINUTE, recentTrades: mixed, ownTrades: [mixed[0] as never, mixed[2] as never] };
    expect(make(lossStreak, {}).review(requestOf({ quantity: 1 }, told)).kind).toBe('veto');
    expect(make(lossStreak, { of: 'instrument' }).review(requestOf({ quantity: 1 }, told)).kind).toBe('pass');
    expect(make(lossStreak, { of: 'instrument', losses: 2 }).review(requestOf({ quantity: 1 }, told)).kind).toBe('veto');
  });

  it('never stands in the way of an exit or a reduction', () => {
    const told = { time: 22 * MINUTE, recentTrades: tradesOf(-1, -1, -1) };
    for (const [quantity, held] of [[0, 3], [1, 3], [3, 3], [-2, -3]] as const) expect(make(lossStreak, {}).review(requestOf({ quantity }, { ...told, held })).kind).toBe('pass');
    for (const [quantity, held] of [[4, 3], [-1, 3]] as const) expect(make(lossStreak, {}).review(requestOf({ quantity }, { ...told, held })).kind).toBe('veto');
  });
});

describe('low-profit-instrument', () => {
  const judge = (nets: readonly number[], minute: number, params: object = {}) => make(lowProfitInstrument, { minTrades: 3, lookback: '1h', pause: '2h', ...params }).review(requestOf({ quantity: 1 }, { time: minute * MINUTE, ownTrades: tradesOf(...nets) }));

  it('pauses an instrument whose round trips of the span lost in sum', () => {
    expect(judge([5, -3, -3], 22)).toEqual({ kind: 'veto', reason: 'TEST brought less than 0% within 1h, expected no entry before 1970-01-01T02:21:00Z' });
    expect(judge([5, -3, -2], 22).kind).toBe('pass');
    expect(judge([5, -3, -3], 141).kind).toBe('pass');
  });

  it('needs a number of round trips, within the span', () => {
    expect(judge([-9, -9], 12).kind).toBe('pass');
    expect(judge([-9, -9, -9], 22, { lookback: '20m' }).kind).toBe('pass');
    expect(judge([-9, -9, -9], 22, { lookback: '21m' }).kind).toBe('veto');
  });

  it('asks for as large a part of the balance as it is told', () => {
    // 0.1% of 100000 is 100
    expect(judge([40, 40, 21], 22, { minProfitFraction: 0.001 }).kind).toBe('pass');
    expect(judge([40, 40, 19], 22, { minProfitFraction: 0.001 }).kind).toBe('veto');
    expect(judge([-40, -40, -19], 22, { minProfitFraction: -0.001 }).kind).toBe('pass');
  });

  it('looks at no other instrument', () => {
    expect(make(lowProfitInstrument, {}).review(requestOf({ quantity: 1 }, { time: 50 * MINUTE, recentTrades: tradesOf(-9, -9, -9, -9, -9) })).kind).toBe('pass');
  });
});

describe('max-drawdown-pause', () => {
  const judge = (nets: readonly number[], minute: number, params: object = {}) => {
    const balance = nets.reduce((sum, net) => sum + net, 100_000);
    return make(maxDrawdownPause, { maxDrawdown: 0.05, lookback: '1h', pause: '2h', ...params }).review(requestOf({ quantity: 1 }, { time: minute * MINUTE, balance, recentTrades: tradesOf(...nets) }));
  };

  it('pauses once closed trades lost more than the fraction of their highest point', () => {
    expect(judge([-5_000], 2).kind).toBe('pass');
    expect(judge([-5_001], 2)).toEqual({ kind: 'veto', reason: 'closed trades lost more than 5% within 1h, expected no entry before 1970-01-01T02:01:00Z' });
    expect(judge([-5_001], 121).kind).toBe('pass');
    // from 110000: 5500 is allowed
    expect(judge([10_000, -5_500], 12).kind).toBe('pass');
    expect(judge([10_000, -5_501], 12).kind).toBe('veto');
  });

  it('keeps a pause that has begun when a gain comes after', () => {
    expect(judge([-6_000, 50_000], 12).kind).toBe('veto');
    expect(judge([-6_000, 50_000], 121).kind).toBe('pass');
  });

  it('forgets what lies before the span, and waits for enough trades', () => {
    expect(judge([-3_000, 0, 0, -3_000], 32, { lookback: '31m' }).kind).toBe('veto');
    expect(judge([-3_000, 0, 0, -3_000], 32, { lookback: '30m' }).kind).toBe('pass');
    expect(judge([-6_000], 2, { minTrades: 2 }).kind).toBe('pass');
  });
});

describe('expected-value', () => {
  const outcomes = (wins: number, losses: number): number[] => [...Array.from({ length: wins }, () => 20), ...Array.from({ length: losses }, () => -10)];
  const judge = (nets: readonly number[], params: object = {}, wanted: Wanted = { quantity: 1 }, hour = 24) =>
    make(expectedValue, { minTrades: 10, priorTrades: 10, ...params }).review(requestOf(wanted, { time: hour * HOUR, ownTrades: tradesOf(...nets) }));

  it('compares the shrunken win rate with the payoff of the sample', () => {
    // payoff 2: a third must win. (2 + 5) / (12 + 10) is 0.318, (3 + 5) / (13 + 10) is 0.348
    expect(judge(outcomes(2, 10))).toEqual({ kind: 'veto', reason: 'expected value was -0.05 of the risk (win rate 0.32 of 12 round trips, payoff 2.00), expected at least 0' });
    expect(judge(outcomes(3, 10)).kind).toBe('pass');
  });

  it('takes the payoff of the entry where it has one', () => {
    expect(judge(outcomes(3, 10), {}, { quantity: 1, stop: 99, target: 101 }).kind).toBe('veto');
    expect(judge(outcomes(2, 10), {}, { quantity: -1, stop: 101, target: 97 }).kind).toBe('pass');
    expect(judge(outcomes(3, 10), {}, { quantity: 1, stop: 101, target: 103 }).kind).toBe('veto');
  });

  it('lets entries pass while the sample is small, or was all gains', () => {
    expect(judge(outcomes(0, 9)).kind).toBe('pass');
    expect(judge(outcomes(0, 10)).kind).toBe('veto');
    expect(judge(outcomes(10, 0)).kind).toBe('pass');
  });

  it('gives the prior its weight', () => {
    expect(judge(outcomes(2, 10), { priorTrades: 100 }).kind).toBe('pass');
    expect(judge(outcomes(3, 10), { priorTrades: 0 }).kind).toBe('veto');
    expect(judge(outcomes(3, 10), { priorWinRate: 0.2 }).kind).toBe('veto');
    expect(judge(outcomes(3, 10), { minimum: 0.1 }).kind).toBe('veto');
  });

  it('forgets old outcomes, and all but the newest', () => {
    expect(judge(outcomes(0, 12), { maxAge: '2h' }, { quantity: 1 }, 4).kind).toBe('pass');
    expect(judge([...outcomes(0, 30), ...outcomes(10, 0)], { trades: 10 }).kind).toBe('pass');
    expect(judge([...outcomes(0, 30), ...outcomes(10, 0)]).kind).toBe('veto');
  });

  it.each([{ trades: 1 }, { maxAge: 'soon' }, { priorWinRate: 2 }, { of: 'all' }])('refuses %o', (params) => {
    expect(() => parse(expectedValue.params, params)).toThrow();
  });
});
