import { ConfigError } from '@keelson/core/errors';
import { CommanderError, type Command } from 'commander';
import { Secrets } from './account/secrets.js';
import { processIo, type Io, type Output } from './io.js';
import { buildProgram } from './program.js';
import { errorsOf, EXIT, exitStatusOf, printErrors } from './output/report-errors.js';

/**
 * The `keelson` command.
 * @param argv words after the command's name
 * @param io the process, unless a test gives its own
 * @returns exit status: 0 done, 1 failed while running, 2 configuration or usage, 3 halted by a risk limit
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  const secrets = new Secrets();
  const safe: Io = { ...io, stdout: redacting(io.stdout, secrets), stderr: redacting(io.stderr, secrets) };
  let debug = argv.includes('--debug');
  const forget = io.onCrash((thrown) => printErrors(errorsOf(thrown), safe.stderr, debug));
  let status: number = EXIT.done;
  const program = buildProgram(safe, secrets, (result) => {
    status = result;
  });
  try {
    program.hook('preAction', (_, command) => {
      debug = command.optsWithGlobals<{ debug?: boolean }>().debug === true;
    });
    if (argv.every((word) => word === '--debug')) {
      program.outputHelp();
      throw new ConfigError('CFG_USAGE', `no command was given, expected ${namesOf(program)}`, { hint: 'run "keelson backtest ACCOUNT.yaml"' });
    }
    await program.parseAsync(argv, { from: 'user' });
    return status;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return EXIT.done;
    const errors = thrown instanceof CommanderError ? [usageError(thrown, argv, program)] : errorsOf(thrown);
    printErrors(errors, safe.stderr, debug);
    return exitStatusOf(errors);
  } finally {
    forget();
  }
}

/** Commander's complaint in the form of all others. */
function usageError(error: CommanderError, argv: readonly string[], program: Command): ConfigError {
  const [found = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const near = /Did you mean (?:one of )?(.+)\?/.exec(suggestion ?? '')?.[1];
  const group = error.code === 'commander.help' ? program.commands.find((command) => command.commands.length > 0 && argv.includes(command.name())) : undefined;
  if (group !== undefined) return new ConfigError('CFG_USAGE', `no command was named after ${group.name()}, expected ${namesOf(group)}`, { hint: `run "keelson ${group.name()} --help"`, cause: error });
  const hint = near === undefined ? 'run "keelson --help", or "keelson COMMAND --help"' : `did you mean ${near}?`;
  return new ConfigError('CFG_USAGE', `${found.replace(/\.$/, '')}, expected a command line as in the help`, { hint, cause: error });
}

function namesOf({ commands }: Command): string {
  const names = commands.map((command) => command.name());
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** Nothing leaves the process before the secrets are taken out. */
function redacting(output: Output, secrets: Secrets): Output {
  return { isTerminal: output.isTerminal, columns: output.columns, write: (text) => output.write(secrets.redact(text)) };
}
