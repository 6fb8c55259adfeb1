import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CashMovement, Fill } from '../domain/events.js';
import { InstrumentGrid, type Instrument } from '../domain/instrument.js';
import { toMoney, toPrice, toQuantity, toUtcMs } from '../domain/units.js';
import { createRandom } from '../engine/seeded-random.js';
import { instrumentOf } from '../../testing/kernel.js';
import { LedgerOracle } from '../../testing/ledger-oracle.js';
import { CurrencyRates } from './currency-rates.js';
import { Ledger } from './ledger.js';

const RATES = { EUR: 1.1, JPY: 1 / 150, USDT: 0.999, BTC: 30_000 };

/** One of each type, with awkward ticks, lots and currencies; `at` is the price level in ticks. */
const MARKETS: ReadonlyArray<{ readonly instrument: Instrument; readonly at: number }> = [
  { instrument: instrumentOf({ id: 'MES', multiplier: 5 }), at: 20_000 },
  { instrument: instrumentOf({ id: '6E', multiplier: 125_000, tickSize: 0.00005 }), at: 22_000 },
  { instrument: instrumentOf({ id: 'SAP', type: 'stock', currency: 'EUR', tickSize: 0.01 }), at: 12_345 },
  { instrument: instrumentOf({ id: 'BTCUSD', type: 'spot', baseCurrency: 'BTC', tickSize: 0.01, lotSize: 1e-8 }), at: 3_000_000 },
  { instrument: instrumentOf({ id: 'ETHPERP', type: 'perpetual', currency: 'USDT', tickSize: 0.05, lotSize: 0.001 }), at: 40_000 },
  { instrument: instrumentOf({ id: 'USDJPY', type: 'forex', baseCurrency: 'USD', currency: 'JPY', tickSize: 0.001, lotSize: 1000 }), at: 150_000 },
  { instrument: instrumentOf({ id: 'EURUSD', type: 'forex', baseCurrency: 'EUR', currency: 'USD', tickSize: 0.00001, lotSize: 1000 }), at: 110_000 },
];
const INSTRUMENTS = MARKETS.map((market) => market.instrument);
const GRIDS = INSTRUMENTS.map((instrument) => new InstrumentGrid(instrument));

type Event =
  | { readonly kind: 'fill'; readonly at: number; readonly buy: boolean; readonly lots: number; readonly ticks: number; readonly fee: number; readonly feeIn: string; readonly off: number }
  | { readonly kind: 'mark'; readonly at: number; readonly ticks: number }
  | { readonly kind: 'settle'; readonly at: number; readonly ticks: number }
  | { readonly kind: 'money'; readonly at: number; readonly amount: number; readonly what: CashMovement['kind'] };

const at = fc.nat({ max: MARKETS.length - 1 });
const ticks = fc.integer({ min: -500, max: 500 });
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('fill' as const),
      at,
      buy: fc.boolean(),
      lots: fc.integer({ min: 1, max: 9 }),
      ticks,
      fee: fc.double({ min: -3, max: 9, noNaN: true }),
      feeIn: fc.constantFrom('own', 'USD', 'BTC', 'EUR'),
      off: fc.constantFrom(0, 0, 0, 0.37), // now and then a price between two ticks
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('mark' as const), at, ticks }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('settle' as const), at, ticks }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('money' as const), at, amount: fc.double({ min: -900, max: 900, noNaN: true }), what: fc.constantFrom('funding' as const, 'fee' as const, 'deposit' as const, 'withdrawal' as const) }) },
);

function books(initialCash = 250_000): { readonly ledger: Ledger; readonly oracle: LedgerOracle } {
  return { ledger: new Ledger(INSTRUMENTS, new CurrencyRates('USD', INSTRUMENTS, RATES), initialCash, () => undefined), oracle: new LedgerOracle(INSTRUMENTS, RATES, initialCash) };
}

