import { accessSync, closeSync, constants, existsSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isSecretKey } from '@keelson/core/config';
import { messageOf } from '@keelson/core/errors';
import type { Finding } from '@keelson/core/ports';

const OLDEST_NODE = 20;
/** Free space with which a person should do something, and below which nothing should be started. */
const LITTLE_BYTES = 1 << 30;
const LEAST_BYTES = 100 << 20;
/** An order waits for the disk so long: more is felt. */
const SLOW_SYNC_MS = 50;
const SYNCS = 5;

/** Version of Node.js. */
export function checkNode(version: string): Finding {
  const major = Number(/^v?(\d+)/.exec(version)?.[1] ?? 0);
  return major >= OLDEST_NODE ? { level: 'ok', check: 'Node.js', found: version } : { level: 'fault', check: 'Node.js', found: version, hint: `install version ${OLDEST_NODE} or later` };
}

/** A place that a run writes to: that it may, that there is room, and how long the disk takes. `orders`: an order waits for it. */
export function checkPlace(check: string, path: string, monotonicMs: () => number, orders = false): Finding[] {
  const folder = dirname(path);
  const fault = (found: string, hint: string): Finding[] => [{ level: 'fault', check, found, hint }];
  const there = statSync(folder, { throwIfNoEntry: false });
  if (there === undefined) return fault(`${folder} does not exist`, 'make the folder, or name another path');
  if (!there.isDirectory()) return fault(`${folder} is no folder`, 'name another path');
  try {
    if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    return fault(`${path} may not be read and written (${messageOf(error)})`, 'change its permissions, or run this as the user that runs the account');
  }
  let syncMs: number;
  try {
    syncMs = syncTime(folder, monotonicMs);
  } catch (error) {
    return fault(`${folder} cannot be written to (${messageOf(error)})`, 'change its permissions, make room, or name another path');
  }
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const found = `${folder}: ${sizeOf(free)} free${orders ? `, an order waits ${syncMs.toFixed(1)} ms for the disk` : ''}`;
  if (free < LEAST_BYTES) return fault(found, 'make room: a full disk halts entries');
  if (free < LITTLE_BYTES) return [{ level: 'warning', check, found, hint: 'make room: a full disk halts entries' }];
  if (orders && syncMs > SLOW_SYNC_MS) return [{ level: 'warning', check, found, hint: 'use a local disk, not one over the network' }];
  return [{ level: 'ok', check, found }];
}

/** Variables that hold the account's secrets: that they are there, never what they are. */
export function checkSecrets(text: string, env: Readonly<Record<string, string | undefined>>): Finding[] {
  const names = new Set<string>();
  for (const [, key = '', name = ''] of text.matchAll(/(?:([A-Za-z_][\w-]*)["']?\s*:\s*)?["']?\$\{([A-Za-z_]\w*)[^}\n]*\}/g)) if (isSecretKey(key) || isSecretKey(name)) names.add(name);
  return [...names].map((name) => {
    const value = env[name];
    if (value === undefined || value.trim() === '') return { level: 'warning', check: 'secret', found: `${name} is ${value === undefined ? 'not set' : 'empty'}: its default is used`, hint: 'set it in the environment of the account' };
    return value === value.trim() ? { level: 'ok', check: 'secret', found: `${name} is set` } : { level: 'warning', check: 'secret', found: `${name} begins or ends with white space`, hint: 'remove it, unless it belongs there' };
  });
}

/** Median of a few small writes that wait for the disk, in a file that goes again. */
function syncTime(folder: string, monotonicMs: () => number): number {
  const probe = join(folder, `.keelson-doctor-${process.pid}`);
  const file = openSync(probe, 'w');
  try {
    const times = Array.from({ length: SYNCS }, () => {
      const start = monotonicMs();
      writeSync(file, 'x'.repeat(4_096));
      fsyncSync(file);
      return monotonicMs() - start;
    });
    return times.sort((a, b) => a - b)[SYNCS >> 1] as number;
  } finally {
    closeSync(file);
    rmSync(probe, { force: true });
  }
}

function sizeOf(bytes: number): string {
  return bytes >= 1 << 30 ? `${(bytes / (1 << 30)).toFixed(1)} GB` : `${Math.round(bytes / (1 << 20))} MB`;
}
