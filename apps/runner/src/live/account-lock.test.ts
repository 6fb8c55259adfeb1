import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { KeelsonError } from '@keelson/core/errors';
import { afterAll, describe, expect, it } from 'vitest';
import { Workbench } from '../../test-kit/captured-io.js';
import { lockHolder, takeLock, takeLocks } from './account-lock.js';

const bench = new Workbench();
afterAll(() => bench.remove());

let count = 0;
const newFile = (): string => join(bench.folder, `locks-${count++}`, 'a.journal.lock');
const gone = spawnSync(process.execPath, ['-e', '']).pid;

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof KeelsonError) return error.line;
    throw error;
  }
  return 'none';
}

describe('the lock of an account', () => {
  it('is refused while its process lives, with its number, host and start', () => {
    const file = newFile();
    const lock = takeLock(file, 'a');
    const { pid, host, since } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; host: string; since: string };
    expect(refusal(() => takeLock(file, 'a'))).toBe(`RUN_LOCKED: process ${pid} on ${host} runs a since ${since}, expected one process for an account: stop it first (kill ${pid}), then start again`);
    expect(pid).toBe(process.pid);
    expect(lockHolder(file)).toMatchObject({ pid, host });
    lock.release();
    expect(lockHolder(file)).toBeUndefined();
    takeLock(file, 'a').release();
  });

  it('is taken over from a process that is gone', () => {
    const file = newFile();
    takeLock(file, 'a').release();
    writeFileSync(file, JSON.stringify({ account: 'a', pid: gone, host: hostname(), since: '2024-01-02T00:00:00Z' }));
    expect(lockHolder(file)).toBeUndefined();
    const lock = takeLock(file, 'a');
    expect(lock.takenOverFrom).toMatchObject({ pid: gone, since: '2024-01-02T00:00:00Z' });
    expect(lockHolder(file)).toMatchObject({ pid: process.pid });
    expect(readdirSync(join(file, '..'))).toEqual(['a.journal.lock']);
  });

  it.skipIf(!existsSync('/proc/self/stat'))('is taken over when the number was given to another process', () => {
    const file = newFile();
    takeLock(file, 'a').release();
    writeFileSync(file, JSON.stringify({ account: 'a', pid: process.pid, host: hostname(), since: '2024-01-02T00:00:00Z', process: 'an-earlier-boot/1' }));
    expect(takeLock(file, 'a').takenOverFrom).toMatchObject({ pid: process.pid });
  });

  it('is refused when another machine holds it, since nobody here can tell whether it lives', () => {
    const file = newFile();
    takeLock(file, 'a').release();
    writeFileSync(file, JSON.stringify({ account: 'a', pid: gone, host: 'elsewhere', since: '2024-01-02T00:00:00Z' }));
    expect(refusal(() => takeLock(file, 'a'))).toBe(`RUN_LOCKED: process ${gone} on elsewhere runs a since 2024-01-02T00:00:00Z, expected one process for an account: stop it there first; if that machine is gone for good, delete ${file}`);
  });

  it('is refused when it cannot be read', () => {
    const file = newFile();
    takeLock(file, 'a').release();
    writeFileSync(file, '');
    expect(refusal(() => takeLock(file, 'a'))).toMatch(/^RUN_LOCKED: the lock .* cannot be read.*delete the file$/);
  });

  it('is taken with others, or none of them is', () => {
    const [mine, shared] = [newFile(), newFile()];
    const other = takeLock(shared, 'a');
    expect(refusal(() => takeLocks([mine, shared], 'a'))).toMatch(/^RUN_LOCKED: process/);
    expect([lockHolder(mine), lockHolder(shared)?.pid]).toEqual([undefined, process.pid]);
    other.release();
    const both = takeLocks([mine, shared], 'a');
    expect([mine, shared].map((file) => lockHolder(file)?.pid)).toEqual([process.pid, process.pid]);
    both.release();
    expect([mine, shared].map((file) => existsSync(file))).toEqual([false, false]);
  });

  it('leaves alone what another process put in its place', () => {
    const file = newFile();
    const lock = takeLock(file, 'a');
    writeFileSync(file, 'of another');
    lock.release();
    expect(readFileSync(file, 'utf8')).toBe('of another');
  });
});
