import { StepGrid, toPrice, toQuantity, toUtcMs, type OrderIntent } from '@keelson/core/domain';
import { describe, expect, it } from 'vitest';
import { makeOrders } from './make-orders.js';

const entry: OrderIntent = { clientOrderId: 'a-1', instrument: 'MES', role: 'entry', side: 'buy', quantity: toQuantity(2), type: 'market', timeInForce: 'day', reduceOnly: false, decidedAt: toUtcMs(0), decisionPrice: toPrice(5000), reason: '' };
const steps = { own: new StepGrid(0.25), venue: [] };
const counter = (): (() => number) => { let next = 7; return () => next++; };

describe('makeOrders', () => {
  it('transmits a bracket with its last order only, and groups its exits', () => {
    const bracket = [
      { clientOrderId: 'a-1-s', role: 'stop', type: 'stop', stopPrice: toPrice(4990) },
      { clientOrderId: 'a-1-t', role: 'target', type: 'limit', limitPrice: toPrice(5020) },
    ] as const;
    const made = makeOrders({ ...entry, bracket, ocoGroup: 'g' }, { account: 'DU1', clientId: 3, steps }, counter()).map(({ order }) => order);
    expect(made).toMatchObject([
      { orderId: 7, action: 'BUY', orderType: 'MKT', totalQuantity: 2, transmit: false, orderRef: 'a-1', account: 'DU1', clientId: 3, tif: 'DAY' },
      { orderId: 8, action: 'SELL', orderType: 'STP', auxPrice: 4990, parentId: 7, transmit: false, ocaGroup: 'g', ocaType: 2, tif: 'GTC' },
      { orderId: 9, action: 'SELL', orderType: 'LMT', lmtPrice: 5020, parentId: 7, transmit: true, ocaGroup: 'g', ocaType: 2 },
    ]);
    expect(made[0]).not.toHaveProperty('ocaGroup');
  });

  it('puts prices into the fields of each type', () => {
    const pricesOf = (more: Partial<OrderIntent>) => makeOrders({ ...entry, ...more }, { account: 'DU1', clientId: 0, steps }, counter())[0]?.order;
    expect(pricesOf({ type: 'stop-limit', stopPrice: toPrice(5001), limitPrice: toPrice(5002) })).toMatchObject({ orderType: 'STP LMT', auxPrice: 5001, lmtPrice: 5002, transmit: true });
    expect(pricesOf({ type: 'trailing-stop', stopPrice: toPrice(4990), trailDistance: toPrice(10) })).toMatchObject({ orderType: 'TRAIL', trailStopPrice: 4990, auxPrice: 10 });
    expect(pricesOf({ type: 'trailing-stop', trailFraction: 0.01 })).toMatchObject({ trailingPercent: 1 });
    expect(pricesOf({ type: 'limit', limitPrice: toPrice(4999), timeInForce: 'ioc', ocoGroup: 'g' })).toMatchObject({ orderType: 'LMT', tif: 'IOC', ocaGroup: 'g' });
  });
});
