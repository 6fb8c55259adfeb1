import { DataError, KeelsonError } from '@keelson/core/errors';
import type { Trace, TraceJob, Tracer } from './trace.js';

/**
 * The run that all others are compared with.
 * @throws KeelsonError where it fails, DataError DATA_EMPTY where it has no two bars
 */
export async function traceWhole(job: TraceJob, trace: Tracer): Promise<Trace> {
  const whole = await trace(job);
  const { failure } = whole;
  if (failure !== undefined) throw new KeelsonError(failure.code as KeelsonError['code'], failure.line.slice(failure.code.length + 2));
  if (whole.moments.length < 2) throw new DataError('DATA_EMPTY', `the run had ${whole.moments.length} bars, expected two or more to compare`, { hint: 'give more data, or a wider --from and --to' });
  return whole;
}
