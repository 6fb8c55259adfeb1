import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Kernel } from '../../packages/core/testing/kernel.js';

const PAGE = readFileSync(new URL('exits.md', import.meta.url), 'utf8');

/** The rows of the table behind a text. */
function rowsAfter(text: string): Array<{ readonly close: number; readonly stop: number; readonly sent: string }> {
  const lines = PAGE.slice(PAGE.indexOf(text)).split('\n');
  const start = lines.findIndex((line) => line.startsWith('|---'));
  const rows: Array<{ readonly close: number; readonly stop: number; readonly sent: string }> = [];
  for (const line of lines.slice(start + 1)) {
    if (!line.startsWith('|')) break;
    const [, close, stop, sent] = line.split('|').map((cell) => cell.trim());
    rows.push({ close: Number(close), stop: Number(stop), sent: sent ?? '' });
  }
  return rows;
}

describe('the worked examples of exits.md', () => {
  it.each([
    { text: 'With `breakEvenAfterR: 1`', exits: { breakEvenAfterR: 1, trailing: { afterR: 2, distanceFraction: 0.05 } }, rows: 5 },
    { text: 'With `partialTargets:', exits: { partialTargets: [{ atR: 1, fraction: 0.34 }, { atR: 2, fraction: 0.5 }] }, rows: 4 },
  ])('come out as they are told: $text', ({ text, exits, rows }) => {
    const kernel = new Kernel({ config: { exits: { stopPoints: 10, ...exits }, sizing: { use: 'fixed-quantity', quantity: 9 }, risk: { maxContracts: 9 } } });
    kernel.enter('long', 100);
    const told = rowsAfter(text);
    expect(told).toHaveLength(rows);
    const happened = told.map(({ close }) => {
      const intents = kernel.step(close);
      for (const { clientOrderId, quantity } of intents) kernel.fill(clientOrderId, quantity, close);
      for (const change of kernel.broker.changes.splice(0)) kernel.say({ kind: 'modified', clientOrderId: change.clientOrderId, quantity: change.quantity ?? intents[0]?.quantity ?? (kernel.desk.position.lots as never), ...(change.stopPrice === undefined ? {} : { stopPrice: change.stopPrice }), time: kernel.account.now });
      return { close, stop: kernel.desk.plan?.stop, sent: intents.map(({ side, quantity }) => `${side} ${quantity}`).join(', ') };
    });
    expect(happened).toEqual(told);
  });
});
