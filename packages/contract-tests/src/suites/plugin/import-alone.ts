import { Worker } from 'node:worker_threads';

/** What an import did, beside loading code. */
export type ImportTraces = {
  /** Handles that stayed open, by kind: `Timeout`, `TCPSocketWrap` … */
  readonly resources: readonly string[];
  readonly globals: readonly string[];
  readonly environment: readonly string[];
  readonly listeners: readonly string[];
  readonly output: string;
};

/* Runs in the thread: plain JavaScript, since nothing there compiles TypeScript. */
const PROBE = `
const { parentPort, workerData } = require('node:worker_threads');
const counted = () => process.getActiveResourcesInfo().filter((kind) => kind !== 'MessagePort' && kind !== 'Immediate' && kind !== 'PROMISE' && !kind.startsWith('FSReq')).sort();
const environment = () => Object.entries(process.env).map(([name, value]) => name + '=' + value);
const listeners = () => process.eventNames().flatMap((name) => Array(process.listenerCount(name)).fill(String(name)));
const minus = (after, before) => { const left = [...before]; return after.filter((each) => { const at = left.indexOf(each); if (at < 0) return true; left.splice(at, 1); return false; }); };
// libraries mark themselves with two underscores, as tslib and zod do: no name that a plugin would talk through
const globals = () => Object.getOwnPropertyNames(globalThis).filter((name) => !name.startsWith('__'));
const before = { resources: counted(), globals: globals(), environment: environment(), listeners: listeners() };
import(workerData).then(() => new Promise((resolve) => setImmediate(resolve))).then(() => {
  const names = (list) => list.map((each) => each.split('=')[0]);
  parentPort.postMessage({
    resources: minus(counted(), before.resources),
    globals: minus(globals(), before.globals),
    environment: names(minus(environment(), before.environment)),
    listeners: minus(listeners(), before.listeners),
  });
  process.exit(0);
}, (error) => { parentPort.postMessage({ error: String(error && error.stack || error) }); process.exit(0); });
`;

/** Imports a module in a thread of its own, and says what that changed. @throws when it cannot be imported */
export function importAlone(main: URL): Promise<ImportTraces> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(PROBE, { eval: true, workerData: main.href, execArgv: [], stdout: true, stderr: true });
    let output = '';
    for (const stream of [worker.stdout, worker.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    let answer: (Omit<ImportTraces, 'output'> & { readonly error?: string }) | undefined;
    worker.on('message', (message: typeof answer) => (answer = message));
    worker.on('error', reject);
    worker.on('exit', () => {
      if (answer === undefined) reject(new Error(`the import of ${main.href} ended its process`));
      else if (answer.error !== undefined) reject(new Error(answer.error));
      else resolve({ ...answer, output });
    });
  });
}
