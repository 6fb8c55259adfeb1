/*
 * A simulated venue in a process of its own, for tests that kill the trader: JSON lines over a local socket. It makes
 * its own bars, one every `barMs` of the machine's time, whether anybody listens or not, and keeps account of what
 * the trader's orders did.
 */
import { createServer } from 'node:net';
import { calendarById } from '@keelson/core/domain';
import { HistoricalClock, createRandom } from '@keelson/core/engine';
import { BarRing, allocateBars } from '@keelson/core/series';
import plugin from '@keelson/plugin-simulated';

const { seed, barMs, start, cap } = JSON.parse(process.argv[2]);
const SECOND = 1000;
const TICK = 0.25;
const instrument = { id: 'X', venue: 'TEST', type: 'future', currency: 'USD', multiplier: 5, tickSize: TICK, lotSize: 1, calendar: '24/7', symbols: {} };
const definitions = new Map();
plugin.register({ add: (token, id, definition) => definitions.set(`${token.port} ${id}`, definition), hooks: {}, onStart() {}, onStop() {} });
const definition = definitions.get('broker simulated');
const clock = new HistoricalClock();
clock.cell[0] = start;
const random = createRandom(seed);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const params = definition.params['~standard'].validate({ slippage: { ticks: 1 }, volumeLimit: 0.5, commission: { perContract: 0.62 } }).value;
const venue = definition.create({
  params, account: 'remote', baseCurrency: 'USD', initialCash: 1_000_000, rates: {}, instruments: [instrument], calendars: { '24/7': calendarById('24/7') },
  timeframe: { id: '1s', ms: SECOND, session: false }, clock, random: random.fork('venue'), logger: quiet, baseDir: '.',
});

const seen = { submits: {}, repeats: [], fills: [], position: 0, highest: 0, capBroken: [], bareBars: 0, longestBare: 0, bars: 0 };
let client;
const say = (message) => client?.write(`${JSON.stringify(message)}\n`);
await venue.connect((event) => {
  if (event.kind === 'fill') {
    const { fill } = event;
    seen.fills.push(fill);
    seen.position += fill.side === 'buy' ? fill.quantity : -fill.quantity;
    seen.highest = Math.max(seen.highest, Math.abs(seen.position));
    if (Math.abs(seen.position) > cap) seen.capBroken.push(fill);
  }
  say({ event });
});

const ring = new BarRing(64);
const row = allocateBars(1);
const history = [];
let price = 4000;
let running = true;
function nextBar() {
  if (!running) return;
  const steps = (scale) => Math.round(random.normal() * scale) * TICK;
  const open = price + steps(1);
  const close = Math.max(1000, open + steps(8));
  const bar = { time: start + history.length * SECOND, open, high: Math.max(open, close) + Math.abs(steps(4)), low: Math.min(open, close) - Math.abs(steps(4)), close, volume: 1 + random.int(12) };
  price = close;
  for (const name of ['time', 'open', 'high', 'low', 'close', 'volume']) row[name][0] = bar[name];
  ring.push(row, 0);
  ring.closeTime[ring.index] = bar.time + SECOND;
  clock.cell[0] = bar.time + SECOND;
  venue.market.onBar(0, ring);
  venue.market.onMoment();
  seen.bars++;
  history.push(bar);
  watchProtection();
  say({ bar });
}

/** Lots of the position that no working stop would take off, bar by bar. */
function watchProtection() {
  void venue.snapshot().then(({ orders }) => {
    const stops = orders.filter((order) => order.clientOrderId.endsWith('-stop') || order.role === 'stop' || stopIds.has(order.clientOrderId)).filter((order) => order.status !== 'held');
    const covered = stops.reduce((sum, order) => sum + order.quantity - order.filled, 0);
    seen.bareBars = Math.abs(seen.position) > covered ? seen.bareBars + 1 : 0;
    seen.longestBare = Math.max(seen.longestBare, seen.bareBars);
  });
}
const stopIds = new Set();

const answers = {
  submit: ({ order }) => {
    if (seen.submits[order.clientOrderId] !== undefined) seen.repeats.push(order.clientOrderId);
    seen.submits[order.clientOrderId] = order.role;
    if (order.role === 'stop') stopIds.add(order.clientOrderId);
    venue.submit(order);
  },
  modify: ({ change }) => venue.modify(change),
  cancel: ({ id }) => venue.cancel(id),
  snapshot: async () => venue.snapshot(),
  executions: async ({ since }) => venue.executionsSince(since),
  history: ({ from, to }) => history.filter((bar) => bar.time >= from && bar.time < to),
  halt: () => {
    running = false;
  },
  report: () => seen,
};

const server = createServer((socket) => {
  let isTrader = false;
  let rest = '';
  socket.setEncoding('utf8').on('data', (text) => {
    rest += text;
    const lines = rest.split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const message = JSON.parse(line);
      if (message.op === 'trade') {
        client = socket;
        isTrader = true;
        continue;
      }
      void Promise.resolve(answers[message.op](message)).then((answer) => {
        if (message.n !== undefined) socket.write(`${JSON.stringify({ n: message.n, answer: answer ?? null })}\n`);
      });
    }
  });
  socket.on('error', () => undefined).on('close', () => {
    if (isTrader && client === socket) client = undefined;
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
setInterval(nextBar, barMs);
