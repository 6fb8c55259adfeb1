import { performance } from 'node:perf_hooks';
import { toUtcMs } from '@keelson/core/domain';

/** The time of a gateway in another process, as near as can be told. */
export class GatewayTime {
  /** What has to be added to this process's time. */
  offset = 0;

  static async of(gateway) {
    const time = new GatewayTime();
    let shortest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 20; i++) {
      const asked = performance.now();
      const theirs = await gateway.ask('now');
      const answered = performance.now();
      if (answered - asked >= shortest) continue;
      shortest = answered - asked;
      time.offset = theirs - (asked + answered) / 2;
    }
    return time;
  }

  now() {
    return toUtcMs(Math.round(performance.now() + this.offset));
  }

  after(ms, call) {
    const handle = setTimeout(() => call(), ms);
    return () => clearTimeout(handle);
  }
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
