import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RawClient } from '../testing/raw-client.js';

const BIN = fileURLToPath(new URL('../bin/tws-simulator.js', import.meta.url));

function run(...args: string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [BIN, ...args]);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Runs to the end. */
async function finished(...args: string[]): Promise<{ readonly code: unknown; readonly errors: string }> {
  const child = run(...args);
  let errors = '';
  child.stderr.on('data', (text: Buffer) => {
    errors += text.toString();
  });
  const [code] = await once(child, 'close');
  return { code, errors };
}

function folderWith(files: Record<string, string | Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tws-simulator-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Sends a command over the control port. */
async function control(port: number, ...lines: string[]): Promise<unknown[]> {
  const socket = connect(port, '127.0.0.1');
  socket.write(lines.map((line) => `${line}\n`).join(''));
  const answers: unknown[] = [];
  for await (const line of createInterface({ input: socket })) {
    answers.push(JSON.parse(line));
    if (answers.length === lines.length) break;
  }
  socket.destroy();
  return answers;
}

describe('the command', () => {
  it('serves a scenario with prices from a file, takes commands from another process, and ends on SIGTERM', async () => {
    const bars = ['time,open,high,low,close,volume', '2026-05-04T14:28:00Z,100,104,98,102,120', '2026-05-04T14:29:00Z,102,103,101,101.5,60'].join('\n');
    const folder = folderWith({ 'mes.csv.gz': gzipSync(bars), 'scenario.yaml': 'clock: { kind: stepped, start: "2026-05-04T14:30:00Z" }\nmarket:\n  data: [{ symbol: MES, file: mes.csv.gz, barSeconds: 60 }]\n' });
    const child = run('--port', '0', '--control', '0', '--scenario', join(folder, 'scenario.yaml'));
    const [line] = await once(createInterface({ input: child.stdout }), 'line') as [string];
    const { port, controlPort } = JSON.parse(line) as { port: number; controlPort: number };
    const client = await RawClient.ready(port);
    client.send(20, 6, 0, 'MES', 'FUT', '202606', '0.0', '', '', 'CME', '', 'USD', '', '', 0, '', '1 min', '120 S', 0, 'TRADES', 2, 0, '');
    const fields = await client.next();
    expect(fields.slice(4)).toEqual(['2', '1777904880', '100', '104', '98', '102', '120', ...fields.slice(11, 13), '1777904940', '102', '103', '101', '101.5', '60', ...fields.slice(19)]);
    expect(await control(controlPort, '{"id":1,"do":"advance","params":{"ms":60000}}', '{"id":2,"do":"clients"}', '{"id":3,"do":"jump"}', '{"id":4,"do":"advance","params":{"ms":-1}}', 'nonsense')).toEqual([
      { id: 1, ok: true, result: Date.parse('2026-05-04T14:31:00Z') }, { id: 2, ok: true, result: [7] }, { id: 3, ok: false, error: expect.stringMatching(/expected one of .*advance.*clients/) },
      { id: 4, ok: false, error: expect.stringContaining('advance ms') }, { ok: false, error: expect.any(String) },
    ]);
    child.kill('SIGTERM');
    expect((await once(child, 'close'))[0]).toBe(0);
    await client.end();
  });

  it('says what is wrong with a scenario, all of it, and ends with 2', async () => {
    const folder = folderWith({ 'wrong.yaml': 'clock: { kind: still }\nmarket: { tickPerSecond: 3 }\ntimeZone: Mars/Olympus\n', 'script.yaml': 'script: [{ afterMs: 0, do: jump }]', 'start.yaml': 'clock: { kind: stepped }', 'data.yaml': 'market: { data: [{ symbol: MES, file: none.csv }] }', 'bars.yaml': 'market: { data: [{ symbol: MES, file: bad.csv }] }', 'bad.csv': 'when,o,h\n' });
    const wrong = await finished('--scenario', join(folder, 'wrong.yaml'));
    expect(wrong.code).toBe(2);
    expect(wrong.errors.trim().split('\n')).toHaveLength(3);
    expect(wrong.errors).toContain('timeZone: was "Mars/Olympus", expected a time zone');
    expect(wrong.errors).toContain('"tickPerSecond" is not known here');
    expect(wrong.errors).toContain(`wrong.yaml: clock.kind: was "still", expected 'real' | 'scaled' | 'stepped'`);
    expect((await finished('--scenario', join(folder, 'data.yaml'))).errors).toMatch(/data\.yaml: market\.data: .*none\.csv/);
    expect((await finished('--scenario', join(folder, 'script.yaml'))).errors).toContain('script.yaml: script.0.do: was "jump", expected one of account, advance');
    expect((await finished('--scenario', join(folder, 'start.yaml'))).errors).toContain('start.yaml: clock.start: is missing, expected string');
    expect((await finished('--scenario', join(folder, 'bars.yaml'))).errors).toContain('expected columns time, open, high, low, close');
    expect(await finished('--scenario', join(folder, 'missing.yaml'))).toEqual({ code: 2, errors: expect.stringContaining('cannot be read (ENOENT)') });
    expect(await finished('--port', 'many')).toEqual({ code: 2, errors: expect.stringContaining('expected 0 to 65535') });
  });
});
