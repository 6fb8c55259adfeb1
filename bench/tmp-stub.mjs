import { accountSchema } from '@keelson/core/config';
import { composeAccount } from '@keelson/core/engine';
import { BROKER, definePlugin, defineBroker } from '@keelson/core/plugin';
import strategies from '@keelson/plugin-strategies';
import { z } from 'zod';
import { columnsPlugin, inChunks } from './columns-feed.mjs';
import { TICK, randomWalk } from './market.mjs';
import { bareA } from './bare-loop.mjs';

const stub = defineBroker({ params: z.looseObject({}), create: ({ instruments }) => {
  let sink; const working = []; let n = 0;
  return {
    capabilities: { venue: 'simulated', orderTypes: ['market'], timesInForce: ['gtc'], nativeBrackets: true, oco: true, modify: true },
    async connect(s) { sink = s; }, async disconnect() {}, async snapshot() { return { time: 0, orders: [], positions: [], cash: [] }; }, async executionsSince() { return []; },
    submit(o) { working.push(o); sink({ kind: 'accepted', clientOrderId: o.clientOrderId, venueOrderId: String(++n), time: o.decidedAt }); },
    modify() {}, cancel() {}, margin() { return undefined; },
    market: { onBar(i, bars, close) { if (working.length === 0) return; for (const o of working) sink({ kind: 'fill', fill: { executionId: `x${++n}`, clientOrderId: o.clientOrderId, instrument: o.instrument, side: o.side, quantity: o.quantity, price: bars.open[bars.index], commission: 0, commissionCurrency: 'USD', slippage: 0, liquidity: 'taker', time: bars.time[bars.index] } }); working.length = 0; }, onMoment() {} },
  };
} });
const stubPlugin = definePlugin({ name: 'stub', version: '1.0.0', api: '^1.0.0', provides: ['broker'], register: ({ add }) => add(BROKER, 'stub', stub) });
const N = 1_000_000; const bars = randomWalk(N, 'bench/I0');
const config = accountSchema.parse({ account: 'bench', initialCash: 10_000_000, instruments: [{ id: 'I0', type: 'future', currency: 'USD', multiplier: 5, tickSize: TICK, calendar: '24/7' }], data: { feed: 'columns', timeframe: '1m' }, broker: { use: 'stub' }, strategies: [{ use: 'sma-cross', params: { fast: 10, slow: 30 } }], risk: { maxContracts: 5 } });
for (let k = 0; k < 6; k++) {
  let t = performance.now(); const b = bareA(bars, TICK); const tb = performance.now() - t;
  const plugins = [strategies, stubPlugin, columnsPlugin(() => inChunks(bars))].map((plugin) => ({ plugin, config: {}, source: plugin.name }));
  const e = composeAccount({ config, plugins, baseDir: '.', logger: { debug() {}, info() {}, warn() {}, error() {} } });
  t = performance.now(); const r = await e.run(); const te = performance.now() - t;
  console.log(tb.toFixed(1), te.toFixed(1), (N / te / 1000).toFixed(2) + 'M/s', 'ratio', (te / tb).toFixed(1), r.orders, b.fills, b.profit * 5, r.statistics.endEquity - 1e7, r.ordersHash.slice(0, 16), r.warnings);
}
