import net from 'node:net';
import { performance } from 'node:perf_hooks';
import { cpuMs } from '../cpu-time.mjs';
import { FrameCounter } from './frame-counter.mjs';

/**
 * When bytes come to this process, and when all that they set off at once is done: it stands around what listens to the
 * connections that are made from here on.
 */
export class Arrivals {
  /** When the last bytes came. */
  last = Number.NaN;
  /** Work of this process until then. */
  lastCpu = Number.NaN;
  pieces = 0;
  frames = new FrameCounter();
  /** Told how long the work on a piece took, in ms, by the clock and of this process, whatever number of messages was in it. */
  onDone = () => undefined;

  get messages() {
    return this.frames.messages;
  }

  /** Told the fields of each message that is sent. */
  onRequest = () => undefined;

  /** @returns the way to look at new connections no more */
  watch() {
    const { connect } = net;
    net.connect = (...args) => {
      const socket = connect(...args);
      const { on } = socket;
      socket.on = (event, listener) => on.call(socket, event, event === 'data' ? (chunk) => this.around(chunk, listener) : listener);
      const { write } = socket;
      socket.write = (bytes, ...rest) => {
        this.onRequest(bytes.subarray(4).toString('latin1').split('\0'));
        return write.call(socket, bytes, ...rest);
      };
      return socket;
    };
    return () => {
      net.connect = connect;
    };
  }

  around(chunk, listener) {
    const start = (this.last = performance.now());
    const startCpu = (this.lastCpu = cpuMs());
    listener(chunk);
    this.onDone(performance.now() - start, cpuMs() - startCpu);
    this.pieces++;
    this.frames.take(chunk);
  }
}
