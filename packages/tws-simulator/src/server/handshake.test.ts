import { describe, expect, it } from 'vitest';
import { RawClient } from '../../testing/raw-client.js';
import { startSimulator } from '../../testing/start-simulator.js';

describe('handshake', () => {
  it('answers with the version and the time of the login, without a message id', async () => {
    const { port } = await startSimulator();
    const client = await RawClient.connect(port);
    client.write('API\0');
    client.frame('v100..193');
    expect(await client.next()).toEqual(['193', '20260504 10:30:00 EST']);
  });

  it('takes the sign and the versions in one write, in two and byte by byte', async () => {
    const { port } = await startSimulator();
    const whole = Buffer.concat([Buffer.from('API\0'), Buffer.from([0, 0, 0, 9]), Buffer.from('v100..193')]);
    for (const cuts of [[], [4], [2, 6, 10], [...whole.keys()]]) {
      const client = await RawClient.connect(port);
      const edges = [...cuts, whole.length];
      let at = 0;
      for (const edge of edges) {
        client.write(whole.subarray(at, edge));
        at = edge;
      }
      expect((await client.next())[0]).toBe('193');
      client.close();
    }
  });

  it.each([
    ['v100..193', '193'], ['v157..178', '178'], ['v100..176', '176'], ['v176', '176'], ['v100..222', '193'], ['v100..187 +PACEAPI', '187'],
  ])('agrees on the newest version of both: %s gives %s', async (versions, agreed) => {
    const { port } = await startSimulator();
    const client = await RawClient.connect(port);
    client.write('API\0');
    client.frame(versions);
    expect((await client.next())[0]).toBe(agreed);
  });

  it.each(['v100..175', 'v194..210', 'hello'])('closes on %s without an answer', async (versions) => {
    const log: string[] = [];
    const { port } = await startSimulator({}, { log: (line) => log.push(line) });
    const client = await RawClient.connect(port);
    client.write('API\0');
    client.frame(versions);
    await expect(client.next()).rejects.toThrow('closed');
    expect(log.join()).toContain('versions');
  });

  it('closes on a web browser', async () => {
    const { port } = await startSimulator();
    const client = await RawClient.connect(port);
    client.write('GET / HTTP/1.1\r\n\r\n');
    await expect(client.next()).rejects.toThrow('closed');
  });

  it('does not go above the version of the scenario', async () => {
    const { port } = await startSimulator({ serverVersion: 187 });
    const client = await RawClient.connect(port);
    client.write('API\0');
    client.frame('v100..193');
    expect((await client.next())[0]).toBe('187');
  });
});

describe('start of a session', () => {
  it('tells accounts, the first order id and the farms', async () => {
    const { port } = await startSimulator({ accounts: ['DU1', 'DU2'], firstOrderId: 40 });
    const client = await RawClient.connect(port);
    client.write('API\0');
    client.frame('v100..193');
    await client.next();
    client.send(71, 2, 3, '');
    const frames = await client.collect((fields) => fields[3] === '2158');
    expect(frames.slice(0, 2)).toEqual([['15', '1', 'DU1,DU2'], ['9', '1', '40']]);
    expect(frames.slice(2).map((fields) => [fields[0], fields[2], fields[3]])).toEqual([['4', '-1', '2104'], ['4', '-1', '2104'], ['4', '-1', '2106'], ['4', '-1', '2158']]);
  });

  it('refuses a client id in use with 326 and closes, and takes it again once it is free', async () => {
    const { port } = await startSimulator();
    const first = await RawClient.ready(port, 5);
    const second = await RawClient.connect(port);
    second.write('API\0');
    second.frame('v100..193');
    await second.next();
    second.send(71, 2, 5, '');
    expect((await second.next()).slice(0, 4)).toEqual(['4', '2', '-1', '326']);
    await second.end();
    first.close();
    await first.end();
    await RawClient.ready(port, 5);
  });

  it('keeps several clients apart', async () => {
    const { port, simulator } = await startSimulator();
    const clients = await Promise.all([0, 1, 2].map((id) => RawClient.ready(port, id)));
    expect((simulator.run('clients') as number[]).toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
    expect(simulator.drop(1)).toBe(1);
    await clients[1]?.end();
    clients[2]?.send(49, 1);
    expect(await clients[2]?.next()).toEqual(['49', '1', '1777905000']);
    expect(simulator.run('clients')).toEqual([0, 2]);
  });

  it('ignores requests before startApi, and answers 320 to one that it cannot read', async () => {
    const { port } = await startSimulator();
    const early = await RawClient.connect(port);
    early.write('API\0');
    early.frame('v100..193');
    await early.next();
    early.send(49, 1);
    early.send(71, 2, 1, '');
    expect((await early.next())[0]).toBe('15');
    early.send(14, 1);
    expect((await early.until((fields) => fields[3] === '320'))[4]).toContain('ended after 1 field');
  });

  it('understands requests that come byte by byte', async () => {
    const { port } = await startSimulator();
    const client = await RawClient.ready(port);
    for (const byte of Buffer.from('\0\0\0\x0549\x001\0')) client.write(Buffer.from([byte]));
    expect((await client.next())[0]).toBe('49');
  });
});
