import { turns } from './turn.js';

/**
 * Runs `body`, and tells what it left that nobody handles: a rejection that was not awaited ends the process of a run. The
 * listeners of the test runner are put aside for that time: it would take them for faults of its own.
 */
export async function unhandledIn<T>(body: () => Promise<T>): Promise<{ readonly value: T; readonly unhandled: readonly unknown[] }> {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  const others = process.rawListeners('unhandledRejection') as NodeJS.UnhandledRejectionListener[];
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', note);
  try {
    const value = await body();
    await turns(2);
    return { value, unhandled };
  } finally {
    process.off('unhandledRejection', note);
    for (const other of others) process.on('unhandledRejection', other);
  }
}
