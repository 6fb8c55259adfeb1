import { InvariantError, KeelsonError } from '@keelson/core/errors';

/** Where text goes. `write` never throws: a reader that went away is no fault of the command. */
export type Output = {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** Width of the terminal; undefined where there is none. */
  readonly columns: number | undefined;
};

/** Everything of the process that a command uses, so that tests can give their own. */
export type Io = {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Milliseconds of a clock that only goes forward; for how long things took. */
  readonly monotonicMs: () => number;
  /** Calls back at the first SIGINT or SIGTERM; returns the way to stop listening. */
  readonly onInterrupt: (handler: () => void) => () => void;
  /**
   * Calls back with what nobody caught, such as the rejection of a promise that a plugin let go, and with an error when
   * the process ends before the listening stopped; the status is then 1.
   */
  readonly onCrash: (handler: (thrown: unknown) => void) => () => void;
};

/** The real process. A second interrupt after the first was handled ends the process. */
export function processIo(): Io {
  return {
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    monotonicMs: () => performance.now(),
    onInterrupt(handler) {
      const forget = (): void => {
        for (const signal of SIGNALS) process.removeListener(signal, once);
      };
      const once = (): void => {
        forget(); // the next one finds no handler and ends the process
        handler();
      };
      for (const signal of SIGNALS) process.once(signal, once);
      return forget;
    },
    onCrash(handler) {
      const left = (): void => {
        handler(new InvariantError('the process ended in the middle of the command, expected it to go on to its end', { hint: 'look for a plugin that calls process.exit, or that waits for what never comes' }));
        process.exitCode = EXIT_FAILED;
      };
      const end = (thrown: unknown): never => {
        process.removeListener('exit', left);
        handler(thrown);
        process.exit(EXIT_FAILED);
      };
      process.once('exit', left);
      process.once('uncaughtException', end);
      return () => {
        process.removeListener('exit', left);
        // what was let go during the last step, and writes that failed, show only after it
        setImmediate(() => process.removeListener('uncaughtException', end));
      };
    },
  };
}

const EXIT_FAILED = 1;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

const guarded = new WeakSet<NodeJS.WriteStream>();

function output(stream: NodeJS.WriteStream): Output {
  if (!guarded.has(stream)) {
    guarded.add(stream);
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // `keelson ... | head` closes the pipe early: there is nobody left to tell
      if (error.code !== 'EPIPE') throw new KeelsonError('RUN_OUTPUT', `the output could not be written (${error.message}), expected room for it`, { hint: 'send it to another place', cause: error });
    });
  }
  const write = stream.write.bind(stream); // the command of a process may take the stream away from everybody else
  return {
    write(text) {
      if (!stream.writableEnded && !stream.destroyed) write(text);
    },
    isTerminal: stream.isTTY === true,
    columns: stream.columns,
  };
}
