import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BrokerEvent, CashMovement, Fill } from '../domain/events.js';
import { InstrumentGrid, type Instrument } from '../domain/instrument.js';
import { toMoney, toPrice, toQuantity, toUtcMs } from '../domain/units.js';
import { compareProfit, watchExecutions } from '../engine/compare-profit.js';
import { foldEvent } from '../engine/fold-events.js';
import { everyDay, instrumentOf, Kernel } from '../../testing/kernel.js';
import { decimalNumber, decimalOf, decimalText, plus, times } from './decimal.js';
import { ExecutedPnl, type ExecutedTotals } from './executed-pnl.js';

const MARKETS: ReadonlyArray<{ readonly instrument: Instrument; readonly at: number }> = [
  { instrument: instrumentOf({ id: 'MES', multiplier: 5 }), at: 20_000 },
  { instrument: instrumentOf({ id: '6E', multiplier: 125_000, tickSize: 0.00005 }), at: 22_000 },
  { instrument: instrumentOf({ id: 'GOOG', type: 'stock', tickSize: 0.01 }), at: 12_345 },
  { instrument: instrumentOf({ id: 'BTCUSD', type: 'spot', baseCurrency: 'BTC', tickSize: 0.01, lotSize: 1e-8 }), at: 3_000_000 },
  { instrument: instrumentOf({ id: 'USDJPY', type: 'forex', baseCurrency: 'USD', currency: 'JPY', tickSize: 0.001, lotSize: 1000 }), at: 150_000 },
];
const INSTRUMENTS = MARKETS.map(({ instrument }) => instrument);
const GRIDS = INSTRUMENTS.map((instrument) => new InstrumentGrid(instrument));
const DAY = 86_400_000;

type Step = { readonly what: 'trade' | 'repeat' | 'bust' | 'correct' | 'settle' | 'fee' | 'deposit'; readonly at: number; readonly buy: boolean; readonly lots: number; readonly ticks: number; readonly cents: number; readonly pick: number };
const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom('trade', 'trade', 'trade', 'trade', 'repeat', 'bust', 'correct', 'settle', 'fee', 'deposit'),
  at: fc.nat({ max: MARKETS.length - 1 }),
  buy: fc.boolean(),
  lots: fc.integer({ min: 1, max: 9 }),
  ticks: fc.integer({ min: -500, max: 500 }),
  cents: fc.integer({ min: -50, max: 300 }),
  pick: fc.nat(),
});

/** What a venue says, step by step; the newest price of the yen's pair sets its rate. */
function eventOf({ what, at, buy, lots, ticks, cents, pick }: Step, n: number, told: Fill[]): BrokerEvent | undefined {
  const { instrument, at: level } = MARKETS[at] as (typeof MARKETS)[number];
  const grid = GRIDS[at] as InstrumentGrid;
  const time = toUtcMs(1 + n * 3_600_000);
  const price = toPrice(grid.ticks.value(level + ticks));
  const fill: Fill = { executionId: `e${n}`, clientOrderId: `o${n}`, instrument: instrument.id, side: buy ? 'buy' : 'sell', quantity: toQuantity(grid.lots.value(lots)), price, commission: toMoney(cents / 100), commissionCurrency: 'USD', slippage: toMoney(0), liquidity: 'taker', time };
  const earlier = told[pick % Math.max(1, told.length)];
  const movement = (kind: CashMovement['kind']): BrokerEvent => ({ kind: 'cash', movement: { id: `m${n}`, kind, instrument: instrument.id, amount: toMoney(cents / 100), currency: instrument.currency, ...(kind === 'settlement' ? { price } : {}), time } });
  switch (what) {
    case 'trade':
      told.push(fill);
      return { kind: 'fill', fill };
    case 'repeat':
      return earlier === undefined ? undefined : { kind: 'fill', fill: earlier };
    case 'bust':
      return earlier === undefined ? undefined : { kind: 'fill-corrected', executionId: earlier.executionId, time };
    case 'correct':
      if (earlier === undefined) return undefined;
      told.push({ ...fill, instrument: earlier.instrument, price: earlier.price, quantity: earlier.quantity });
      return { kind: 'fill-corrected', executionId: earlier.executionId, replacement: told.at(-1) as Fill, time };
    case 'settle':
      return movement('settlement');
    default:
      return movement(what);
  }
}

function kernelOf(): Kernel {
  const kernel = new Kernel({ instruments: INSTRUMENTS });
  MARKETS.forEach(({ at }, i) => kernel.account.ledger.mark(i, Float64Array.of((GRIDS[i] as InstrumentGrid).ticks.value(at)), 0));
  watchExecutions(kernel.account);
  return kernel;
}

