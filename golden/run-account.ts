import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from '@keelson/runner';
import { expect } from 'vitest';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const hasData = process.env['KEELSON_DATA_DIR'] !== undefined;

export type Stats = Readonly<Record<string, number | string | null>>;
export type Trade = { readonly instrument: string; readonly side: 'long' | 'short'; readonly entryTime: string; readonly exitTime: string; readonly entryReason: string; readonly exitReason: string; readonly quantity: number; readonly pnl: number; readonly commission: number };

/** What `backtest --json` prints, as far as it is looked at here. */
export type Document = {
  readonly elapsedMs: number;
  readonly bars: number;
  readonly stats: Stats;
  readonly trades: readonly Trade[];
  readonly orders: number;
  readonly ordersHash: string;
  readonly data: readonly { readonly hash: string }[];
  readonly warnings: readonly string[];
};

/** What is kept of a run. */
export type Pin = { readonly bars: number; readonly data: readonly string[]; readonly stats: Stats; readonly orders: number; readonly ordersHash: string };

/** Runs the command on an account of this folder, with `path=value` settings changed. */
export async function backtest(account: string, settings: readonly string[] = []): Promise<Document> {
  const text = { stdout: '', stderr: '' };
  const output = (stream: 'stdout' | 'stderr') => ({ write: (more: string) => void (text[stream] += more), isTerminal: false, columns: undefined });
  const status = await main(['backtest', `${root}${account}`, '--json', ...settings.flatMap((setting) => ['--set', setting])], {
    stdout: output('stdout'),
    stderr: output('stderr'),
    env: process.env,
    cwd: root,
    monotonicMs: () => performance.now(),
    onInterrupt: () => () => undefined,
    onCrash: () => () => undefined,
  });
  if (status !== 0 || text.stderr !== '') throw new Error(`${account} ended with ${status}: ${text.stderr}`);
  return JSON.parse(text.stdout) as Document;
}

/** Holds a run equal to its pin `golden/pins/<name>.json`, or writes it with KEELSON_UPDATE_GOLDEN=1. */
export function expectPinned(name: string, { bars, data, stats, orders, ordersHash }: Document): void {
  const pin: Pin = { bars, data: data.map(({ hash }) => hash), stats, orders, ordersHash };
  const file = `${root}golden/pins/${name}.json`;
  if (process.env['KEELSON_UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(pin, undefined, 2)}\n`);
  }
  expect(existsSync(file), `${file} is missing: run with KEELSON_UPDATE_GOLDEN=1`).toBe(true);
  expect(pin).toEqual(JSON.parse(readFileSync(file, 'utf8')));
}