function apply(event: Event, n: number, ledger: Ledger, oracle: LedgerOracle): void {
  const { instrument, at: level } = MARKETS[event.at] as (typeof MARKETS)[number];
  const grid = GRIDS[event.at] as InstrumentGrid;
  if (event.kind === 'money') {
    const movement: CashMovement = { id: `m${n}`, kind: event.what, instrument: instrument.id, amount: toMoney(event.amount), currency: instrument.currency, time: toUtcMs(n) };
    ledger.applyCash(movement);
    oracle.movement(event.at, movement);
    return;
  }
  const price = grid.ticks.value(level + event.ticks) + (event.kind === 'fill' ? event.off * instrument.tickSize : 0);
  if (event.kind === 'mark') {
    ledger.mark(event.at, Float64Array.of(price), 0);
    oracle.mark(event.at, price);
  } else if (event.kind === 'settle') {
    const movement: CashMovement = { id: `s${n}`, kind: 'settlement', instrument: instrument.id, amount: toMoney(oracle.settlementAmount(event.at, price)), currency: instrument.currency, price: toPrice(price), time: toUtcMs(n) };
    if (instrument.type === 'stock' || instrument.type === 'spot') return;
    ledger.applyCash(movement);
    oracle.movement(event.at, movement);
  } else {
    const fill: Fill = {
      executionId: `e${n}`,
      clientOrderId: `o${n >> 1}`,
      instrument: instrument.id,
      side: event.buy ? 'buy' : 'sell',
      quantity: toQuantity(grid.lots.value(event.lots * (instrument.lotSize < 1e-6 ? 12_345_678 : 1))),
      price: toPrice(price),
      commission: toMoney(event.feeIn === 'BTC' ? event.fee / 10_000 : event.fee),
      commissionCurrency: event.feeIn === 'own' ? instrument.currency : event.feeIn,
      slippage: toMoney(0),
      liquidity: 'taker',
      time: toUtcMs(n),
    };
    ledger.applyFill(fill, 'test');
    oracle.fill(event.at, fill);
  }
}

function expectEqualBooks(ledger: Ledger, oracle: LedgerOracle): void {
  const scale = Math.max(oracle.initialCash, Math.abs(oracle.equity), oracle.exposure);
  const near = (actual: number, expected: number): void => expect(Math.abs(actual - expected) / scale).toBeLessThan(1e-9);
  near(ledger.equity, oracle.equity);
  near(ledger.realized.value, oracle.realized.toNumber());
  near(ledger.commissions.value, oracle.costs.toNumber());
  near(ledger.transfers.value, oracle.transfers.toNumber());
  near(ledger.exposure, oracle.exposure);
  const unrealized = ledger.positions.reduce((sum, position, i) => sum + position.unrealizedPnl * ledger.rateOf(i), 0);
  near(unrealized, oracle.unrealized);
  near(ledger.equity - oracle.initialCash, ledger.realized.value + unrealized - ledger.commissions.value + ledger.transfers.value + oracle.currencyEffect.toNumber());
  INSTRUMENTS.forEach((_, i) => {
    const position = ledger.positions[i] as (typeof ledger.positions)[number];
    expect(position.quantity).toBeCloseTo(oracle.quantity(i), 9);
    const average = oracle.averagePrice(i);
    if (average === undefined) expect(position.averagePrice).toBeUndefined();
    else expect(Math.abs((position.averagePrice as number) / average - 1)).toBeLessThan(1e-12);
  });
}

