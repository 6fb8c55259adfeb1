/*
 * Loaded before a process of the test (`node --import`). It tells how many bytes went over each port, dies by SIGKILL at a
 * write that was named, and, with DRIVEN_START, lives in a time that stands still until the test moves it: what a timer
 * sends goes out at one moment, and the answer is there before the next.
 */
import { subscribe } from 'node:diagnostics_channel';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const realImmediate = globalThis.setImmediate;
const turn = () => new Promise((resolve) => realImmediate(resolve));

const sockets = new Set();
let opened = 0;
const follow = ({ socket }) => {
  opened++;
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
};
subscribe('net.client.socket', follow);
subscribe('net.server.socket', follow);

/** Bytes by the port of the gateway's side: that of the other end for a client, the own one for a server. */
function counts(side) {
  const byPort = {};
  for (const socket of sockets) {
    if (socket.destroyed || socket.connecting) continue;
    const sum = (byPort[socket[side]] ??= { read: 0, written: 0 });
    sum.read += socket.bytesRead;
    sum.written += socket.bytesWritten;
  }
  return byPort;
}

const die = () => process.kill(process.pid, 'SIGKILL');
/** `{ at: 'send' | 'keep', left, how: 'before' | 'torn' | 'after' }` */
let death;
const due = (at) => death?.at === at && --death.left <= 0;

const { write } = net.Socket.prototype;
net.Socket.prototype.write = function (...args) {
  const counted = sockets.has(this) && (this.remotePort === death?.port || this.localPort === death?.port) && due('send');
  if (counted && death.how !== 'after') die();
  const result = write.apply(this, args);
  if (counted) die();
  return result;
};
const { writeSync } = fs;
fs.writeSync = (fd, text, ...rest) => {
  if (!due('keep')) return writeSync(fd, text, ...rest);
  if (death.how === 'torn') writeSync(fd, text.slice(0, text.length >> 1));
  if (death.how === 'after') writeSync(fd, text, ...rest);
  return die();
};
syncBuiltinESMExports();

const start = process.env.DRIVEN_START;
let now = Number(start);
const timers = new Set();
let made = 0;

class DrivenTimer {
  constructor(call, ms, args, every) {
    Object.assign(this, { call, ms: Math.max(every ? 1 : 0, Number(ms) || 0), args, every, kept: true });
    this.refresh();
  }
  refresh() {
    this.at = now + this.ms;
    this.order = made++;
    timers.add(this);
    holdOn();
    return this;
  }
  fire() {
    timers.delete(this);
    if (this.every) this.refresh();
    this.call(...this.args);
    holdOn();
  }
  ref() { this.kept = true; holdOn(); return this; }
  unref() { this.kept = false; holdOn(); return this; }
  hasRef() { return this.kept; }
  close() { timers.delete(this); holdOn(); return this; }
  [Symbol.toPrimitive]() { return this.order; }
  [Symbol.dispose ?? Symbol.for('dispose')]() { this.close(); }
}

/** A timer keeps its process alive: here the channel to the test stands for it. */
function holdOn() {
  const isHeld = [...timers].some(({ kept }) => kept);
  process.channel?.[isHeld ? 'ref' : 'unref']();
}

if (start !== undefined) {
  const RealDate = Date;
  globalThis.Date = new Proxy(RealDate, { construct: (target, args) => (args.length === 0 ? new target(Math.floor(now)) : new target(...args)) });
  RealDate.now = () => Math.floor(now);
  globalThis.setTimeout = (call, ms, ...args) => new DrivenTimer(call, ms, args, false);
  globalThis.setInterval = (call, ms, ...args) => new DrivenTimer(call, ms, args, true);
  globalThis.clearTimeout = globalThis.clearInterval = (timer) => void timer?.close?.();
}

const sent = () => Object.values(counts('remotePort')).reduce((sum, { written }) => sum + written, 0) + opened;

/** Goes on to `to`, or to the first timer on the way that sent something. */
async function tick(to) {
  for (;;) {
    const next = [...timers].filter(({ at }) => at <= to).sort((a, b) => a.at - b.at || a.order - b.order)[0];
    if (next === undefined) break;
    now = Math.max(now, next.at);
    const before = sent();
    next.fire();
    await turn();
    if (sent() !== before) return;
  }
  now = Math.max(now, to);
}

/** What was sent to it is there already: it is read within a few turns, or the line is broken. */
const MOST_TURNS = 100;

async function answer({ n, op, to, side, plan, port, read }) {
  if (op === 'die') death = plan;
  if (op === 'tick') await tick(to);
  for (let left = MOST_TURNS; left > 0 && (counts(side)[port]?.read ?? 0) < read; left--) await turn();
  await turn();
  await turn();
  process.send?.({ n, now, opened, open: sockets.size, counts: counts(side) });
}

process.on('message', (message) => void answer(message));
holdOn();
