import { expect, it } from 'vitest';
import { isoDuration } from './iso-duration.js';

it.each([
  [0, 'P0D'],
  [86_400_000, 'P1D'],
  [3 * 86_400_000 + 2 * 3_600_000, 'P3DT2H'],
  [5 * 60_000, 'PT5M'],
  [3_601_000, 'PT1H1S'],
  [400 * 86_400_000 + 1_500, 'P400DT1.5S'],
])('writes %d ms as %s', (ms, text) => {
  expect(isoDuration(ms)).toBe(text);
});