describe('money identity', () => {
  it('agrees with a decimal oracle after any fills, marks, settlements and movements, in moving currencies', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 120 }), (events) => {
        const { ledger, oracle } = books();
        events.forEach((each, n) => {
          apply(each, n, ledger, oracle);
          if (n % 10 === 0) expectEqualBooks(ledger, oracle);
        });
        expectEqualBooks(ledger, oracle);
      }),
      { numRuns: 150 },
    );
  });

  it('closes to exactly flat: fills fold to the position', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 60 }), (events) => {
        const { ledger, oracle } = books();
        events.forEach((each, n) => apply(each, n, ledger, oracle));
        ledger.positions.forEach((position, i) => {
          const { lots } = position;
          if (lots === 0) return;
          const { at: level } = MARKETS[i] as (typeof MARKETS)[number];
          const fill = closing(position.quantity, i, level);
          ledger.applyFill(fill, 'close');
          oracle.fill(i, fill);
          expect(position.quantity).toBe(0);
          expect(position.unsettledPnl).toBe(0);
          expect(position.notional).toBe(0);
        });
        expect(ledger.hasPosition).toBe(false);
        expect(ledger.exposure).toBe(0);
        expectEqualBooks(ledger, oracle);
      }),
      { numRuns: 80 },
    );
  });

  it('holds to 1e-9 over 1.2 million random fills, against whole numbers', () => {
    // Everything in units of 1e-9 of the currency, as BigInt: exact whatever the length of the run.
    const markets = [
      { instrument: instrumentOf({ id: 'MES', multiplier: 5 }), at: 20_000, unit: 1_250_000_000n },
      { instrument: instrumentOf({ id: 'GOOG', type: 'stock', tickSize: 0.01 }), at: 15_000, unit: 10_000_000n },
      { instrument: instrumentOf({ id: '6E', multiplier: 125_000, tickSize: 0.00005 }), at: 22_000, unit: 6_250_000_000n },
      { instrument: instrumentOf({ id: 'SAP', type: 'stock', currency: 'EUR', tickSize: 0.01 }), at: 12_000, unit: 10_000_000n },
    ];
    const initial = 10_000_000;
    const rates = new CurrencyRates('USD', markets.map((market) => market.instrument), { EUR: 1.0625 });
    let trades = 0;
    let tradePnl = 0;
    const ledger = new Ledger(markets.map((market) => market.instrument), rates, initial, (trade) => {
      trades++;
      tradePnl += trade.pnl;
    });
    const grids = markets.map((market) => new InstrumentGrid(market.instrument));
    const random = createRandom('ledger');
    const held = [0, 0, 0, 0];
    const level = markets.map((market) => market.at);
    let dollars = BigInt(initial) * 1_000_000_000n;
    let euros = 0n;
    let worst = 0;
    for (let n = 0; n < 1_200_000; n++) {
      const i = random.int(4);
      const { instrument, unit } = markets[i] as (typeof markets)[number];
      const grid = grids[i] as InstrumentGrid;
      const ticks = Math.max(1000, (level[i] as number) + random.int(21) - 10);
      level[i] = ticks;
      const lots = 1 + random.int(7);
      const buy = Math.abs(held[i] as number) > 40 ? (held[i] as number) < 0 : random.next() < 0.5;
      const cents = random.int(300);
      held[i] = (held[i] as number) + (buy ? lots : -lots);
      const price = grid.ticks.value(ticks);
      ledger.applyFill(
        {
          executionId: `e${n}`,
          clientOrderId: `o${n}`,
          instrument: instrument.id,
          side: buy ? 'buy' : 'sell',
          quantity: toQuantity(lots),
          price: toPrice(price),
          commission: toMoney(cents / 100),
          commissionCurrency: instrument.currency,
          slippage: toMoney(0),
          liquidity: 'taker',
          time: toUtcMs(n),
        },
        'long run',
      );
      ledger.mark(i, Float64Array.of(price), 0);
      const change = -BigInt((buy ? lots : -lots) * ticks) * unit - BigInt(cents) * 10_000_000n;
      if (instrument.currency === 'EUR') euros += change;
      else dollars += change;
      if (n % 20_000 !== 0) continue;
      let usd = dollars;
      let eur = euros;
      markets.forEach((market, m) => {
        const value = BigInt((held[m] as number) * (level[m] as number)) * market.unit;
        if (market.instrument.currency === 'EUR') eur += value;
        else usd += value;
      });
      const exact = Number(usd + (eur * 10_625n) / 10_000n) / 1e9;
      worst = Math.max(worst, Math.abs(ledger.equity - exact) / Math.max(initial, Math.abs(exact)));
      const unrealized = ledger.positions.reduce((sum, position, p) => sum + position.unrealizedPnl * ledger.rateOf(p), 0);
      worst = Math.max(worst, Math.abs(ledger.equity - initial - (ledger.realized.value + unrealized - ledger.commissions.value)) / Math.max(initial, Math.abs(exact)));
      markets.forEach((_, m) => expect(ledger.positions[m]?.quantity).toBe(held[m]));
    }
    expect(trades).toBeGreaterThan(500_000);
    expect(Math.abs(tradePnl - ledger.realized.value)).toBeLessThan(1e-3);
    expect(worst).toBeLessThan(1e-9);
  });
});

function closing(quantity: number, i: number, level: number): Fill {
  const instrument = INSTRUMENTS[i] as Instrument;
  return {
    executionId: `close${i}`,
    clientOrderId: `close${i}`,
    instrument: instrument.id,
    side: quantity > 0 ? 'sell' : 'buy',
    quantity: toQuantity(Math.abs(quantity)),
    price: toPrice((GRIDS[i] as InstrumentGrid).ticks.value(level)),
    commission: toMoney(0),
    commissionCurrency: instrument.currency,
    slippage: toMoney(0),
    liquidity: 'taker',
    time: toUtcMs(1),
  };
}
