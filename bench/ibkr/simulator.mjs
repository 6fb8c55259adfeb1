import { loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { Gateway } from './gateway.mjs';
import { RawClient } from './raw-client.mjs';
import { MONDAY, listings } from './market.mjs';

/**
 * Messages that the simulator sends in a second: quotes of 100 contracts that change 250 times a second each, as fast as
 * it can. By the processor time of its process, and by the clock, with what the client and other processes take.
 */
export async function measureSimulator({ seconds = 20, contracts = 100 } = {}) {
  const names = listings(contracts);
  const gateway = await Gateway.start({ clock: { kind: 'stepped', start: MONDAY }, market: { ticksPerSecond: 250, stocks: names }, pacing: { enabled: false } });
  try {
    const client = await RawClient.connect(gateway.port);
    for (const [id, { symbol }] of names.entries()) client.send(1, 11, id, 0, symbol, 'STK', '', '', '', '', 'SMART', '', 'USD', '', '', 0, '', 0, 0, '');
    await client.rest();
    const pass = async (count) => {
      for (let i = 0; i < count; i++) {
        await gateway.run('advance', { ms: 1000 });
        await client.rest();
      }
    };
    await pass(3);
    const [messages, bytes, before, start] = [client.messages, client.bytes, await gateway.ask('usage'), performance.now()];
    await pass(seconds);
    const [sent, wallMs, after] = [client.messages - messages, performance.now() - start, await gateway.ask('usage')];
    client.close();
    return {
      contracts,
      messages: sent,
      messagesPerCpuSecond: Math.round(sent / ((after.cpuMs - before.cpuMs) / 1000)),
      messagesPerSecond: Math.round(sent / (wallMs / 1000)),
      megabytes: Math.round((client.bytes - bytes) / 1e6),
      simulatorRssMb: after.rssMb,
      loadAverage: loadavg()[0],
    };
  } finally {
    gateway.stop();
  }
}
