import { expect, it } from 'vitest';
import { RememberedIds } from './remembered-ids.js';

it('knows at least as many of the newest ids as it was asked to, and not all', () => {
  const ids = new RememberedIds(10);
  for (let i = 0; i < 95; i++) {
    ids.add(`id${i}`);
    for (let k = Math.max(0, i - 9); k <= i; k++) expect(ids.has(`id${k}`)).toBe(true);
  }
  expect(ids.has('id70')).toBe(false);
  expect(ids.has('other')).toBe(false);
});
