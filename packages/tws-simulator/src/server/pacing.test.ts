import { describe, expect, it } from 'vitest';
import { RawClient } from '../../testing/raw-client.js';
import { startSimulator } from '../../testing/start-simulator.js';

const paced = { pacing: { clock: 'simulated' } } as const;

/** A request for bars; `what` tells it from others. */
const askBars = (client: RawClient, id: number, { duration = '60 S', show = 'TRADES', symbol = 'MES', month = '202606' } = {}): void =>
  client.send(20, id, 0, symbol, 'FUT', month, '0.0', '', '', symbol === 'GC' ? 'COMEX' : 'CME', '', 'USD', '', '', 0, '', '1 min', duration, 0, show, 2, 0, '');

/** `bars` or the text of the error. */
async function answer(client: RawClient): Promise<string> {
  const fields = await client.until(([id]) => id === '17' || id === '4');
  return fields[0] === '17' ? 'bars' : `${fields[3]} ${fields[4]?.split(':').at(-1)}`;
}

const VIOLATION = '162 Historical data request pacing violation';

describe('messages per second', () => {
  it('above 50 are refused with 100, and the third time the client is disconnected', async () => {
    const { port, simulator } = await startSimulator(paced);
    const client = await RawClient.ready(port);
    simulator.advance(1000);
    for (let count = 0; count < 50; count += 1) client.send(49, 1);
    for (let count = 0; count < 50; count += 1) expect((await client.next())[0]).toBe('49');
    client.send(49, 1);
    expect((await client.next()).slice(0, 5)).toEqual(['4', '2', '-1', '100', 'Max rate of messages per second has been exceeded:max=50 rec=51 (1)']);
    for (let count = 0; count < 102; count += 1) client.send(49, 1);
    await client.end();
  });

  it('are counted anew when the second has passed, and not at all for a client that wants to be slowed down', async () => {
    const { port, simulator } = await startSimulator(paced);
    const [plain, patient] = [await RawClient.ready(port, 1), await RawClient.ready(port, 2, 'v100..193 +PACEAPI')];
    for (let round = 0; round < 3; round += 1) {
      simulator.advance(1000);
      for (let count = 0; count < 50; count += 1) plain.send(49, 1);
      for (let count = 0; count < 50; count += 1) expect((await plain.next())[0]).toBe('49');
    }
    for (let count = 0; count < 200; count += 1) patient.send(49, 1);
    for (let count = 0; count < 200; count += 1) expect((await patient.next())[0]).toBe('49');
  });
});

describe('historical requests', () => {
  it('may not be repeated within 15 seconds', async () => {
    const { port, simulator } = await startSimulator(paced);
    const client = await RawClient.ready(port);
    askBars(client, 1);
    expect(await answer(client)).toBe('bars');
    simulator.advance(14_000);
    askBars(client, 2);
    expect(await answer(client)).toBe(VIOLATION);
    simulator.advance(1_000);
    askBars(client, 3);
    expect(await answer(client)).toBe('bars');
  });

  it('must be fewer than six of one contract in two seconds; another contract is free', async () => {
    const { port, simulator } = await startSimulator(paced);
    const client = await RawClient.ready(port);
    for (let id = 1; id <= 5; id += 1) {
      askBars(client, id, { duration: `${id * 60} S` });
      expect(await answer(client)).toBe('bars');
    }
    askBars(client, 6, { duration: '600 S' });
    expect(await answer(client)).toBe(VIOLATION);
    askBars(client, 7, { month: '202609' });
    expect(await answer(client)).toBe('bars');
    simulator.advance(2000);
    askBars(client, 8, { duration: '600 S' });
    expect(await answer(client)).toBe('bars');
  });

  it('are 60 in ten minutes over all clients, and quotes count double', async () => {
    const { port, simulator } = await startSimulator(paced);
    const clients = [await RawClient.ready(port, 1), await RawClient.ready(port, 2)];
    const ask = (round: number): Promise<string> => {
      simulator.advance(2000);
      const client = clients[round % 2] as RawClient;
      askBars(client, round, { duration: `${(round + 1) * 60} S`, show: round < 10 ? 'BID_ASK' : 'TRADES' });
      return answer(client);
    };
    for (let round = 0; round < 50; round += 1) expect(await ask(round)).toBe('bars');
    expect(await ask(50)).toBe(VIOLATION);
    // a refused request does not count; the first ones leave the window after ten minutes
    simulator.advance(600_000 - 51 * 2000);
    expect(await ask(51)).toBe('bars');
  });

  it('are free when the scenario says so', async () => {
    const { port } = await startSimulator({ pacing: { enabled: false } });
    const client = await RawClient.ready(port);
    for (let id = 0; id < 10; id += 1) {
      askBars(client, id);
      expect(await answer(client)).toBe('bars');
    }
  });
});