describe('realised profit from executions alone', () => {
  it('equals the books, whatever trades, is repeated, taken back, corrected, settled and charged', () => {
    let closed = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 80, size: 'max' }), (steps) => {
        const { account } = kernelOf();
        const told: Fill[] = [];
        steps.forEach((each, n) => {
          const event = eventOf(each, n, told);
          if (event === undefined) return;
          account.now = toUtcMs(1 + n * 3_600_000);
          foldEvent(event, account);
          expect(compareProfit(account)).toMatchObject({ agrees: true });
          // another price of the pair: what comes now is converted at another rate
          account.ledger.mark(4, Float64Array.of((GRIDS[4] as InstrumentGrid).ticks.value(150_000 + each.ticks)), 0);
        });
        if (account.ledger.realized.value !== 0) closed++;
      }),
      { numRuns: 200 },
    );
    expect(closed).toBeGreaterThan(50);
  });

  it('notices a cent that the books lost', () => {
    const { account } = kernelOf();
    account.ledger.commissions.add(0.01);
    expect(compareProfit(account)).toMatchObject({ agrees: false, difference: 0.01 });
  });

  it('is exact, by trading day, instrument and currency', () => {
    const pnl = new ExecutedPnl(INSTRUMENTS, { rate: (currency) => (currency === 'JPY' ? 0.01 : 1), dayOf: (_instrument, time) => everyDay.sessionAt(time)?.date ?? '' });
    const trade = (n: number, fields: Partial<Fill>): void => pnl.take({ kind: 'fill', fill: { executionId: `e${n}`, clientOrderId: 'o', instrument: '6E', side: 'buy', quantity: toQuantity(1), price: toPrice(1.1), commission: toMoney(0.1), commissionCurrency: 'USD', slippage: toMoney(0), liquidity: 'taker', time: toUtcMs(n), ...fields } });
    trade(1, {});
    trade(2, { price: toPrice(1.10005) });
    trade(3, { side: 'sell', quantity: toQuantity(3), price: toPrice(1.1001) });
    trade(DAY + 4, { price: toPrice(1.10015), commission: toMoney(0.2) });
    trade(DAY + 5, { instrument: 'USDJPY', quantity: toQuantity(1000), price: toPrice(150), commission: toMoney(0) });
    trade(DAY + 6, { instrument: 'USDJPY', side: 'sell', quantity: toQuantity(1000), price: toPrice(150.123) });
    const rows = pnl.days.map(({ day, instrument, currency, executions, realized, commissions }) => [day, instrument, currency, executions, decimalText(realized), decimalText(commissions)]);
    expect(rows).toEqual([
      ['1970-01-01', '6E', 'USD', 3, '18.75', '0.3'],
      ['1970-01-02', '6E', 'USD', 1, '-6.25', '0.2'],
      ['1970-01-02', 'USDJPY', 'JPY', 2, '123', '0'],
      ['1970-01-02', 'USDJPY', 'USD', 0, '0', '0.1'],
    ]);
    expect(pnl.totals).toMatchObject({ realized: 13.73, commissions: 0.6 });
  });

  it('counts an execution once that is told again long after, and takes back what came lately', () => {
    const pnl = new ExecutedPnl(INSTRUMENTS, { rate: () => 1, dayOf: () => '1970-01-01' });
    const fillOf = (n: number): Fill => ({ executionId: `e${n}`, clientOrderId: 'o', instrument: '6E', side: n % 2 === 1 ? 'buy' : 'sell', quantity: toQuantity(1), price: toPrice(n % 2 === 1 ? 1.1 : 1.2), commission: toMoney(0), commissionCurrency: 'USD', slippage: toMoney(0), liquidity: 'taker', time: toUtcMs(n) });
    for (let n = 1; n <= 40_000; n++) pnl.take({ kind: 'fill', fill: fillOf(n) });
    const { realized } = pnl.totals as ExecutedTotals;
    expect(realized).toBe(20_000 * 12_500);
    for (const n of [1, 2, 3, 20_001, 39_999]) pnl.take({ kind: 'fill', fill: fillOf(n) });
    expect(pnl.totals).toMatchObject({ realized });
    pnl.take({ kind: 'fill-corrected', executionId: 'e40000', time: toUtcMs(40_001) });
    pnl.take({ kind: 'fill', fill: fillOf(40_000) }); // told after it was taken back
    expect(pnl.days).toMatchObject([{ executions: 40_001 }]);
  });

  it('says nothing of a sum in the base currency where a rate is missing', () => {
    const pnl = new ExecutedPnl(INSTRUMENTS, { rate: () => Number.NaN, dayOf: () => '1970-01-01' });
    pnl.take({ kind: 'cash', movement: { id: 'm', kind: 'fee', amount: toMoney(-1), currency: 'XAU', time: toUtcMs(1) } });
    expect(pnl.totals).toBeUndefined();
    expect(pnl.days).toMatchObject([{ instrument: undefined, currency: 'XAU' }]);
  });
});

describe('decimals', () => {
  it('read doubles as they are written, and add and multiply without rounding', () => {
    expect(['0.1', '1e-8', '1e+21', '-0.00005', '123.45'].map((text) => decimalText(decimalOf(Number(text))))).toEqual(['0.1', '0.00000001', '1000000000000000000000', '-0.00005', '123.45']);
    expect(decimalText(plus(decimalOf(0.1), decimalOf(0.2)))).toBe('0.3');
    expect(decimalText(times(decimalOf(-1.1), decimalOf(1.1)))).toBe('-1.21');
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => decimalNumber(decimalOf(value)) === (value === 0 ? 0 : value)));
    expect(() => decimalOf(Number.NaN)).toThrow('value was NaN, expected a finite number');
  });
});
