import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Venue, type Execution, type Ticket } from './venue.js';

function venue(): { readonly venue: Venue; readonly executions: Execution[]; readonly cancelled: string[] } {
  const executions: Execution[] = [];
  const cancelled: string[] = [];
  return { executions, cancelled, venue: new Venue({ onExecution: (execution) => void executions.push(execution), onCancelled: ({ ref }, reason) => void cancelled.push(`${ref}: ${reason}`) }, 0) };
}

const order = (fields: Partial<Ticket>): Parameters<Venue['place']>[0] => ({ ref: 'a', symbol: 'MES', buy: true, kind: 'market', immediate: false, reduceOnly: false, quantity: 1, limit: undefined, trigger: undefined, ...fields });

describe('the venue', () => {
  it('fills a market order at the next price, once', () => {
    const { venue: it, executions } = venue();
    it.place(order({}));
    it.place(order({}));
    it.trade('MES', 100, 1, true);
    it.trade('MES', 101, 2, true);
    assert.deepEqual(executions.map(({ price, quantity, time }) => ({ price, quantity, time })), [{ price: 100, quantity: 1, time: 1 }]);
  });

  it('fills a limit order at its price, or better where the market jumped', () => {
    const { venue: it, executions } = venue();
    it.place(order({ kind: 'limit', limit: 99 }));
    it.trade('MES', 100, 1, true);
    it.trade('MES', 98, 1, false);
    it.place(order({ ref: 'b', kind: 'limit', limit: 97 }));
    it.trade('MES', 95, 2, true);
    assert.deepEqual(executions.map(({ price }) => price), [99, 95]);
  });

  it('fills a stop at its trigger, or worse where the market jumped', () => {
    const { venue: it, executions } = venue();
    it.place(order({ kind: 'stop', trigger: 101 }));
    it.trade('MES', 102, 1, false);
    it.place(order({ ref: 'b', buy: false, kind: 'stop', trigger: 99 }));
    it.trade('MES', 97, 2, true);
    assert.deepEqual(executions.map(({ price }) => price), [101, 97]);
  });

  it('brings a position to nothing with an order that only reduces, and cancels the rest', () => {
    const { venue: it, executions, cancelled } = venue();
    it.place(order({ quantity: 2 }));
    it.trade('MES', 100, 1, true);
    it.place(order({ ref: 'b', buy: false, quantity: 5, reduceOnly: true }));
    it.trade('MES', 101, 2, true);
    assert.deepEqual(executions.map(({ quantity }) => quantity), [2, 2]);
    assert.deepEqual(cancelled, ['b: nothing left to reduce']);
    assert.equal(it.holdings.size, 0);
  });

  it('cancels an immediate order that nothing fills', () => {
    const { venue: it, cancelled } = venue();
    it.place(order({ kind: 'limit', limit: 90, immediate: true }));
    it.trade('MES', 100, 1, true);
    assert.deepEqual(cancelled, ['a: nothing to fill it with at once']);
  });

  it('averages what is added, keeps the average of what is left, and starts anew on the other side', () => {
    const { venue: it } = venue();
    const at = (price: number, buy: boolean, quantity: number): unknown => {
      it.place(order({ ref: `${price}`, buy, quantity }));
      it.trade('MES', price, 1, true);
      return it.holdings.get('MES');
    };
    assert.deepEqual(at(100, true, 1), { quantity: 1, average: 100 });
    assert.deepEqual(at(103, true, 2), { quantity: 3, average: 102 });
    assert.deepEqual(at(110, false, 1), { quantity: 2, average: 102 });
    assert.deepEqual(at(90, false, 5), { quantity: -3, average: 90 });
  });
});
