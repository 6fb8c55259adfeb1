import { loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { calendarById, parseTimeframe } from '@keelson/core/domain';
import { cpuMs } from '../cpu-time.mjs';
import { Arrivals } from './arrivals.mjs';
import { GatewayTime, pause } from './gateway-time.mjs';
import { Gateway } from './gateway.mjs';
import { listings, MONDAY, stocks } from './market.mjs';
import { ibkrParts } from './parts.mjs';
import { Samples } from '../samples.mjs';

const MB = 2 ** 20;

/**
 * The feed alone, with the best prices of 100 contracts whose markets move 250 times a second each, and bars of as many of
 * them as the gateway allows, for a while: memory after each part, the first being warm-up, and whether it keeps up. A
 * change of a market makes up to four messages.
 */
export async function measureSubscriptions({ seconds = 120, contracts = 100, ticksPerSecond = 250, parts = 10 } = {}) {
  const gateway = await Gateway.start({ clock: { kind: 'scaled', start: MONDAY, speed: 1 }, market: { ticksPerSecond, stocks: listings(contracts), lines: contracts }, pacing: { enabled: false } });
  const arrivals = new Arrivals();
  const stopWatching = arrivals.watch();
  const late = new Samples();
  try {
    const time = await GatewayTime.of(gateway);
    const instruments = stocks(contracts);
    const feed = ibkrParts({ config: { port: gateway.port }, time, instruments, feed: { depth: true } }).feed();
    await feed.connect();
    let bars = 0;
    let fault;
    const calendar = calendarById('us-equity');
    const end = feed.subscribe(instruments.map((instrument) => ({ instrument, calendar, timeframe: parseTimeframe('5s') })), {
      // a bar is known at its end: what is more is the way of its message through all the others
      onBar: (_instrument, bar) => {
        bars++;
        late.add(time.now() - bar.time - 5_000);
      },
      onTick: () => undefined,
      onQuote: () => undefined,
      onError: (error) => (fault = error),
      onEnd: () => undefined,
      settle: () => undefined,
    });
    const [rss, heap] = [[], []];
    let [messages, start, startCpu, gatewayCpu] = [0, 0, 0, 0];
    for (let part = 0; part <= parts && fault === undefined; part++) {
      await pause((seconds / parts) * 1000);
      globalThis.gc?.();
      const { heapUsed, external, rss: resident } = process.memoryUsage();
      heap.push(Number(((heapUsed + external) / MB).toFixed(1)));
      rss.push(Math.round(resident / MB));
      if (part === 0) [messages, start, startCpu, gatewayCpu] = [arrivals.messages, performance.now(), cpuMs(), (await gateway.ask('usage')).cpuMs];
    }
    const wallMs = performance.now() - start;
    const { cpuMs: gatewayEndCpu, rssMb } = await gateway.ask('usage');
    const shares = { plugin: Number(((cpuMs() - startCpu) / wallMs).toFixed(2)), gateway: Number(((gatewayEndCpu - gatewayCpu) / wallMs).toFixed(2)) };
    end();
    await feed.disconnect();
    if (fault !== undefined) throw new Error(`the feed failed: ${fault.message}`);
    const [p50, p99] = late.at(0.5, 0.99);
    return {
      contracts,
      ticksPerSecondEach: ticksPerSecond,
      seconds: Math.round(wallMs / 1000),
      messagesPerSecond: Math.round((arrivals.messages - messages) / (wallMs / 1000)),
      bars,
      barLateMs: { p50: Math.round(p50), p99: Math.round(p99) },
      processorShare: shares,
      grownMb: Number((heap.at(-1) - heap[0]).toFixed(1)),
      heapMbAfterEachPart: heap,
      rssMbAfterEachPart: rss,
      simulatorRssMb: rssMb,
      loadAverage: loadavg()[0],
    };
  } finally {
    stopWatching();
    gateway.stop();
  }
}
