import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { InvariantError, KeelsonError, KeelsonErrors, type ErrorCode } from '@keelson/core/errors';
import type { Output } from '../io.js';
import type { Trace, Tracer } from './trace.js';

/** What the thread sends back: a trace, or errors without their methods. */
export type WorkerAnswer = {
  readonly trace?: Trace;
  readonly errors?: ReadonlyArray<{ readonly code: ErrorCode; readonly message: string; readonly hint: string | undefined; readonly path: unknown; readonly stack: string | undefined }>;
};

/**
 * Traces each run in a thread of its own, one after the other.
 * @param stderr for what plugins print
 */
export function tracerInWorkers(stderr: Output, cancel: AbortSignal): Tracer {
  let count = 0;
  return async (job) => {
    const folder = join(job.folder, String(count++));
    mkdirSync(folder, { recursive: true });
    const worker = new Worker(new URL('./trace-worker.js', import.meta.url), { workerData: { ...job, folder }, stdout: true, stderr: true });
    worker.stdout.on('data', (text: Buffer) => stderr.write(text.toString()));
    worker.stderr.on('data', (text: Buffer) => stderr.write(text.toString()));
    const stop = (): void => void worker.terminate();
    cancel.addEventListener('abort', stop);
    try {
      const answer = await new Promise<WorkerAnswer>((resolve, reject) => {
        worker.once('message', resolve).once('error', reject);
        worker.once('exit', () => reject(cancel.aborted ? interrupted() : new InvariantError('a run ended without an answer, expected its trace', { hint: 'look for a plugin that calls process.exit' })));
      });
      if (answer.trace !== undefined) return answer.trace;
      throw new KeelsonErrors((answer.errors ?? []).map(({ code, message, hint, path, stack }) => Object.assign(new KeelsonError(code, message, { hint, ...(path === undefined ? {} : { context: { path } }) }), { stack })));
    } finally {
      cancel.removeEventListener('abort', stop);
      await worker.terminate();
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

const interrupted = (): KeelsonError => new KeelsonError('RUN_INTERRUPTED', 'the analysis was stopped, expected it to reach its end', { hint: 'run it again, with fewer runs or less data' });
