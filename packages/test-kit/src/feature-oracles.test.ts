import { expect, it } from 'vitest';
import { dataSets } from './feature-oracles.js';

it.skipIf(!process.env['KEELSON_DATA_DIR'])('the oracles run on the real bars of KEELSON_DATA_DIR', () => {
  expect(dataSets.map(({ name }) => name).slice(0, 3)).toEqual(['GOOG 1d', '6E 1m', 'BTC 1m']);
});
