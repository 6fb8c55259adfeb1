import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const BIN = fileURLToPath(new URL('../bin/tws-simulator.js', import.meta.url));

/** The simulator's command in a process of its own, told what to do over its control port. Needs the built package. */
export class SimulatorProcess {
  private constructor(readonly port: number, private readonly child: ReturnType<typeof spawn>, private readonly control: Socket, private readonly answers: AsyncIterator<string>) {}

  static async start(scenarioFile: string): Promise<SimulatorProcess> {
    const child = spawn(process.execPath, [BIN, '--port', '0', '--control', '0', '--scenario', scenarioFile], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { port, controlPort } = JSON.parse(line) as { port: number; controlPort: number };
    const control = connect(controlPort, '127.0.0.1');
    await once(control, 'connect');
    control.on('error', () => undefined);
    const lines: Interface = createInterface({ input: control });
    return new SimulatorProcess(port, child, control, lines[Symbol.asyncIterator]());
  }

  async run(name: string, params?: unknown): Promise<unknown> {
    this.control.write(`${JSON.stringify({ do: name, params })}\n`);
    const { value } = (await this.answers.next()) as { value: string };
    const answer = JSON.parse(value) as { ok: boolean; result?: unknown; error?: string };
    if (!answer.ok) throw new Error(answer.error);
    return answer.result;
  }

  /** Ends it as a power cut does: nothing of it runs any more. */
  async kill(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}
