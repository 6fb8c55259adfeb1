import { expect, it } from 'vitest';
import { Kernel as Bench } from '../../testing/kernel.js';
import { haltEntries } from '../pipeline/halt-entries.js';
import { Kernel } from './kernel.js';

function kernelOf(bench: Bench): Kernel {
  return new Kernel({ account: bench.account, offPath: { idle: true, deliver() {}, ask() {} }, clockCell: undefined, initialCash: 100_000, hasDetail: false });
}

it('leaves what fills after a kill at once, without waiting for a bar', () => {
  const bench = new Bench({ config: { sizing: { use: 'fixed-quantity', quantity: 2 }, risk: { maxContracts: 9 } } });
  const kernel = kernelOf(bench);
  bench.seat(({ signal }) => signal.long({ entry: 99 }));
  const id = bench.step(100)[0]?.clientOrderId ?? '';
  bench.accept(id);
  kernel.command({ command: 'kill', reason: 'test' }, bench.account.now);
  expect(bench.broker.canceled).toEqual([id]);
  bench.broker.submitted.length = 0;
  kernel.event({ kind: 'fill', fill: bench.fillOf(id, 2, 99) }, bench.account.now); // the cancel came too late
  expect(bench.broker.submitted).toMatchObject([{ role: 'exit', side: 'sell', quantity: 2 }]);
});

it('sends no entry that its journal could not write down', () => {
  const bench = new Bench({ journal: true, config: { risk: { maxContracts: 9 } } });
  bench.journal.sync = () => haltEntries(bench.account, 'the disk is full', 'journal');
  bench.seat(({ signal }) => signal.long());
  expect(bench.step(100)).toEqual([]);
  expect(bench.account.orders.liveCount).toBe(0);
  expect(bench.notes).toContain('the disk is full');
});
