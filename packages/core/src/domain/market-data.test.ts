import { expect, it } from 'vitest';
import { parseTimeframe } from './market-data.js';

it.each([['60m', '1h'], ['1h', '1h'], ['3600s', '1h'], ['90m', '90m'], ['120m', '2h'], ['300s', '5m'], ['45s', '45s'], ['720m', '12h'], ['1d', '1d']])('%s is the timeframe %s', (text, id) => {
  expect(parseTimeframe(text)?.id).toBe(id);
});

it.each(['0m', '5', 'm', '2d', '13h', '1.5h', ''])('%j is no timeframe', (text) => {
  expect(parseTimeframe(text)).toBeUndefined();
});
