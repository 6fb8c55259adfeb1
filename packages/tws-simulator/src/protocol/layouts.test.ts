import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { RawClient } from '../../testing/raw-client.js';
import { startSimulator } from '../../testing/start-simulator.js';

const MES = [0, 'MES', 'FUT', '202606', '0.0', '', '', 'CME', '', 'USD', '', ''] as const;
const AAPL = [265598, '', '', '', '', '', '', 'SMART', '', '', '', ''] as const;

/** Requests and the message that ends the answer. */
const ASKED: readonly (readonly [request: readonly (string | number)[], last: string])[] = [
  [[49, 1], '49'], [[8, 1, 1], '9'], [[17, 1], '15'],
  [[9, 8, 1, ...MES, 0, '', '', ''], '52'], [[9, 8, 2, ...AAPL, 0, '', '', ''], '52'], [[9, 8, 3, ...MES.slice(0, 7), 'NYMEX', '', 'USD', '', '', 0, '', '', ''], '4'],
  [[81, 4, 'EUR'], '79'], [[91, 557], '93'], [[82], '80'], [[83, 5, '9c0001'], '82'],
  [[20, 6, ...MES, 0, '', '1 min', '120 S', 0, 'TRADES', 1, 0, ''], '17'], [[20, 7, ...MES, 0, '', '1 day', '2 D', 0, 'BID_ASK', 2, 0, ''], '17'],
  [[20, 8, ...AAPL, 0, '', '1 day', '2 D', 1, 'SCHEDULE', 1, 0, ''], '106'], [[87, 9, ...MES, 0, 0, 'TRADES', 1], '88'],
  [[96, 10, ...MES, 0, '20260504-14:00:00', '', 2, 'TRADES', 0, 0, ''], '98'], [[96, 11, ...MES, 0, '20260504-14:00:00', '', 2, 'BID_ASK', 0, 0, ''], '97'], [[96, 12, ...MES, 0, '20260504-14:00:00', '', 2, 'MIDPOINT', 0, 0, ''], '96'],
  [[1, 11, 13, ...AAPL, 0, '', 1, 0, ''], '57'],
  [[10, 5, 14, ...MES, 1, 0, ''], '12'], [[10, 5, 15, ...AAPL, 1, 1, ''], '13'],
  [[97, 16, ...MES, 'BidAsk', 0, 0], '99'], [[97, 17, ...MES, 'MidPoint', 0, 0], '99'],
];

it.each([176, 178, 182, 187, 193])('answers at server version %i have the recorded layout', async (version) => {
  const { port } = await startSimulator({ serverVersion: version, pacing: { enabled: false } });
  const client = await RawClient.ready(port);
  const lines: string[] = [];
  for (const [fields, last] of ASKED) {
    client.send(...fields);
    lines.push(`> ${fields.join('|')}`, ...(await client.collect(([id]) => id === last)).map((each) => `< ${each.join('|')}`));
  }
  const folder = fileURLToPath(new URL('../../golden/', import.meta.url));
  const file = `${folder}layout-${version}.txt`;
  const text = `${lines.join('\n')}\n`;
  if (process.env['KEELSON_UPDATE_GOLDEN'] === '1') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, 'utf8'));
});
