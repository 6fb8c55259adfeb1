import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./gateway-process.mjs', import.meta.url));

/** A simulated gateway in another process. */
export class Gateway {
  port = 0;
  asked = 0;
  waiting = new Map();

  constructor() {
    this.child = fork(SCRIPT, { execArgv: [] });
    this.child.on('message', ({ id, answer, fault }) => {
      const { resolve, reject } = this.waiting.get(id);
      this.waiting.delete(id);
      if (fault === undefined) resolve(answer);
      else reject(new Error(fault));
    });
  }

  static async start(scenario) {
    const gateway = new Gateway();
    gateway.port = await gateway.ask('start', scenario);
    return gateway;
  }

  ask(ask, given) {
    return new Promise((resolve, reject) => {
      const id = this.asked++;
      this.waiting.set(id, { resolve, reject });
      this.child.send({ id, ask, given });
    });
  }

  run(name, params) {
    return this.ask('run', [name, params]);
  }

  stop() {
    this.child.disconnect();
  }
}
