import { StepGrid, type BrokerEvent, type Instrument } from '@keelson/core/domain';
import type { Execution } from '@stoqey/ib';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ResolvedContract } from '../contracts/resolve-contract.js';
import { Executions } from './executions.js';

const instrument: Instrument = { id: 'MES', venue: 'CME', type: 'future', currency: 'USD', multiplier: 5, tickSize: 0.25, lotSize: 1, calendar: '24/7', symbols: {} };
const resolved: ResolvedContract = { instrument, contract: { conId: 1 }, details: { contract: {} }, steps: { own: new StepGrid(0.25), venue: [] }, timeZone: 'America/Chicago' };
const execution = (execId: string, more: Partial<Execution> = {}): Execution => ({ execId, shares: 2, price: 5000.25, side: 'BOT', time: '20260504 10:00:00 US/Central', orderRef: 'a-1', ...more });

let events: BrokerEvent[];
let waiting: Array<() => void>;
let orphans: string[];
let executions: Executions;

beforeEach(() => {
  events = [];
  waiting = [];
  orphans = [];
  const timer = { after: (_ms: number, call: () => void) => { waiting.push(call); return () => { waiting = waiting.filter((each) => each !== call); }; } };
  executions = new Executions(timer, () => 0, (event) => events.push(event), ({ orderRef }) => orderRef ?? '', (execId) => orphans.push(execId));
});

describe('Executions', () => {
  it('tells a fill with its commission, whichever comes first', () => {
    executions.take(resolved, { currency: 'USD' }, execution('x.01.01'), true);
    expect(events).toEqual([]);
    executions.commission({ execId: 'x.01.01', commission: 1.24, currency: 'USD' });
    executions.commission({ execId: 'y.01.01', commission: 0.62, currency: 'USD' });
    executions.take(resolved, { currency: 'USD' }, execution('y.01.01', { shares: 1 }), true);
    expect(events).toMatchObject([
      { kind: 'fill', fill: { executionId: 'x.01.01', clientOrderId: 'a-1', side: 'buy', quantity: 2, price: 5000.25, commission: 1.24, time: Date.parse('2026-05-04T15:00:00Z') } },
      { kind: 'fill', fill: { executionId: 'y.01.01', commission: 0.62 } },
    ]);
    expect(waiting).toEqual([]);
  });

  it('tells a fill without it when it does not come, and the cost later as a fee', () => {
    executions.take(resolved, { currency: 'USD' }, execution('x.01.01'), true);
    waiting[0]?.();
    executions.commission({ execId: 'x.01.01', commission: 1.24, currency: 'USD' });
    executions.commission({ execId: 'x.01.01', commission: 1.24, currency: 'USD' });
    expect(events).toMatchObject([
      { kind: 'fill', fill: { commission: 0 } },
      { kind: 'cash', movement: { id: 'commission:x.01.01', kind: 'fee', amount: -1.24, currency: 'USD' } },
    ]);
    expect(events).toHaveLength(2);
  });

  it('tells an execution once, however often it is repeated', () => {
    for (let i = 0; i < 3; i++) executions.take(resolved, { currency: 'USD' }, execution('x.01.01'), true);
    executions.commission({ execId: 'x.01.01', commission: 1, currency: 'USD' });
    executions.take(resolved, { currency: 'USD' }, execution('x.01.01'), true);
    expect(events).toHaveLength(1);
  });

  it('puts a correction in the place of what it corrects, and not the other way round', () => {
    executions.commission({ execId: 'x.01.01', commission: 1, currency: 'USD' });
    executions.take(resolved, { currency: 'USD' }, execution('x.01.01'), true);
    executions.take(resolved, { currency: 'USD' }, execution('x.01.02', { price: 5000.5 }), true);
    executions.take(resolved, { currency: 'USD' }, execution('x.01.01'), true);
    expect(events.slice(1)).toMatchObject([{ kind: 'fill-corrected', executionId: 'x.01.01', replacement: { executionId: 'x.01.02', price: 5000.5, commission: 1 } }]);
    expect(events).toHaveLength(2);
  });

  it('does not tell a correction of what was before it as a trade: a comparison finds out what it corrects', () => {
    executions.take(resolved, { currency: 'USD' }, execution('x.01.02', { price: 5000.5 }), true);
    executions.take(resolved, { currency: 'USD' }, execution('x.01.02', { price: 5000.5 }), true);
    executions.commission({ execId: 'x.01.02', commission: 1, currency: 'USD' });
    executions.flush();
    expect([events, orphans, waiting]).toEqual([[], ['x.01.02'], []]);
    expect(executions.fillOf('x.01.02')).toMatchObject({ price: 5000.5, commission: 1 });
    executions.take(resolved, { currency: 'USD' }, execution('y.01.02'), false);
    expect(orphans).toHaveLength(1);
  });

  it('answers a question without telling, and adds no fee to what is in the answer', () => {
    executions.take(resolved, { currency: 'USD' }, execution('x.01.01'), false);
    executions.commission({ execId: 'x.01.01', commission: 1, currency: 'USD' });
    executions.take(resolved, { currency: 'USD' }, execution('x.01.01'), true);
    expect(events).toEqual([]);
    expect(executions.fillOf('x.01.01')).toMatchObject({ commission: 1 });
  });
});
