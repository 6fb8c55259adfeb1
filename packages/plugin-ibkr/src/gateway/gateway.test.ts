import { connect, createServer, Socket, type AddressInfo } from 'node:net';
import { onTestFinished, describe, expect, it, vi } from 'vitest';
import { IbGateway } from './gateway.js';
import { connectionSchema, type ConnectionSettings } from '../settings.js';
import { listLogger, realTimer, startRig, until } from '../../testing/rig.js';

/** A server that does what it is told with each connection. */
async function listen(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const gatewayAt = (port: number, settings: Partial<ConnectionSettings> = {}): IbGateway => new IbGateway(connectionSchema.parse({ port, connectTimeoutMs: 20_000, ...settings }), realTimer, listLogger([]));

describe('connecting', () => {
  it('is ready once the gateway has named account and order id, and sends nothing before', async () => {
    const { connection } = await startRig({ accounts: ['DU77'], firstOrderId: 40 });
    const { gateway } = connection;
    expect(gateway.isReady).toBe(false);
    expect(() => gateway.api).toThrow('there is no connection to the gateway');
    const release = await gateway.connect();
    expect([gateway.isReady, gateway.account, gateway.takeOrderId(), gateway.takeOrderId()]).toEqual([true, 'DU77', 40, 41]);
    release();
    expect(gateway.isReady).toBe(false);
  });

  it('sends each message at once, without waiting for the one before to be acknowledged', async () => {
    const { connection: { gateway }, port } = await startRig();
    const setNoDelay = vi.spyOn(Socket.prototype, 'setNoDelay');
    onTestFinished(() => setNoDelay.mockRestore());
    await gateway.connect();
    const own = setNoDelay.mock.contexts.find((socket) => (socket as Socket).remotePort === port);
    expect(own).toBeDefined();
  });

  it('shares one connection, which ends with its last user', async () => {
    const { connection: { gateway }, simulator } = await startRig();
    const releases = await Promise.all([gateway.connect(), gateway.connect()]);
    expect(simulator.run('clients')).toEqual([1]);
    releases[0]?.();
    releases[0]?.();
    expect(gateway.isReady).toBe(true);
    releases[1]?.();
    expect(gateway.isReady).toBe(false);
  });

  it('says that nothing listens', async () => {
    const port = await listen((socket) => socket.destroy());
    const closed = await new Promise<number>((resolve) => {
      const server = createServer();
      server.listen(0, '127.0.0.1', () => {
        const { port: free } = server.address() as AddressInfo;
        server.close(() => resolve(free));
      });
    });
    await expect(gatewayAt(closed).connect()).rejects.toMatchObject({ code: 'BRK_CONNECTION', message: `nothing listens at 127.0.0.1:${closed}`, retry: 'safe' });
    await expect(gatewayAt(port).connect()).rejects.toMatchObject({ code: 'BRK_CONNECTION', message: `the gateway at 127.0.0.1:${port} closed the connection before it was ready` });
  });

  it('says that something else answers, or nothing at all', async () => {
    const web = await listen((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')));
    await expect(gatewayAt(web).connect()).rejects.toMatchObject({ code: 'BRK_CONNECTION' });
    const silent = await listen(() => undefined);
    await expect(gatewayAt(silent, { connectTimeoutMs: 400 }).connect()).rejects.toMatchObject({ message: `no gateway was ready at 127.0.0.1:${silent} within 400 ms`, hint: 'something else may listen there: check the port' });
  });

  it('says that the client id is in use', async () => {
    const { connection, port } = await startRig();
    await connection.gateway.connect();
    await expect(gatewayAt(port).connect()).rejects.toMatchObject({ message: `client id 1 is in use at 127.0.0.1:${port}`, hint: 'end the other program, or choose another clientId' });
    await expect(gatewayAt(port, { clientId: 2 }).connect()).resolves.toBeTypeOf('function');
  });

  it('refuses an account of the other kind, an unknown one, and a choice that it would have to guess', async () => {
    const live = await startRig({ accounts: ['U123'] });
    await expect(live.connection.gateway.connect()).rejects.toThrow('account U123 is a live account, expected a paper one');
    const two = await startRig({ accounts: ['DU1', 'DU2'] });
    await expect(two.connection.gateway.connect()).rejects.toThrow(/has several accounts: DU1, DU2/);
    await expect(gatewayAt(two.port, { account: 'DU3' }).connect()).rejects.toThrow(/account DU3 is not in the login at .*, which has DU1, DU2/);
    const second = gatewayAt(two.port, { account: 'DU2' });
    await second.connect();
    expect(second.account).toBe('DU2');
  });
});

describe('questions without a number', () => {
  it('of one kind wait for each other: the end of one answer is not taken for that of the next', async () => {
    const { connection: { gateway } } = await startRig();
    await gateway.connect();
    const told: string[] = [];
    const ask = (name: string): Promise<unknown> =>
      gateway.askAll('the positions', (ib) => {
        told.push(`${name} is asked`);
        ib.reqPositions();
      }, (event) => event === 'positionEnd' && told.push(`${name} is answered`) > 0);
    await Promise.all([ask('first'), ask('second'), ask('third')]);
    expect(told).toEqual(['first', 'second', 'third'].flatMap((name) => [`${name} is asked`, `${name} is answered`]));
  });
});

describe('a connection that is lost', () => {
  it('is told of once, takes open questions with it, and can be made anew', async () => {
    const { connection: { gateway }, simulator } = await startRig();
    const lost: string[] = [];
    gateway.listen({ onLost: (reason) => lost.push(reason) });
    const release = await gateway.connect();
    const question = gateway.ask('something', () => undefined, () => false);
    question.catch(() => undefined);
    simulator.drop();
    await expect(question).rejects.toMatchObject({ code: 'BRK_CONNECTION', retry: 'safe' });
    expect(lost).toEqual(['the connection was closed']);
    expect(() => gateway.api).toThrow();
    await gateway.connect();
    release(); // of the connection before: it must not close this one
    expect(gateway.isReady).toBe(true);
  });

  it('is noticed also when the peer is silent', async () => {
    const { port } = await startRig();
    let muted = false;
    const proxy = await listen((socket) => {
      const upstream = connect(port, '127.0.0.1');
      upstream.on('error', () => undefined);
      socket.on('data', (data) => upstream.write(data));
      upstream.on('data', (data) => { if (!muted) socket.write(data); });
      socket.on('close', () => upstream.destroy());
    });
    const gateway = gatewayAt(proxy, { heartbeatMs: 1_000 });
    const lost: string[] = [];
    gateway.listen({ onLost: (reason) => lost.push(reason) });
    await gateway.connect();
    muted = true;
    await until(() => lost.length > 0, 'the loss');
    expect(lost).toEqual(['the gateway has not answered for 2000 ms']);
  });

  it('does not lose the other messages to a listener that throws', async () => {
    const { connection: { gateway }, log } = await startRig();
    const heard: string[] = [];
    gateway.listen({ onMessage: () => { throw new Error('oops'); } });
    gateway.listen({ onMessage: (event) => heard.push(event) });
    await gateway.connect();
    gateway.api.reqCurrentTime();
    await until(() => heard.includes('currentTime'));
    expect(log.join()).toContain('a listener of the gateway threw: oops');
  });
});
