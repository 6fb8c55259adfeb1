/* The trader's side of venue-process.mjs: a broker and a live feed over its socket, and a strategy that trades often. */
import { connect } from 'node:net';
import { BROKER, DATA_FEED, STRATEGY, defineBroker, defineDataFeed, definePlugin, defineStrategy } from '@keelson/core/plugin';
import { allocateBars } from '@keelson/core/series';
import { z } from 'zod';

class Line {
  listeners = [];
  waiting = new Map();
  n = 0;

  async open(port) {
    if (this.socket !== undefined) return;
    this.socket = connect(port, '127.0.0.1');
    let rest = '';
    this.socket.setEncoding('utf8').on('data', (text) => {
      rest += text;
      const lines = rest.split('\n');
      rest = lines.pop();
      for (const line of lines) this.hear(JSON.parse(line));
    });
    this.socket.on('error', () => undefined);
    await new Promise((resolve, reject) => this.socket.once('connect', resolve).once('error', reject));
    this.tell({ op: 'trade' });
  }

  hear(message) {
    if (message.n !== undefined) {
      this.waiting.get(message.n)?.(message.answer);
      this.waiting.delete(message.n);
    } else for (const listen of this.listeners) listen(message);
  }

  tell(message) {
    this.socket.write(`${JSON.stringify(message)}\n`);
  }

  ask(message) {
    const n = ++this.n;
    return new Promise((resolve) => {
      this.waiting.set(n, resolve);
      this.tell({ ...message, n });
    });
  }

  close() {
    this.socket?.end();
    this.socket = undefined;
  }
}

const line = new Line();
const params = z.strictObject({ port: z.coerce.number() });

export default definePlugin({
  name: 'remote-venue',
  version: '1.0.0',
  api: '^1.0.0',
  provides: ['broker', 'data-feed', 'strategy'],
  register({ add }) {
    add(BROKER, 'remote', defineBroker({
      params,
      create: ({ params: { port } }) => ({
        capabilities: { venue: 'paper', orderTypes: ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'], timesInForce: ['day', 'gtc', 'ioc'], nativeBrackets: true, oco: true, modify: true },
        async connect(sink) {
          await line.open(port);
          line.listeners.push(({ event }) => event !== undefined && sink(event));
        },
        async disconnect() {
          line.close();
        },
        snapshot: () => line.ask({ op: 'snapshot' }),
        executionsSince: (since) => line.ask({ op: 'executions', since }),
        submit: (order) => line.tell({ op: 'submit', order }),
        modify: (change) => line.tell({ op: 'modify', change }),
        cancel: (id) => line.tell({ op: 'cancel', id }),
        margin: () => 'none',
        warnings: () => [],
      }),
    }));
    add(DATA_FEED, 'remote', defineDataFeed({
      params,
      create: ({ params: { port } }) => ({
        capabilities: { history: true, live: true, volume: true, depth: false },
        connect: () => line.open(port),
        async disconnect() {},
        async *history({ from = 0, to = Infinity }) {
          const bars = await line.ask({ op: 'history', from, to });
          const columns = allocateBars(bars.length);
          bars.forEach((bar, i) => {
            for (const name of ['time', 'open', 'high', 'low', 'close', 'volume']) columns[name][i] = bar[name];
          });
          yield columns;
        },
        subscribe(_requests, handlers) {
          line.listeners.push(({ bar }) => bar !== undefined && handlers.onBar('X', bar));
          return () => undefined;
        },
        provenance: () => [],
        warnings: () => [],
      }),
    }));
    add(STRATEGY, 'restless', defineStrategy({
      params: z.strictObject({}),
      create: () => ({
        onBar({ bars, signal, position }) {
          const i = bars.index;
          const turn = Math.floor(bars.time[i] / 1000) % 7;
          if (position.quantity === 0) {
            if (turn < 3) signal.long({ reason: 'up' });
            else if (turn < 6) signal.short({ reason: 'down' });
          } else if (turn === 5) signal.flat({ reason: 'enough' });
          else if (turn === 6) signal[position.quantity > 0 ? 'short' : 'long']({ reason: 'turn' });
        },
      }),
    }));
  },
});
