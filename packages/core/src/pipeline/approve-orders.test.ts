import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderIntent } from '../domain/order.js';
import { toMoney, toPrice } from '../domain/units.js';
import { hold, intentOf, send, verdict, withRisk } from '../../testing/door.js';
import { instrumentOf } from '../../testing/kernel.js';
import { approveOrder } from './approve-orders.js';
import type { Desk } from './desk.js';
import { haltEntries } from './halt-entries.js';

describe('approveOrder', () => {
  it('lets an entry within the limits pass as it is', () => {
    const kernel = withRisk({ maxContracts: 5 });
    const intent = intentOf(kernel, 5);
    expect(approveOrder(intent, kernel.desk, kernel.account)).toEqual({ approved: intent });
  });

  it('refuses an entry with exits where the broker cannot link them, and takes one without', () => {
    const kernel = withRisk({ maxContracts: 5 });
    kernel.broker.capabilities = { ...kernel.broker.capabilities, nativeBrackets: false };
    const bracket = [{ clientOrderId: 'stop', role: 'stop', type: 'stop', stopPrice: toPrice(90) }] as const;
    expect(verdict(kernel, intentOf(kernel, 1, { bracket }))).toBe('the broker has no native brackets: a position would stand without its exits');
    expect(verdict(kernel, intentOf(kernel, 1))).toBe(1);
  });

  it('reduces an entry to what is left of maxContracts, counting the position and working entries', () => {
    const kernel = withRisk({ maxContracts: 5 });
    hold(kernel, 2);
    expect(verdict(kernel, intentOf(kernel, 9))).toBe(3);
    send(kernel, intentOf(kernel, 2));
    expect(verdict(kernel, intentOf(kernel, 9))).toBe(1);
    send(kernel, intentOf(kernel, 9));
    expect(verdict(kernel, intentOf(kernel, 1))).toContain('maxContracts');
  });

  it('gives no room to an entry for a position of the other side that its own stop may close first', () => {
    const kernel = withRisk({ maxContracts: 5 });
    hold(kernel, -3);
    expect(send(kernel, intentOf(kernel, 5), intentOf(kernel, 3))).toBe(5);
  });

  it('gives no room to a sell for a buy that still works', () => {
    const kernel = withRisk({ maxContracts: 5 });
    hold(kernel, -3);
    send(kernel, intentOf(kernel, 5, { type: 'limit', limitPrice: toPrice(90) }));
    expect(verdict(kernel, intentOf(kernel, 5, { side: 'sell' }))).toBe(2);
  });

  it('caps a single order by maxOrderQuantity', () => {
    const kernel = withRisk({ maxContracts: 5, maxOrderQuantity: 2 });
    expect(verdict(kernel, intentOf(kernel, 4))).toBe(2);
  });

  it('takes a quantity between two lots down, never up', () => {
    const kernel = withRisk({ maxContracts: 5 });
    expect(verdict(kernel, intentOf(kernel, 5.4))).toBe(5);
    expect(verdict(kernel, intentOf(kernel, 1.6))).toBe(1);
    expect(verdict(kernel, intentOf(kernel, 0.4))).toContain('whole lots');
  });

  it('counts in lots of 1e-8 without drift', () => {
    const kernel = withRisk({ maxContracts: 0.3 }, { instruments: [instrumentOf({ type: 'spot', lotSize: 1e-8, tickSize: 0.01 })] });
    hold(kernel, 0.1);
    expect(verdict(kernel, intentOf(kernel, 0.2))).toBe(0.2);
    expect(verdict(kernel, intentOf(kernel, 0.20000001))).toBe(0.2);
  });

  it.each([0, -1, Number.NaN])('refuses a quantity of %d', (quantity) => {
    expect(verdict(withRisk({}), intentOf(withRisk({}), quantity))).toContain('expected more than 0');
  });

  it('caps the notional of everything held and working by maxExposureFraction', () => {
    const kernel = withRisk({ maxContracts: 1e6, maxExposureFraction: 0.5 });
    expect(verdict(kernel, intentOf(kernel, 800))).toBe(500);
    hold(kernel, 100);
    send(kernel, intentOf(kernel, 300, { type: 'limit', limitPrice: toPrice(90) }));
    expect(verdict(kernel, intentOf(kernel, 800))).toBe(100);
  });

  it.each([
    { ceiling: 'maxExposureFraction', risk: { maxContracts: 1e6, maxExposureFraction: 0.5 }, marginPerUnit: undefined },
    { ceiling: 'margin', risk: { maxContracts: 1e6, marginBuffer: 0.5 }, marginPerUnit: 100 },
  ])('leaves out of $ceiling what an exit on its way takes off, so that a position can turn around in full', ({ risk, marginPerUnit }) => {
    const kernel = withRisk(risk);
    kernel.broker.marginPerUnit = marginPerUnit;
    hold(kernel, 400);
    expect(verdict(kernel, intentOf(kernel, 400, { side: 'sell' }))).toBe(100);
    send(kernel, intentOf(kernel, 300, { role: 'exit', side: 'sell', reduceOnly: true }));
    expect(verdict(kernel, intentOf(kernel, 400, { side: 'sell' }))).toBe(400);
    expect(verdict(kernel, intentOf(kernel, 500, { side: 'sell' }))).toBe(400);
    send(kernel, intentOf(kernel, 100, { role: 'exit', side: 'sell', reduceOnly: true }));
    expect(verdict(kernel, intentOf(kernel, 900, { side: 'sell' }))).toBe(500);
  });

  it('holds maxExposureFraction while another instrument has no price yet', () => {
    const kernel = withRisk({ maxContracts: 1e6, maxExposureFraction: 0.5 }, { instruments: [instrumentOf(), instrumentOf({ id: 'Y' })] });
    expect(verdict(kernel, intentOf(kernel, 800))).toBe(500);
  });

  it('refuses an entry in a currency that has no value yet', () => {
    const kernel = withRisk({ maxContracts: 5, maxExposureFraction: 0.5 }, { instruments: [instrumentOf({ currency: 'EUR' }), instrumentOf({ id: 'EURUSD', type: 'forex', baseCurrency: 'EUR' })] });
    expect(verdict(kernel, intentOf(kernel, 1))).toContain('EUR has no value');
    kernel.put(1.1, kernel.desks[1] as Desk);
    expect(verdict(kernel, intentOf(kernel, 1))).toBe(1);
  });

  it('reduces an entry to what margin carries beside everything held and working', () => {
    const kernel = withRisk({ maxContracts: 1000, marginBuffer: 0.2 });
    kernel.broker.marginPerUnit = 10_000; // 100 000 of equity, 80 000 to use
    expect(verdict(kernel, intentOf(kernel, 20))).toBe(8);
    hold(kernel, 3);
    expect(verdict(kernel, intentOf(kernel, 20))).toBe(5);
    send(kernel, intentOf(kernel, 4));
    expect(verdict(kernel, intentOf(kernel, 20))).toBe(1);
  });

  it('converts a margin from the currency that it is in, once', () => {
    // 60 000 USD a contract, whatever the instrument is quoted in: 100 000 carry one
    const kernel = withRisk({ maxContracts: 1000, marginBuffer: 0.2 }, { instruments: [instrumentOf({ currency: 'JPY' })], rates: { JPY: 0.0067, EUR: 1.25 } });
    const inCurrency = (currency: string, amount: number) => () => ({ initial: toMoney(amount), maintenance: toMoney(amount), currency });
    kernel.broker.margin = (_instrument, quantity) => inCurrency('USD', 60_000 * quantity)();
    expect(verdict(kernel, intentOf(kernel, 10))).toBe(1);
    kernel.broker.margin = (_instrument, quantity) => inCurrency('EUR', 16_000 * quantity)(); // 20 000 USD
    expect(verdict(kernel, intentOf(kernel, 10))).toBe(4);
    kernel.broker.margin = (_instrument, quantity) => inCurrency('JPY', 3_000_000 * quantity)(); // 20 100 USD
    expect(verdict(kernel, intentOf(kernel, 10))).toBe(3);
    kernel.broker.margin = inCurrency('CHF', 100);
    expect(verdict(kernel, intentOf(kernel, 1))).toBe('the margin of X is not known: it is 100 CHF, which has no value in the base currency');
  });

  it('refuses an entry whose margin the venue has not told, and lets the next one pass when it has', () => {
    const kernel = withRisk({ maxContracts: 1000 }, { journal: true });
    kernel.broker.margin = () => undefined;
    const reason = 'the margin of X is not known: the venue has not said what it asks';
    expect(send(kernel, intentOf(kernel, 3))).toBe(0);
    expect(kernel.notes).toContain(reason);
    expect(kernel.journal.records.filter(({ kind }) => kind === 'refusal').map(({ data }) => (data as { reason: string }).reason)).toEqual([reason]);
    kernel.broker.margin = (_instrument, quantity) => ({ initial: toMoney(40_000 * quantity), maintenance: toMoney(0), currency: 'USD' });
    expect(send(kernel, intentOf(kernel, 3))).toBe(2);
  });

  it('refuses an entry while the margin of another instrument that is held is not known, and no exit', () => {
    const kernel = withRisk({ maxContracts: 1000 }, { instruments: [instrumentOf(), instrumentOf({ id: 'Y' })] });
    const other = kernel.desks[1] as Desk;
    kernel.put(100, other);
    hold(kernel, 2);
    kernel.broker.margin = ({ id }, quantity) => (id === 'X' ? undefined : { initial: toMoney(quantity), maintenance: toMoney(0), currency: 'USD' });
    expect(verdict(kernel, intentOf(kernel, 1, { instrument: 'Y' }), other)).toContain('the margin of X is not known');
    expect(verdict(kernel, intentOf(kernel, 2, { role: 'exit', side: 'sell', reduceOnly: true }))).toBe(2);
  });

  it("counts the account's own margin where the venue's is not known, or less", () => {
    const kernel = withRisk({ maxContracts: 1000, marginBuffer: 0.2, instruments: { X: { initialMargin: 3_000_000 } } }, { instruments: [instrumentOf({ currency: 'JPY' })], rates: { JPY: 0.0067 } });
    kernel.broker.margin = () => undefined; // 20 100 USD a contract
    expect(verdict(kernel, intentOf(kernel, 10))).toBe(3);
    kernel.broker.margin = () => 'none';
    expect(verdict(kernel, intentOf(kernel, 10))).toBe(3);
    kernel.broker.margin = (_instrument, quantity) => ({ initial: toMoney(10_000 * quantity), maintenance: toMoney(0), currency: 'USD' });
    expect(verdict(kernel, intentOf(kernel, 10))).toBe(3);
    kernel.broker.margin = (_instrument, quantity) => ({ initial: toMoney(30_000 * quantity), maintenance: toMoney(0), currency: 'USD' });
    expect(verdict(kernel, intentOf(kernel, 10))).toBe(2);
  });

  it('refuses an entry when a venue gives a margin that is not a number', () => {
    const kernel = withRisk({ maxContracts: 1000 });
    kernel.broker.marginPerUnit = Number.NaN;
    expect(verdict(kernel, intentOf(kernel, 1))).toContain('margin');
  });

  it('refuses an entry that with its exits would exceed maxOpenOrders', () => {
    const kernel = withRisk({ maxOpenOrders: 3 });
    const bracket = [{ clientOrderId: 's', role: 'stop', type: 'stop', stopPrice: toPrice(90) }] as const;
    expect(send(kernel, intentOf(kernel, 1, { bracket }))).toBe(1);
    expect(verdict(kernel, intentOf(kernel, 1, { bracket }))).toContain('maxOpenOrders');
    expect(verdict(kernel, intentOf(kernel, 1))).toBe(1);
  });

  it('refuses entries after maxTradesPerDay, until the next day', () => {
    const kernel = withRisk({ maxTradesPerDay: 2 });
    expect(send(kernel, intentOf(kernel, 1), intentOf(kernel, 1), intentOf(kernel, 1))).toBe(2);
    kernel.account.beginDay();
    expect(verdict(kernel, intentOf(kernel, 1))).toBe(1);
  });

  it('refuses entries while the outcome of an order on the instrument is not known', () => {
    const kernel = withRisk({});
    const intent = intentOf(kernel, 1);
    send(kernel, intent);
    kernel.say({ kind: 'outcome-unknown', clientOrderId: intent.clientOrderId, reason: 'timeout', time: kernel.account.now });
    expect(verdict(kernel, intentOf(kernel, 1))).toContain('not known');
  });

  it('refuses everything on a venue that it may not trade on', () => {
    const kernel = withRisk({}, { mayTrade: false });
    expect(verdict(kernel, intentOf(kernel, 1))).toContain('allowOrders');
  });

  it('refuses a stop, target or exit that reduces nothing', () => {
    const kernel = withRisk({});
    for (const role of ['exit', 'stop', 'target'] as const) expect(verdict(kernel, intentOf(kernel, 1, { role, reduceOnly: true }))).toContain('would open or enlarge');
    hold(kernel, 2);
    expect(verdict(kernel, intentOf(kernel, 3, { role: 'exit', side: 'sell', reduceOnly: true }))).toContain('would open or enlarge');
  });

  it('refuses a second exit for what the first one will take off', () => {
    const kernel = withRisk({});
    hold(kernel, 3);
    const exit = (quantity: number): OrderIntent => intentOf(kernel, quantity, { role: 'exit', side: 'sell', reduceOnly: true });
    expect(send(kernel, exit(2), exit(2), exit(1))).toBe(3);
  });

  it('keeps the daily loss limit latched when the price comes back, and lifts it with the next day', () => {
    const kernel = withRisk({ maxDailyLossFraction: 0.02, maxContracts: 1000 });
    hold(kernel, 100);
    kernel.see(70); // 3% of 100 000
    expect(verdict(kernel, intentOf(kernel, 1))).toContain('maxDailyLossFraction');
    kernel.see(100);
    expect(verdict(kernel, intentOf(kernel, 1))).toContain('maxDailyLossFraction');
    kernel.account.beginDay();
    expect(verdict(kernel, intentOf(kernel, 1))).toBe(1);
  });

  it('halts entries at maxDrawdownFraction for good, and says so in the account', () => {
    const kernel = withRisk({ maxDrawdownFraction: 0.1, maxContracts: 10_000 });
    hold(kernel, 1000);
    kernel.see(90);
    expect(verdict(kernel, intentOf(kernel, 1))).toContain('maxDrawdownFraction');
    kernel.see(200);
    expect(kernel.account.halted).toContain('maxDrawdownFraction 0.1');
    expect(verdict(kernel, intentOf(kernel, 1))).toContain('maxDrawdownFraction');
  });

  it('lets reducing orders pass at every limit and halt, without a review', () => {
    const kernel = withRisk({ maxContracts: 1, maxOrderQuantity: 1, maxTradesPerDay: 1, maxOpenOrders: 1, maxExposureFraction: 0.0001, maxDailyLossFraction: 0.0001, maxDrawdownFraction: 0.0001, marginBuffer: 1 });
    hold(kernel, 500);
    send(kernel, intentOf(kernel, 1));
    kernel.broker.marginPerUnit = 1e9;
    kernel.hooks.forPlugin('no').review('order', () => 'never');
    kernel.see(50);
    haltEntries(kernel.account, 'by hand');
    expect(verdict(kernel, intentOf(kernel, 1))).toBe('by hand');
    for (const role of ['exit', 'stop', 'target'] as const) expect(verdict(kernel, intentOf(kernel, 500, { role, side: 'sell', reduceOnly: true }))).toBe(500);
  });

  it('shows a review hook what is sent: a hook that writes to it is refused', () => {
    const kernel = withRisk({ maxContracts: 5 });
    kernel.hooks.forPlugin('liar').review('order', (intent) => {
      (intent as { quantity: number }).quantity = 1000;
      return undefined;
    });
    expect(verdict(kernel, intentOf(kernel, 1))).toContain('liar');
  });

  it('sends what was approved although an observer tries to write to it', () => {
    const kernel = withRisk({ maxContracts: 5 });
    kernel.hooks.forPlugin('liar').observe('intent', (intent) => {
      (intent as { quantity: number }).quantity = 1000;
    });
    expect(send(kernel, intentOf(kernel, 1))).toBe(1);
    expect(kernel.log.lines.join()).toContain('liar');
  });

  it('never lets positions and orders pass a ceiling, and never refuses what only reduces', () => {
    const step = fc.record({
      side: fc.constantFrom('buy' as const, 'sell' as const),
      role: fc.constantFrom('entry' as const, 'entry' as const, 'exit' as const, 'stop' as const),
      reduceOnly: fc.boolean(),
      quantity: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.double({ min: 0, max: 12, noNaN: true }), fc.constantFrom(1e9, Number.NaN, Infinity, -3)),
      fillShare: fc.constantFrom(0, 0, 0.5, 1, 1),
      price: fc.integer({ min: 60, max: 140 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), fc.double({ min: 0.001, max: 0.02, noNaN: true }), (steps, maxContracts, maxOrderQuantity, maxExposureFraction) => {
        const kernel = withRisk({ maxContracts, maxOrderQuantity, maxExposureFraction, maxOpenOrders: 6 });
        const { orders, ledger } = kernel.account;
        for (const { side, role, reduceOnly, quantity, fillShare, price } of steps) {
          kernel.see(price);
          const { lots } = kernel.desk.position;
          const intent = intentOf(kernel, quantity, { side, role, reduceOnly: role !== 'entry' || reduceOnly });
          const pending = orders.pendingExitLots(0);
          const against = side === 'sell' ? lots : -lots;
          const reduces = intent.reduceOnly && quantity > 0 && against > 0 && against >= kernel.desk.position.grid.lots.up(quantity) + (role === 'exit' ? pending : 0);
          const staying = lots === 0 ? 0 : Math.max(0, 1 - pending / Math.abs(lots));
          const before = ledger.exposure * staying + (orders.pendingEntryLots(0, 1) + orders.pendingEntryLots(0, -1)) * price;
          const sent = send(kernel, intent);
          if (reduces) expect(sent).toBe(quantity);
          else if (sent > 0) {
            expect(role).toBe('entry');
            expect(sent).toBeLessThanOrEqual(Math.min(quantity, maxOrderQuantity));
            // of the side that was sent: an entry that only reduces passes every ceiling, and works on the other
            const sign = side === 'buy' ? 1 : -1;
            expect(Math.max(0, lots * sign) + orders.pendingEntryLots(0, sign)).toBeLessThanOrEqual(Math.max(maxContracts, lots * sign));
            expect(before + sent * price).toBeLessThanOrEqual(ledger.equity * maxExposureFraction + 1e-6);
            expect(orders.liveCount).toBeLessThanOrEqual(6);
          }
          const order = orders.get(intent.clientOrderId);
          if (order === undefined) continue;
          const room = order.role === 'entry' ? order.remainingLots : Math.min(order.remainingLots, Math.max(0, -kernel.desk.position.lots * order.sign));
          const filled = Math.floor(room * fillShare);
          if (filled > 0) kernel.fill(order.clientOrderId, filled, price);
          if (fillShare === 1 && order.remainingLots > 0) kernel.cancelled(order.clientOrderId);
          expect(Math.abs(kernel.desk.position.lots)).toBeLessThanOrEqual(maxContracts);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('lets many intents of one moment through no further than one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: -9, max: 9 }), (quantities, maxContracts, held) => {
        const many = withRisk({ maxContracts, maxOrderQuantity: maxContracts });
        const one = withRisk({ maxContracts, maxOrderQuantity: maxContracts });
        for (const kernel of [many, one]) if (held !== 0) hold(kernel, held);
        const together = quantities.reduce((sum, each) => sum + each, 0);
        expect(send(many, ...quantities.map((quantity) => intentOf(many, quantity)))).toBe(send(one, intentOf(one, together)));
      }),
    );
  });
});
