import { once } from 'node:events';
import { expect, it } from 'vitest';
import { RawClient } from '../testing/raw-client.js';
import { startSimulator } from '../testing/start-simulator.js';

it('sends every tick of a busy market, whole and in order', async () => {
  const { port, simulator } = await startSimulator({ market: { ticksPerSecond: 250 }, pacing: { enabled: false } });
  const client = await RawClient.ready(port);
  for (const [id, symbol] of ['MES', 'ES', 'NQ', 'MNQ'].entries()) client.send(1, 11, id, 0, symbol, 'FUT', '202606', '', '', '', 'CME', '', 'USD', '', '', 0, '', 0, 0, '');
  await client.quiet();
  client.socket.removeAllListeners('data');
  const chunks: Uint8Array[] = [];
  client.socket.on('data', (chunk: Uint8Array) => void chunks.push(chunk));

  simulator.advance(10_000);
  client.send(49, 1);
  while (chunks.length === 0 || !Buffer.from(chunks.at(-1) as Uint8Array).toString('latin1').endsWith(`49\x001\x00${1777905000 + 10}\x00`)) await once(client.socket, 'data');

  const bytes = Buffer.concat(chunks);
  let messages = 0;
  for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt32BE(at)) messages += 1;
  expect(messages).toBeGreaterThan(25_000);
}, 30_000);
