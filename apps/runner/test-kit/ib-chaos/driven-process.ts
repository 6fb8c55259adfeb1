import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PRELOAD = fileURLToPath(new URL('driven-process.mjs', import.meta.url));

export type Traffic = { readonly read: number; readonly written: number };
export type ProcessState = { readonly now: number; readonly opened: number; /** Lines that stand. */ readonly open: number; readonly counts: Readonly<Record<string, Traffic>> };
/** SIGKILL at the nth thing that is sent over `port`, or written to a file: before it, in the middle, or after. */
export type Death = { readonly at: 'send' | 'keep'; readonly left: number; readonly how: 'before' | 'torn' | 'after'; readonly port?: number };

/** A process of the test with `driven-process.mjs` in it. Questions to one that has died are answered by undefined. */
export class DrivenProcess {
  out = '';
  err = '';
  /** Exit status; null after a signal; undefined while it lives. */
  status: number | null | undefined = undefined;
  readonly ended: Promise<void>;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (state: ProcessState | undefined) => void>();
  private asked = 0;

  /** @param side which port its bytes are counted by */
  constructor(script: string, argv: readonly string[], cwd: string, env: Readonly<Record<string, string>>, private readonly side: 'localPort' | 'remotePort') {
    this.child = spawn(process.execPath, ['--import', PRELOAD, script, ...argv], { cwd, env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.out += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.err += text));
    this.child.on('message', ({ n, ...state }: ProcessState & { readonly n: number }) => this.answer(n, state));
    this.ended = new Promise((resolve) => {
      const end = (status: number | null): void => {
        this.status = status;
        for (const n of this.waiting.keys()) this.answer(n, undefined);
        resolve();
      };
      this.child.on('error', () => end(1)).on('close', end);
    });
  }

  get isAlive(): boolean {
    return this.status === undefined;
  }

  tick(to: number): Promise<ProcessState | undefined> {
    return this.ask({ op: 'tick', to });
  }

  /** Once it has read so much over a port, where it ever does. */
  state(port?: number, read?: number): Promise<ProcessState | undefined> {
    return this.ask({ op: 'state', port, read });
  }

  /** Undefined takes it back. */
  async dieAt(plan: Death | undefined): Promise<void> {
    await this.ask({ op: 'die', plan });
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  terminate(): void {
    this.child.kill('SIGTERM');
  }

  private ask(message: object): Promise<ProcessState | undefined> {
    // without its channel it is about to end
    if (!this.isAlive || !this.child.connected) return this.ended.then(() => undefined);
    const n = ++this.asked;
    return new Promise((resolve) => {
      this.waiting.set(n, resolve);
      this.child.send({ n, side: this.side, ...message }, () => undefined); // what fails is answered at its end
    });
  }

  private answer(n: number, state: ProcessState | undefined): void {
    this.waiting.get(n)?.(state);
    this.waiting.delete(n);
  }
}
