import { Secrets } from '../../apps/runner/src/account/secrets.js';
import { processIo } from '../../apps/runner/src/io.js';
import { buildProgram } from '../../apps/runner/src/program.js';

type Command = ReturnType<typeof buildProgram>;

const CALL = /^(?:[A-Z_]+=\S+\s+)*(?:npx (?:--no-install )?)?(?:keelson|@keelson\/runner)\s+(.*)$/;
const program = buildProgram(processIo(), new Secrets(), () => undefined);
/** Options that every command takes. */
const EVERYWHERE = ['-h', '--help', '--debug'];

/** Every command that can be called, by the words that it is called with (`journal tail`), and its own options. */
export function commandsOf(command: Command = program, before = ''): ReadonlyArray<{ readonly name: string; readonly options: readonly string[] }> {
  return command.commands.flatMap((inner) => {
    const name = `${before}${inner.name()}`;
    if (inner.commands.length > 0) return commandsOf(inner, `${name} `);
    return [{ name, options: inner.options.flatMap(({ short, long }) => (long === '--debug' ? [] : [short ?? long ?? ''])) }];
  });
}

/** Calls of keelson in a shell block that name a command or an option which it does not have. */
export function commandFaults(text: string): readonly string[] {
  const lines = text.replaceAll('\\\n', ' ').split('\n').filter((line) => !line.trimStart().startsWith('#'));
  const calls = lines.flatMap((line) => line.split(/&&|\|\||[|;>]/)).flatMap((part) => CALL.exec(part.trim())?.[1] ?? []);
  return calls.flatMap((words) => faultsOf(words.split(/\s+/)));
}

function faultsOf(words: readonly string[]): readonly string[] {
  let command = program;
  let path = 'keelson';
  for (const word of words) {
    if (command.commands.length === 0 || word.startsWith('-')) break;
    path += ` ${word}`;
    const inner = command.commands.find((each) => each.name() === word);
    if (inner === undefined) return [path];
    command = inner;
  }
  const known = new Set([...EVERYWHERE, ...command.options.flatMap(({ short, long }) => [short, long])]);
  return words.filter((word) => /^--?[a-z]/i.test(word) && !known.has(word.split('=')[0] as string)).map((word) => `${path} ${word}`);
}
