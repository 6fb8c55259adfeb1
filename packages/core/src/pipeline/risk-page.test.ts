import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { OrderIntent, OrderRole, Side } from '../domain/order.js';
import { toPrice, toQuantity } from '../domain/units.js';
import { instrumentOf, Kernel } from '../../testing/kernel.js';
import { approveOrder } from './approve-orders.js';
import { watchLosses } from './watch-losses.js';

type Example = {
  readonly risk: Record<string, unknown>;
  readonly held?: number;
  readonly working?: ReadonlyArray<readonly [Side, number]>;
  readonly closes?: readonly number[];
  readonly ask: { readonly side: Side; readonly quantity: number; readonly role?: OrderRole; readonly limitPrice?: number };
  readonly answer: number | string;
};

const page = readFileSync(new URL('../../../../docs/concepts/risk.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/```json\n(.*?)\n```/gs)].map((match) => JSON.parse(match[1] as string) as Example);

function answerOf({ risk, held = 0, working = [], closes = [], ask }: Example): number | string {
  const kernel = new Kernel({ instruments: [instrumentOf({ tickSize: 1 })], initialCash: 100_000, config: { risk: { maxContracts: 10_000, ...risk } } });
  const { account, desk } = kernel;
  kernel.see(100);
  const intentOf = (id: string, side: Side, quantity: number, role: OrderRole = 'entry', limitPrice?: number): OrderIntent => {
    const limit = limitPrice === undefined ? {} : { limitPrice: toPrice(limitPrice) };
    return { clientOrderId: id, instrument: 'X', role, side, quantity: toQuantity(quantity), type: limitPrice === undefined ? 'market' : 'limit', ...limit, timeInForce: 'gtc', reduceOnly: role !== 'entry', decidedAt: account.now, decisionPrice: toPrice(100), reason: 'example' };
  };
  if (held !== 0) kernel.fill('held', Math.abs(held), 100, { side: held > 0 ? 'buy' : 'sell' });
  working.forEach(([side, quantity], i) => {
    account.orders.add(intentOf(`working-${i}`, side, quantity), 0);
    account.rate?.note(account.now);
  });
  for (const close of closes) {
    kernel.see(close);
    watchLosses(account);
    if (kernel.ledger.equity > account.peakEquity) account.peakCell[0] = kernel.ledger.equity;
  }
  const approval = approveOrder(intentOf('ask', ask.side, ask.quantity, ask.role, ask.limitPrice), desk, account);
  return 'refused' in approval ? approval.refused : approval.approved.quantity;
}

describe('the page about limits', () => {
  it('has examples', () => expect(examples.length).toBeGreaterThanOrEqual(10));

  it.each(examples.map((example): [string, Example] => [JSON.stringify(example), example]))('is right about %s', (_text, example) => {
    expect(answerOf(example)).toBe(example.answer);
  });
});
