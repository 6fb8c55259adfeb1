import { KeelsonError } from '../errors.js';
import { showDuration } from '../domain/duration.js';
import type { Timer } from '../ports/runtime.js';

/** Waits for something outside, and no longer than `ms`. @throws KeelsonError `RUN_TIMEOUT` */
export async function within<T>(ms: number, what: string, timer: Timer, work: Promise<T>): Promise<T> {
  let callOff: () => void = () => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    callOff = timer.after(ms, () => reject(new KeelsonError('RUN_TIMEOUT', `${what} took more than ${showDuration(ms)}, expected an answer`, { hint: 'see whether the other side is there and answers' })));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    callOff();
  }
}
