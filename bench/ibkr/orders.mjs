import { loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { cpuMs } from '../cpu-time.mjs';
import { Gateway } from './gateway.mjs';
import { GatewayTime, pause } from './gateway-time.mjs';
import { FUTURES, MONDAY } from './market.mjs';
import { ibkrParts } from './parts.mjs';
import { Samples } from '../samples.mjs';

/** Orders stay below the 50 messages a second that the gateway takes: what is measured is the way, not the queue. */
const REST_MS = 120;

/**
 * From handing an order to the broker until its answer is told: a limit order that rests until it is accepted, its cancel,
 * and a bracket at the market until its entry is filled and its exits live. The gateway is another process.
 */
export async function measureOrders({ orders = 400, warmUp = 50 } = {}) {
  const gateway = await Gateway.start({ clock: { kind: 'scaled', start: MONDAY, speed: 1 }, trading: { cash: 1e9 } });
  try {
    const time = await GatewayTime.of(gateway);
    await gateway.run('setPrice', { symbol: 'MES', bid: 5000, ask: 5000, last: 5000 });
    const instruments = FUTURES.slice(0, 1);
    const broker = ibkrParts({ config: { port: gateway.port }, time, instruments, broker: { margin: false } }).broker();
    let heard = () => undefined;
    const until = (probe) => new Promise((resolve) => {
      heard = (event) => {
        if (probe(event)) resolve(undefined);
      };
    });
    await broker.connect((event) => heard(event));
    const [accepted, canceled, filled, cpu] = [new Samples(), new Samples(), new Samples(), new Samples()];
    const about = (event, id) => event.clientOrderId === id || event.fill?.clientOrderId === id;
    const timed = async (samples, probe, act) => {
      const [start, startCpu] = [performance.now(), cpuMs()];
      const answer = until(probe);
      act();
      await answer;
      if (samples === undefined) return;
      samples.add(performance.now() - start);
      cpu.add(cpuMs() - startCpu);
    };
    for (let i = 0; i < warmUp + orders; i++) {
      const common = { instrument: 'MES', side: i % 2 === 0 ? 'buy' : 'sell', quantity: 1, timeInForce: 'gtc', reduceOnly: false, decidedAt: time.now(), decisionPrice: 5000, reason: '' };
      const measured = (samples) => (i < warmUp ? undefined : samples);
      const [limit, market] = [`bench-${i}-l`, `bench-${i}-m`];
      const away = common.side === 'buy' ? -10 : 10;
      await timed(measured(accepted), (event) => event.kind === 'accepted' && about(event, limit), () => broker.submit({ ...common, clientOrderId: limit, role: 'entry', type: 'limit', limitPrice: 5000 + away }));
      await timed(measured(canceled), (event) => event.kind === 'canceled' && about(event, limit), () => broker.cancel(limit));
      await pause(REST_MS);
      const bracket = [
        { clientOrderId: `${market}-s`, role: 'stop', type: 'stop', stopPrice: 5000 + away },
        { clientOrderId: `${market}-t`, role: 'target', type: 'limit', limitPrice: 5000 - away },
      ];
      await timed(measured(filled), (event) => event.kind === 'activated' && about(event, `${market}-t`), () => broker.submit({ ...common, clientOrderId: market, role: 'entry', type: 'market', bracket }));
      await pause(REST_MS);
      const ended = until((event) => event.kind === 'canceled' && about(event, `${market}-s`));
      broker.cancel(`${market}-t`);
      broker.cancel(`${market}-s`);
      await ended;
      await pause(REST_MS);
    }
    await broker.disconnect();
    return { orders: orders * 2, limitAcceptedMs: accepted.summary, limitCanceledMs: canceled.summary, bracketFilledMs: filled.summary, ownCpuMs: cpu.summary, loadAverage: loadavg()[0] };
  } finally {
    gateway.stop();
  }
}
