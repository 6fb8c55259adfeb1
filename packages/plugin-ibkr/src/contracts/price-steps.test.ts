import { StepGrid, toPrice, toQuantity, toUtcMs, type Instrument, type OrderChange, type OrderIntent, type RiskApproved } from '@keelson/core/domain';
import { describe, expect, it } from 'vitest';
import { EventLog, mes, startRig } from '../../testing/rig.js';
import { IbkrBroker } from '../broker/ibkr-broker.js';
import { onSteps } from '../broker/make-orders.js';
import { onStep, type PriceSteps } from './price-steps.js';

/** Hundredths of a cent below a dollar, cents above. */
const SUB_DOLLAR = 557;
const venue = [{ from: 0, grid: new StepGrid(0.0001) }, { from: 1, grid: new StepGrid(0.01) }];
const steps: PriceSteps = { own: new StepGrid(0.0001), venue };
const keel: Instrument = { ...mes, id: 'KEEL', type: 'stock', venue: 'NYSE', multiplier: 1, tickSize: 0.0001, calendar: 'us-equity' };
const scenario = { market: { stocks: [{ symbol: 'KEEL', primaryExchange: 'NYSE', price: 1.5, marketRule: SUB_DOLLAR }] } };

describe('steps of prices', () => {
  it('change with the price, and leave alone what lies on them', () => {
    expect([onStep(steps, 1.2345, 'down'), onStep(steps, 1.2345, 'up'), onStep(steps, 0.9876, 'up'), onStep(steps, 4990.25, 'down'), onStep({ ...steps, venue: [] }, 1.2345, 'up')]).toEqual([1.23, 1.24, 0.9876, 4990.25, 1.2345]);
  });

  it('do not mend a price that is not even on the tick of the account: the venue refuses it', () => {
    expect(onStep({ own: new StepGrid(0.25), venue: [{ from: 0, grid: new StepGrid(0.25) }] }, 4950.1, 'up')).toBe(4950.1);
  });

  it('make no limit worse, and draw stops toward the market', () => {
    const prices = { limitPrice: toPrice(1.2345), stopPrice: toPrice(1.1111) };
    expect(onSteps(steps, 'buy', prices)).toEqual({ limitPrice: 1.23, stopPrice: 1.11 });
    expect(onSteps(steps, 'sell', prices)).toEqual({ limitPrice: 1.24, stopPrice: 1.12 });
  });

  it('are those of the market rule at the exchange of the contract', async () => {
    const { connection } = await startRig(scenario, {}, [keel]);
    await connection.gateway.connect();
    await connection.resolve([keel]);
    expect(connection.contractOf('KEEL')?.details.minTick).toBe(0.0001);
    expect(connection.contractOf('KEEL')?.steps.venue.map(({ from, grid }) => [from, grid.value(1)])).toEqual([[0, 0.0001], [1, 0.01]]);
  });

  it('are asked for again where the answer was not understood', async () => {
    const { connection, simulator } = await startRig(scenario, {}, [keel]);
    await connection.gateway.connect();
    simulator.run('fault', { kind: 'drift', message: 'marketRule', fields: -1 });
    await connection.resolve([keel]);
    expect(connection.contractOf('KEEL')?.steps.venue).toHaveLength(2);
  });

  it('are what the account has to have one of', async () => {
    const { connection } = await startRig(scenario, {}, [keel]);
    await connection.gateway.connect();
    await expect(connection.resolve([{ ...keel, tickSize: 0.00003 }])).rejects.toMatchObject({ code: 'CFG_CONFLICT', message: expect.stringContaining('tickSize is 0.0001 or 0.01 there and 0.00003 here') as string });
  });
});

describe('orders between two steps', () => {
  it('go out on the step that holds at their price, also when they are changed', async () => {
    const rig = await startRig(scenario, {}, [keel]);
    rig.simulator.run('setPrice', { symbol: 'KEEL', bid: 1.5, ask: 1.51, last: 1.5 });
    const broker = new IbkrBroker(rig.connection, rig.settings, rig.context({ margin: false }));
    const events = new EventLog();
    await broker.connect(events.take);
    const order = (clientOrderId: string, limitPrice: number): void =>
      broker.submit({ clientOrderId, instrument: 'KEEL', role: 'entry', side: 'buy', quantity: toQuantity(1), type: 'limit', limitPrice: toPrice(limitPrice), timeInForce: 'gtc', reduceOnly: false, decidedAt: toUtcMs(0), decisionPrice: toPrice(1.5), reason: '' } as OrderIntent as RiskApproved<OrderIntent>);
    order('a-1', 1.2345);
    order('a-2', 0.9876);
    await events.find('accepted', 'a-1');
    await events.find('accepted', 'a-2');
    broker.modify({ clientOrderId: 'a-1', instrument: 'KEEL', reason: '', limitPrice: toPrice(1.3399) } as OrderChange as RiskApproved<OrderChange>);
    expect(await events.find('modified', 'a-1')).toMatchObject({ limitPrice: 1.33 });
    expect((await broker.snapshot()).orders.map(({ limitPrice }) => limitPrice)).toEqual([1.33, 0.9876]);
  });
});
