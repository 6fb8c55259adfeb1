import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Venue, type Execution, type Message, type NewTicket } from './venue.js';

const FUTURE = { symbol: 'MES', currency: 'USD', multiplier: 5, isMargined: true };
const SHARE = { symbol: 'ABC', currency: 'USD', multiplier: 1, isMargined: false };

function open(): { readonly venue: Venue; readonly messages: Message[]; readonly executions: () => Execution[]; readonly cancelled: () => string[] } {
  const venue = new Venue(new Map([FUTURE, SHARE].map((listing) => [listing.symbol, listing])), { currency: 'USD', amount: 10_000 }, 0.5, 0);
  const messages: Message[] = [];
  venue.listener = (message) => void messages.push(message);
  return {
    venue,
    messages,
    executions: () => messages.flatMap((message) => (message.says === 'executed' ? [message.execution] : [])),
    cancelled: () => messages.flatMap((message) => (message.says === 'cancelled' ? [`${message.ref}: ${message.reason}`] : [])),
  };
}

const order = (fields: Partial<NewTicket>): NewTicket => ({ ref: 'a', symbol: 'MES', buy: true, kind: 'market', immediate: false, reduceOnly: false, quantity: 1, limit: undefined, trigger: undefined, ...fields });

describe('the venue', () => {
  it('fills a market order at the next price, once, and answers a repeated order again', () => {
    const { venue, messages, executions } = open();
    venue.place(order({}));
    venue.place(order({}));
    venue.trade('MES', 100, 1, true);
    venue.trade('MES', 101, 2, true);
    assert.deepEqual(executions().map(({ price, quantity, time }) => ({ price, quantity, time })), [{ price: 100, quantity: 1, time: 1 }]);
    assert.deepEqual(messages.flatMap((message) => (message.says === 'placed' ? [message.ticket.number] : [])), ['V1', 'V1']);
  });

  it('fills a limit order at its price, or better where the market jumped', () => {
    const { venue, executions } = open();
    venue.place(order({ kind: 'limit', limit: 99 }));
    venue.trade('MES', 100, 1, true);
    venue.trade('MES', 98, 1, false);
    venue.place(order({ ref: 'b', kind: 'limit', limit: 97 }));
    venue.trade('MES', 95, 2, true);
    assert.deepEqual(executions().map(({ price }) => price), [99, 95]);
  });

  it('fills a stop at its trigger, or worse where the market jumped', () => {
    const { venue, executions } = open();
    venue.place(order({ kind: 'stop', trigger: 101 }));
    venue.trade('MES', 102, 1, false);
    venue.place(order({ ref: 'b', buy: false, kind: 'stop', trigger: 99 }));
    venue.trade('MES', 97, 2, true);
    assert.deepEqual(executions().map(({ price }) => price), [101, 97]);
  });

  it('brings a position to nothing with an order that only reduces, and cancels the rest', () => {
    const { venue, executions, cancelled } = open();
    venue.place(order({ quantity: 2 }));
    venue.trade('MES', 100, 1, true);
    venue.place(order({ ref: 'b', buy: false, quantity: 5, reduceOnly: true }));
    venue.trade('MES', 101, 2, true);
    assert.deepEqual(executions().map(({ quantity }) => quantity), [2, 2]);
    assert.deepEqual(cancelled(), ['b: nothing left to reduce']);
    assert.equal(venue.books.holdings.size, 0);
  });

  it('cancels an immediate order that nothing fills, and the rest of one that fills in part', () => {
    const { venue, executions, cancelled } = open();
    venue.place(order({ kind: 'limit', limit: 90, immediate: true }));
    venue.trade('MES', 100, 1, true);
    venue.depth = 2;
    venue.place(order({ ref: 'b', quantity: 3, immediate: true }));
    venue.trade('MES', 100, 2, true);
    assert.deepEqual(executions().map(({ quantity }) => quantity), [2]);
    assert.deepEqual(cancelled(), ['a: nothing to fill it with at once', 'b: nothing more to fill it with at once']);
  });

  it('fills in parts where the market is thin', () => {
    const { venue, executions } = open();
    venue.depth = 2;
    venue.place(order({ quantity: 3 }));
    venue.trade('MES', 100, 1, true);
    venue.trade('MES', 101, 2, true);
    assert.deepEqual(executions().map(({ quantity, price }) => [quantity, price]), [[2, 100], [1, 101]]);
  });

  it('averages what is added, keeps the average of what is left, and starts anew on the other side', () => {
    const { venue } = open();
    const at = (price: number, buy: boolean, quantity: number): unknown => {
      venue.place(order({ ref: `${price}`, buy, quantity }));
      venue.trade('MES', price, 1, true);
      return { ...venue.books.holdings.get('MES') };
    };
    assert.deepEqual(at(100, true, 1), { quantity: 1, average: 100 });
    assert.deepEqual(at(103, true, 2), { quantity: 3, average: 102 });
    assert.deepEqual(at(110, false, 1), { quantity: 2, average: 102 });
    assert.deepEqual(at(90, false, 5), { quantity: -3, average: 90 });
  });

  it('pays profit and commission for a future, and the whole price for a share', () => {
    const { venue } = open();
    const at = (ref: string, symbol: string, price: number, buy: boolean): unknown => {
      venue.place(order({ ref, symbol, buy, quantity: 2 }));
      venue.trade(symbol, price, 1, true);
      return venue.books.cash.get('USD');
    };
    assert.equal(at('a', 'MES', 100, true), 9_999); // 2 × 0.50
    assert.equal(at('b', 'MES', 104, false), 10_038); // 2 × 5 × 4, less 1
    assert.equal(at('c', 'ABC', 30, true), 9_977); // 2 × 30, and 1
  });

  it('books a corrected execution in the place of the wrong one', () => {
    const { venue, executions, messages } = open();
    venue.place(order({ quantity: 2 }));
    venue.trade('MES', 100, 1, true);
    const { number } = executions()[0] as Execution;
    venue.correct(number, 101);
    assert.deepEqual(venue.books.holdings.get('MES'), { quantity: 2, average: 101 });
    const told = messages.flatMap((message) => (message.says === 'corrected' ? [message] : []));
    assert.deepEqual(told.map((each) => [each.number, each.execution?.price]), [[number, 101]]);
    venue.correct(told[0]?.execution?.number ?? '', undefined);
    assert.equal(venue.books.holdings.size, 0);
    assert.equal(venue.books.cash.get('USD'), 10_000);
  });

  it('takes nothing and says nothing while the line is down', () => {
    const { venue, messages } = open();
    venue.place(order({ kind: 'limit', limit: 99 }));
    venue.setLine(false);
    assert.equal(venue.place(order({ ref: 'b' })), false);
    venue.trade('MES', 98, 1, true);
    venue.setLine(true);
    assert.deepEqual(messages.map(({ says }) => says), ['placed', 'line', 'line']);
    assert.equal(venue.books.executions.length, 1);
  });
});
