import { parentPort, workerData } from 'node:worker_threads';
import { cutFiles } from './cut-files.js';
import type { Trace, TraceJob } from './trace.js';
import type { WorkerAnswer } from './trace-in-worker.js';

/*
 * One traced run in a thread of its own: plugins are imported afresh, so that nothing that they kept from another
 * run is there, and files end where the data ends.
 */
const job = workerData as TraceJob;
const files = cutFiles(job.cutAt, job.folder);
// imported after the files were cut: a module may read one while it loads
const { traceAccount } = await import('./trace-account.js');
const { errorsOf } = await import('../output/report-errors.js');

let answer: WorkerAnswer;
try {
  answer = { trace: await traceAccount(job, files) };
} catch (thrown) {
  answer = { errors: errorsOf(thrown).map(({ code, message, hint, context, stack }) => ({ code, message, hint, path: context['path'], stack })) };
}
parentPort?.postMessage(answer, answer.trace === undefined ? [] : buffersOf(answer.trace));

function buffersOf(trace: Trace): ArrayBuffer[] {
  const columns = trace.series.flatMap((series) => [...Object.values(series.bars), ...series.features.flatMap((feature) => feature.columns)]);
  return [trace.moments, ...columns].map((column) => column.buffer as ArrayBuffer);
}
