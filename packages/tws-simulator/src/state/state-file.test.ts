import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeskHarness } from '../../testing/desk-harness.js';
import { StateFile } from './state-file.js';

describe('the state file', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tws-state-'));
    path = join(folder, 'deep', 'state.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives back the newest value of each key, in the order of the keys', () => {
    const first = new StateFile(path);
    first.put('order', 1, { filled: 0 });
    first.put('order', 2, { filled: 0 });
    first.put('order', 1, { filled: 3 });
    first.commit();
    // No close: the process may be killed at any time.
    expect(new StateFile(path).all('order')).toEqual([{ filled: 3 }, { filled: 0 }]);
  });

  it('leaves out a last line that a kill cut off, and refuses a file of something else', () => {
    const state = new StateFile(path);
    state.put('order', 1, { filled: 1 });
    state.commit();
    appendFileSync(path, '[["order","1",{"filled":2}],["execution","a",{"quan');
    expect(new StateFile(path).all('order')).toEqual([{ filled: 1 }]);
    writeFileSync(path, 'time,open\n1,2\n');
    expect(() => new StateFile(path)).toThrow(/line 1 was time,open, expected entries of the simulator's state/);
  });

  it('holds what belongs together as one line, from its commit on', () => {
    const state = new StateFile(path);
    state.put('order', 1, { filled: 1 });
    state.put('execution', 'a', { quantity: 1 });
    expect(readFileSync(path, 'utf8')).toBe('');
    state.commit();
    state.commit();
    expect(readFileSync(path, 'utf8')).toBe('[["order","1",{"filled":1}],["execution","a",{"quantity":1}]]\n');
  });

  it('grows small again at each start', () => {
    const state = new StateFile(path);
    for (let filled = 0; filled < 50; filled += 1) {
      state.put('order', 1, { filled });
      state.commit();
    }
    new StateFile(path);
    expect(readFileSync(path, 'utf8')).toBe('[["order","1",{"filled":49}]]\n');
  });

  it('lets a desk go on where the last one was killed: orders, brackets, executions, money, ids', () => {
    const before = new DeskHarness({ state: new StateFile(path) });
    before.price(5000);
    before.place(1, { totalQuantity: 2, transmit: 0 });
    before.place(2, { action: 'SELL', totalQuantity: 2, orderType: 'TRAIL', auxPrice: 10, parentId: 1, tif: 'GTC' });
    before.place(3, { orderType: 'LMT', lmtPrice: 4000, tif: 'GTC' });
    before.price(5030);
    const after = new DeskHarness({ state: new StateFile(path) });
    expect(after.account.state()).toEqual(before.account.state());
    expect(after.desk.store.nextOrderId(1)).toBe(4);
    expect(after.desk.store.open().map((order) => order.orderId)).toEqual([2, 3]);
    expect([...after.desk.store.executions()]).toEqual(before.executions);
    after.price(5020);
    expect(after.order(2)).toMatchObject({ status: 'Filled', stopPrice: 5020 });
    expect(after.executions[0]?.execId).toBe('0000e0d5.6a000002.01.01');
    expect(after.account.position(1).quantity).toBe(0);
  });
});
