import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '@keelson/core/engine';
import { KeelsonError, messageOf } from '@keelson/core/errors';
import type { Timer } from '@keelson/core/ports';
import { machineClock } from './machine-clock.js';

/** What a person says to an account from outside its process. */
export type ControlCommand = Extract<Command, { readonly command: 'kill' | 'resume' | 'replan' }>;

type WithoutId<Each> = Each extends ControlCommand ? Omit<Each, 'id'> : never;

/** What came of a command, for who waits for it. */
export type Answer = { readonly done: boolean; readonly text: string };

export type Obeyed = {
  /** True when what was done will be known after the end of the process. */
  readonly kept: boolean;
  /** Undefined for a command that cannot be refused. */
  readonly answer?: Answer;
};

/** A command that waits, and what it is for. */
type Waiting = {
  readonly file: string;
  readonly command: ControlCommand;
  /** Given for a live account that nobody ran: what is run on paper meanwhile obeys it, and leaves it for the live start. */
  readonly untilLive: boolean;
};

const POLL_MS = 200;

/**
 * Writes a command for the process that runs the account, now or next; it is there whole or not at all.
 * @param untilLive true to keep it until a live process obeyed it
 * @returns its file, which goes once the command was obeyed
 * @throws KeelsonError `RUN_OUTPUT` when it cannot be written
 */
export function leaveCommand(folder: string, command: WithoutId<ControlCommand>, untilLive = false): string {
  const id = randomUUID();
  // names sort by time, so that commands are obeyed in the order they were given
  const name = `${String(machineClock.now()).padStart(15, '0')}-${id}.json`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `.${name}`), `${JSON.stringify({ ...command, id, ...(untilLive ? { untilLive } : {}) })}\n`, { flush: true });
    renameSync(join(folder, `.${name}`), join(folder, name));
  } catch (error) {
    throw new KeelsonError('RUN_OUTPUT', `the command could not be written to ${folder} (${messageOf(error)}), expected a folder that may be written to`, { hint: 'change its permissions, or run this as the user that runs the account', cause: error });
  }
  return join(folder, name);
}

/** Commands that wait, oldest first. What is no command is passed to `complain` and put out of the way; without it, left. */
export function waitingCommands(folder: string, complain?: (text: string) => void): readonly Waiting[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d.*\.json$/.test(name))
    .sort()
    .flatMap((name) => {
      const file = join(folder, name);
      try {
        const { untilLive = false, ...command } = JSON.parse(readFileSync(file, 'utf8')) as ControlCommand & { readonly untilLive?: boolean };
        if (isCommand(command)) return [{ file, command, untilLive }];
        throw new TypeError(`command was ${String((command as ControlCommand).command)}, expected kill, resume or replan with all that belongs to it`);
      } catch (error) {
        if (complain === undefined) return [];
        complain(`${file} is no command (${messageOf(error)}) and was put aside`);
        renameSync(file, `${file}.refused`);
        return [];
      }
    });
}

function isCommand(given: ControlCommand): boolean {
  if (typeof given.reason !== 'string' || typeof given.id !== 'string') return false;
  return given.command === 'replan' ? typeof given.instrument === 'string' : given.command === 'kill' || given.command === 'resume';
}

const answerFile = (file: string): string => `${file}.answer`;

/** The answer to a command that was obeyed, once. */
export function takeAnswer(file: string): Answer | undefined {
  try {
    const answer = JSON.parse(readFileSync(answerFile(file), 'utf8')) as Answer;
    rmSync(answerFile(file), { force: true });
    return answer;
  } catch {
    return undefined; // there is none
  }
}

const STARTING: Obeyed = { kept: true, answer: { done: false, text: 'it was given before the account was ready: give it again' } };

/** Obeys what waits, and looks again every fifth of a second of the machine's time. */
export class ControlWatch {
  private stopWaiting: (() => void) | undefined;
  /** Commands that were obeyed here and wait for a live process. */
  private readonly leftForLive = new Set<string>();

  constructor(
    private readonly folder: string,
    private readonly isLive: boolean,
    private readonly timer: Timer,
    private readonly obey: (command: ControlCommand) => Obeyed,
    private readonly complain: (text: string) => void,
  ) {}

  /** What waited for the start. Prices of a replan may be old by then: it is not obeyed. */
  begin(): void {
    this.look(true);
    this.start();
  }

  /** What waits now. */
  look(starting = false): void {
    for (const { file, command, untilLive } of waitingCommands(this.folder, this.complain)) {
      if (this.leftForLive.has(file)) continue;
      const { kept, answer } = starting && command.command === 'replan' ? STARTING : this.obey(command);
      if (answer !== undefined) this.reply(file, answer);
      else if (!kept) continue;
      if (untilLive && !this.isLive) this.leftForLive.add(file);
      else rmSync(file, { force: true });
    }
  }

  /** The answer stands before the command goes. */
  private reply(file: string, answer: Answer): void {
    try {
      writeFileSync(`${answerFile(file)}.draft`, JSON.stringify(answer));
      renameSync(`${answerFile(file)}.draft`, answerFile(file));
    } catch (error) {
      this.complain(`the answer to ${file} could not be written (${messageOf(error)})`);
    }
  }

  private start(): void {
    this.stopWaiting = this.timer.after(POLL_MS, () => {
      this.look();
      this.start();
    });
  }

  stop(): void {
    this.stopWaiting?.();
  }
}
