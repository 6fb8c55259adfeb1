import { expect, it } from 'vitest';
import { buyAndHoldReturn } from './buy-and-hold.js';

it('gives each instrument an equal part of the money', () => {
  expect(buyAndHoldReturn([{ firstOpen: 100, lastClose: 130 }, { firstOpen: 2, lastClose: 1.8 }])).toBeCloseTo(0.1, 12);
});

it('is undefined without an instrument', () => {
  expect(buyAndHoldReturn([])).toBeUndefined();
});
