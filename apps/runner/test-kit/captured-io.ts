import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Io } from '../src/io.js';
import { main } from '../src/main.js';

export type Run = { readonly status: number; readonly out: string; readonly err: string };

export type RunOptions = { readonly env?: Readonly<Record<string, string>>; readonly terminal?: boolean; readonly onInterrupt?: Io['onInterrupt'] };

/** A folder of its own in which `keelson` is called, with all output kept. */
export class Workbench {
  readonly folder = mkdtempSync(join(tmpdir(), 'keelson-runner-'));

  write(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  keelson(argv: readonly string[], options: RunOptions = {}): Promise<Run> {
    return callKeelson(argv, this.folder, options);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Calls `keelson` in a folder and keeps its output. */
export async function callKeelson(argv: readonly string[], cwd: string, options: RunOptions = {}): Promise<Run> {
  let out = '';
  let err = '';
  const { terminal = false } = options;
  const status = await main(argv, {
    stdout: { write: (text) => void (out += text), isTerminal: terminal, columns: terminal ? 80 : undefined },
    stderr: { write: (text) => void (err += text), isTerminal: terminal, columns: terminal ? 80 : undefined },
    env: options.env ?? {},
    cwd,
    monotonicMs: () => performance.now(),
    onCrash: () => () => {},
    onInterrupt: options.onInterrupt ?? (() => () => {}),
  });
  return { status, out, err };
}

/** A plugin's file without imports: what definePlugin and defineStrategy would have made. */
export function pluginFile(parts: { readonly name?: string; readonly api?: string; readonly id?: string; readonly create?: string; readonly provides?: string }): string {
  const { name = 'my-plugin', api = '^1.0.0', id = 'mine', create = 'return { onBar() {} };', provides = "['strategy']" } = parts;
  return `const any = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } };
export default Object.freeze({
  [Symbol.for('keelson.plugin')]: true,
  name: '${name}', version: '1.0.0', api: '${api}', provides: ${provides},
  register({ add }) { add({ port: 'strategy' }, '${id}', { params: any, create({ use }) { ${create} } }); },
});
`;
}

export const GOOD_ACCOUNT = `account: test
initialCash: 50000
instruments:
  - { id: MES, type: future, currency: USD, tickSize: 0.25, multiplier: 5, calendar: cme-equity-index }
data:
  feed: synthetic
  timeframe: 5m
  start: 2024-01-01
  bars: 5000
broker:
  use: simulated
  config: { commission: { perContract: 0.62 }, slippage: { ticks: 1 } }
strategies:
  - { use: sma-cross, params: { fast: 5, slow: 20 } }
`;
