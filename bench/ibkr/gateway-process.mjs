/*
 * A simulated gateway in a process of its own, as a real one is; told what to do over the channel to its parent.
 */
import { TwsSimulator } from '@keelson/tws-simulator';
import { machine } from '@keelson/tws-simulator/machine';

let simulator;

const ANSWERS = {
  start: async (scenario) => (await (simulator = new TwsSimulator({ host: machine, scenario })).start()).port,
  run: ([name, params]) => simulator.run(name, params),
  now: () => simulator.now(),
  /** What this process has used so far: ms of processor time, and MB of memory. */
  usage: () => {
    const { user, system } = process.cpuUsage();
    return { cpuMs: (user + system) / 1000, rssMb: Math.round(process.memoryUsage().rss / 2 ** 20) };
  },
};

async function answer({ id, ask, given }) {
  try {
    process.send({ id, answer: await ANSWERS[ask](given) });
  } catch (thrown) {
    process.send({ id, fault: String(thrown) });
  }
}

process.on('message', (question) => void answer(question));
process.on('disconnect', () => process.exit());
