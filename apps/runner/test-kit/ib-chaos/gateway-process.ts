import { existsSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DrivenProcess } from './driven-process.js';

const BIN = fileURLToPath(new URL('../../../../packages/tws-simulator/bin/tws-simulator.js', import.meta.url));
export const gatewayIsBuilt = existsSync(fileURLToPath(new URL('../../../../packages/tws-simulator/dist/main.js', import.meta.url)));

/** The simulator's command in a process of its own. It comes back on the same port, with what its state file holds. */
export class GatewayProcess {
  port = 0;
  private process: DrivenProcess | undefined;
  private control: Socket | undefined;
  private waiting: Array<(line: string | undefined) => void> = [];

  /** @param scenario of the simulator, without its clock */
  constructor(
    private readonly folder: string,
    private readonly scenario: object,
  ) {}

  get isAlive(): boolean {
    return this.process?.isAlive === true;
  }

  async start(now: number): Promise<void> {
    writeFileSync(join(this.folder, 'gateway.json'), JSON.stringify({ ...this.scenario, clock: { kind: 'stepped', start: new Date(now).toISOString() } }));
    const process = new DrivenProcess(BIN, ['--port', String(this.port), '--control', '0', '--scenario', 'gateway.json'], this.folder, {}, 'localPort');
    this.process = process;
    while (!process.out.includes('\n')) {
      if (!process.isAlive) throw new Error(`the simulator did not start: ${process.err}`);
      await pass(2);
    }
    const { port, controlPort } = JSON.parse(process.out) as { readonly port: number; readonly controlPort: number };
    this.port = port;
    await this.openControl(controlPort);
  }

  /** Undefined where the process died before it answered. @throws Error when the command is refused */
  async ask<T>(name: string, params?: object): Promise<T | undefined> {
    const { control } = this;
    const line = control?.destroyed !== false ? undefined : await new Promise<string | undefined>((resolve) => {
      this.waiting.push(resolve);
      control.write(`${JSON.stringify({ do: name, params })}\n`);
    });
    if (line === undefined) {
      await this.process?.ended; // its line ends only with it
      return undefined;
    }
    const { ok, result, error } = JSON.parse(line) as { readonly ok: boolean; readonly result: T; readonly error: string };
    if (!ok) throw new Error(`${name} ${JSON.stringify(params)}: ${error}`);
    return result;
  }

  /** Why it ended by itself; undefined where it lives, or was killed. */
  get fault(): string | undefined {
    const { process } = this;
    return process === undefined || process.status === undefined || process.status === null ? undefined : `status ${process.status}: ${process.err}`;
  }

  state(read?: number): ReturnType<DrivenProcess['state']> {
    return this.process?.state(this.port, read) ?? Promise.resolve(undefined);
  }

  async dieAt(...args: Parameters<DrivenProcess['dieAt']>): Promise<void> {
    await this.process?.dieAt(...args);
  }

  async kill(): Promise<void> {
    await this.process?.kill();
  }

  private async openControl(port: number): Promise<void> {
    const control = connect(port, '127.0.0.1');
    this.control = control;
    this.waiting = [];
    const { waiting } = this;
    let rest = '';
    control.setEncoding('utf8').on('data', (text: string) => {
      rest += text;
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) waiting.shift()?.(line);
    });
    control.on('error', () => undefined).on('close', () => {
      for (const answer of waiting.splice(0)) answer(undefined);
    });
    await new Promise<void>((resolve, reject) => control.once('connect', resolve).once('error', reject));
  }
}
