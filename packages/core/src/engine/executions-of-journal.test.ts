import { describe, expect, it } from 'vitest';
import type { BrokerEvent, Fill } from '../domain/events.js';
import { toMoney, toPrice, toQuantity, toUtcMs } from '../domain/units.js';
import type { JournalRecord } from '../ports/journal.js';
import { executionsOfJournal } from './executions-of-journal.js';

const fill = (executionId: string, clientOrderId: string, minute: number, more: Partial<Fill> = {}): Fill => ({ executionId, clientOrderId, instrument: 'X', side: 'buy', quantity: toQuantity(1), price: toPrice(100), commission: toMoney(1), commissionCurrency: 'USD', slippage: toMoney(0), liquidity: 'taker', time: toUtcMs(minute * 60_000), ...more });
const said = (event: BrokerEvent): JournalRecord => ({ kind: 'broker-event', time: toUtcMs(0), data: event });
const sent: JournalRecord = { kind: 'intent', time: toUtcMs(0), data: { clientOrderId: 'a-1', role: 'entry', reason: 'fast above slow', bracket: [{ clientOrderId: 'a-1-stop', role: 'stop' }] } };

describe('the executions of a journal', () => {
  it('are in order of time, each with the role and the reason of its order', () => {
    const records = [sent, said({ kind: 'fill', fill: fill('e2', 'a-1-stop', 9, { side: 'sell' }) }), said({ kind: 'fill', fill: fill('e1', 'a-1', 1) }), said({ kind: 'fill', fill: fill('e3', 'by hand', 12) })];
    expect(executionsOfJournal(records).map(({ fill: { executionId }, role, reason }) => [executionId, role, reason])).toEqual([['e1', 'entry', 'fast above slow'], ['e2', 'stop', 'fast above slow'], ['e3', undefined, undefined]]);
  });

  it('count once, as corrected last, and not at all when they were taken back', () => {
    const at = toUtcMs(0);
    const records = [
      said({ kind: 'fill', fill: fill('e1', 'a-1', 1) }),
      said({ kind: 'fill', fill: fill('e1', 'a-1', 1) }),
      said({ kind: 'fill', fill: fill('e2.01', 'a-1', 2) }),
      said({ kind: 'fill-corrected', executionId: 'e2.01', replacement: fill('e2.02', 'a-1', 2, { price: toPrice(99) }), time: at }),
      said({ kind: 'fill', fill: fill('e3', 'a-1', 3) }),
      said({ kind: 'fill-corrected', executionId: 'e3', time: at }),
      said({ kind: 'fill', fill: fill('e3', 'a-1', 3) }),
    ];
    expect(executionsOfJournal(records).map((each) => [each.fill.executionId, each.fill.price])).toEqual([['e1', 100], ['e2.02', 99]]);
  });

  it('carry costs that were told later, once', () => {
    const late = said({ kind: 'cash', movement: { id: 'c1', kind: 'fee', amount: toMoney(-0.62), currency: 'USD', executionId: 'e1', time: toUtcMs(0) } });
    const [execution] = executionsOfJournal([said({ kind: 'fill', fill: fill('e1', 'a-1', 1, { commission: toMoney(0) }) }), late, late]);
    expect(execution?.fill.commission).toBe(0.62);
  });
});
