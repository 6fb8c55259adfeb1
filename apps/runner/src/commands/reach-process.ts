import { existsSync } from 'node:fs';
import type { Io } from '../io.js';
import type { LockHolder } from '../live/account-lock.js';
import { machineTimer } from '../machine-timer.js';

/** A process that is not busy for good obeys in this time. */
export const WAIT_MS = 15_000;
const LOOK_MS = 50;

/** Waits until a command was obeyed, which is when its file goes. @returns false when it still waits */
export async function isTaken(left: string, io: Io): Promise<boolean> {
  const end = io.monotonicMs() + WAIT_MS;
  while (existsSync(left) && io.monotonicMs() < end) await pass(LOOK_MS);
  return !existsSync(left);
}

export const pass = (ms: number): Promise<void> => new Promise((resolve) => void machineTimer.after(ms, resolve));

export const nameOf = ({ pid, host }: LockHolder): string => `process ${pid} on ${host}`;
