import { Command } from 'commander';
import type { Secrets } from './account/secrets.js';
import type { ChaosWords } from './commands/chaos.js';
import { addPluginCommands } from './commands/plugin-program.js';
import type { ReplanWords } from './commands/replan.js';
import type { Io } from './io.js';
import { ownVersion } from './own-version.js';

/**
 * Every command with its words, and what carries it out.
 * @param done takes the exit status
 */
export function buildProgram(io: Io, secrets: Secrets, done: (status: number) => void): Command {
  const program = new Command('keelson')
    .description('Runs trading accounts: the same strategy in a backtest, on paper and live.')
    .version(ownVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .option('--debug', 'add stack traces to errors')
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: () => {}, getOutHelpWidth: () => io.stdout.columns ?? 80 })
    .addHelpText('after', '\nExit status: 0 done, 1 failed while running, 2 configuration or usage, 3 halted by a risk limit.\n\nStart with:\n  keelson init my-account\n  keelson backtest my-account/account.yaml')
    .showSuggestionAfterError(true);
  const debugOf = (command: Command): boolean => command.optsWithGlobals<{ debug?: boolean }>().debug === true;
  const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

  program
    .command('backtest <account>')
    .description('run an account over history and print what came of it')
    .option('--from <date>', 'first bar opens at or after this date (UTC)')
    .option('--to <date>', 'bars open before this date (UTC)')
    .option('--set <path=value>', 'change one setting of the account; may be repeated', collect, [])
    .option('--json', 'print one JSON document instead of the table', false)
    .option('--report <file>', 'also write the result as one HTML page')
    .option('--debug', 'add stack traces to errors')
    .addHelpText('after', '\nExamples:\n  keelson backtest account.yaml --from 2024-01-01 --report report.html\n  keelson backtest account.yaml --set strategies.0.params.fast=5 --json | jq .stats')
    .action(async (file: string, options: { from?: string; to?: string; set: readonly string[]; json: boolean; report?: string }, command: Command) => {
      const { backtest } = await import('./commands/backtest.js');
      done(await backtest(file, { ...options, debug: debugOf(command) }, io, secrets));
    });
  const analyze = program
    .command('analyze')
    .description('look for look-ahead, and for values that depend on where the data begins')
    .addHelpText('after', '\nExamples:\n  keelson analyze lookahead account.yaml --cuts 50\n  keelson analyze warmup account.yaml --json | jq .features');
  const analysis = (name: string, description: string): Command =>
    analyze
      .command(`${name} <account>`)
      .description(description)
      .option('--from <date>', 'first bar opens at or after this date (UTC)')
      .option('--to <date>', 'bars open before this date (UTC)')
      .option('--set <path=value>', 'change one setting of the account; may be repeated', collect, [])
      .option('--seed <text>', 'choose other moments', 'keelson')
      .option('--json', 'print one JSON document instead of text', false)
      .option('--debug', 'add stack traces to errors');
  type AnalysisWords = { from?: string; to?: string; set: readonly string[]; seed: string; json: boolean };
  analysis('lookahead', 'run an account on data that ends at many moments, and name what knew more than its time')
    .option('--cuts <number>', 'moments at which the data ends', '25')
    .addHelpText('after', '\nExit status: 0 clean, 1 something knew what came later or is not reproducible, 2 configuration or usage.\n\nExample:\n  keelson analyze lookahead account.yaml --cuts 50')
    .action(async (file: string, options: AnalysisWords & { cuts: string }, command: Command) => {
      const { lookahead } = await import('./commands/lookahead.js');
      done(await lookahead(file, { ...options, debug: debugOf(command) }, io, secrets));
    });
  analysis('warmup', 'run an account on data that begins at many moments, and name what depends on it')
    .option('--starts <number>', 'moments at which the data begins', '8')
    .option('--tolerance <number>', 'relative difference that counts as equal', '1e-9')
    .addHelpText('after', '\nExit status: 0 every feature comes to agree, 1 a feature depends on the start, 2 configuration or usage.\n\nExample:\n  keelson analyze warmup account.yaml --starts 20')
    .action(async (file: string, options: AnalysisWords & { starts: string; tolerance: string }, command: Command) => {
      const { warmup } = await import('./commands/warmup.js');
      done(await warmup(file, { ...options, debug: debugOf(command) }, io, secrets));
    });
  program
    .command('run <account>')
    .description('run an account on paper or live until it is stopped')
    .option('--live', 'allow real orders; mode: live needs it', false)
    .option('--set <path=value>', 'change one setting of the account; may be repeated', collect, [])
    .option('--json', 'at the end print one JSON document instead of the table', false)
    .option('--debug', 'add stack traces to errors')
    .addHelpText('after', '\nStops cleanly at SIGINT or SIGTERM, at once at the second; the next start goes on from the journal.\n\nExamples:\n  keelson run account.yaml\n  keelson run account.yaml --set mode=paper --set data.speed=60x')
    .action(async (file: string, options: { live: boolean; set: readonly string[]; json: boolean }, command: Command) => {
      const { run } = await import('./commands/run.js');
      done(await run(file, { ...options, debug: debugOf(command) }, io, secrets));
    });
  const control = (command: Command): Command =>
    command
      .option('--reason <text>', 'why, for the journal', 'by hand')
      .option('--set <path=value>', 'change one setting of the account, as for run; may be repeated', collect, [])
      .option('--debug', 'add stack traces to errors')
      .addHelpText('after', `\nWorks on a running process, however it was started, and without one: then the next start obeys it first.\n\nExample:\n  keelson ${command.name()} account.yaml --reason 'prices looked wrong'`)
      .action(async (file: string, options: { reason: string; set: readonly string[] }) => {
        const { control } = await import('./commands/control.js');
        done(await control(command.name() === 'kill' ? 'kill' : 'resume', file, options, io, secrets));
      });
  control(program.command('kill <account>').description('take an account out of the market: entries taken back, positions closed, no new entries until resume'));
  control(program.command('resume <account>').description('let an account that was halted enter positions again'));
  program
    .command('replan <account>')
    .description('change the plan of an open position: protection is only ever tightened')
    .requiredOption('--instrument <id>', 'whose position')
    .requiredOption('--reason <text>', 'why, for the journal')
    .option('--stop <price>', 'nearer to the market than the present stop')
    .option('--target <price>', 'anywhere on the winning side, within the price collar')
    .option('--time-limit <date>', 'flat from then on, earlier than the present limit (UTC)')
    .option('--invalidation <price>', 'flat when a bar closes there or beyond; nearer to the market than the present one')
    .option('--set <path=value>', 'change one setting of the account, as for run; may be repeated', collect, [])
    .option('--debug', 'add stack traces to errors')
    .addHelpText('after', "\nExit status: 0 done, 1 refused or no process that answers, 2 configuration or usage.\n\nExample:\n  keelson replan account.yaml --instrument MES --stop 4710.25 --reason 'data release at noon'")
    .action(async (file: string, options: ReplanWords) => {
      const { replan } = await import('./commands/replan.js');
      done(await replan(file, options, io, secrets));
    });
  program
    .command('chaos <account>')
    .description('run an account under faults and deaths, and name every law that breaks')
    .option('--seeds <number>', 'how many schedules', '200')
    .option('--seed <number>', 'only this one')
    .option('--bars <number>', 'bars of one schedule', '250')
    .option('--grace <number>', 'bars that a position may stand without its stop while the venue can be heard', '12')
    .option('--from <date>', 'first bar opens at or after this date (UTC)')
    .option('--to <date>', 'bars open before this date (UTC)')
    .option('--set <path=value>', 'change one setting of the account; may be repeated', collect, [])
    .option('--journal <file>', 'with --seed: write its journal as JSON Lines')
    .option('--json', 'print one JSON document instead of text', false)
    .option('--debug', 'add stack traces to errors')
    .addHelpText('after', '\nExit status: 0 nothing broke, 1 a law broke, 2 configuration or usage.\n\nExamples:\n  keelson chaos account.yaml --seeds 1000\n  keelson chaos account.yaml --seed 17 --journal seed-17.jsonl')
    .action(async (file: string, options: Omit<ChaosWords, 'debug'>, command: Command) => {
      const { chaos } = await import('./commands/chaos.js');
      done(await chaos(file, { ...options, debug: debugOf(command) }, io, secrets));
    });
  program
    .command('validate <account>')
    .description('check an account and report every fault at once')
    .option('--set <path=value>', 'change one setting of the account; may be repeated', collect, [])
    .option('--debug', 'add stack traces to errors')
    .addHelpText('after', '\nExample:\n  keelson validate account.yaml --set risk.maxContracts=2')
    .action(async (file: string, options: { set: readonly string[] }, command: Command) => {
      const { validate } = await import('./commands/validate.js');
      done(await validate(file, { ...options, debug: debugOf(command) }, io, secrets));
    });
  program
    .command('doctor <account>')
    .description('look at everything that a run needs: machine, files, journal, feed, venue; sends nothing')
    .option('--set <path=value>', 'change one setting of the account, as for run; may be repeated', collect, [])
    .option('--timeout <seconds>', 'longest wait for any answer', '15')
    .option('--json', 'print one JSON document instead of text', false)
    .option('--debug', 'add stack traces to errors')
    .addHelpText('after', '\nExit status: 0 no fault, 1 a fault, 2 configuration or usage.\n\nExample:\n  keelson doctor account.yaml')
    .action(async (file: string, options: { set: readonly string[]; timeout: string; json: boolean }, command: Command) => {
      const { doctor } = await import('./commands/doctor.js');
      done(await doctor(file, { ...options, debug: debugOf(command) }, io, secrets));
    });
  program
    .command('schema [account]')
    .description("print the JSON Schema of the account file, with an account's own plugins if one is named")
    .option('--debug', 'add stack traces to errors')
    .addHelpText('after', '\nExample, for editors with the YAML language server:\n  keelson schema > account.schema.json\n  then begin account.yaml with: # yaml-language-server: $schema=./account.schema.json')
    .action(async (file: string | undefined) => {
      const { schema } = await import('./commands/schema.js');
      done(await schema(file, io, secrets));
    });
  program
    .command('init [folder]')
    .description('write a small account with a strategy of its own, ready to run')
    .option('--debug', 'add stack traces to errors')
    .addHelpText('after', '\nExample:\n  keelson init my-account && keelson backtest my-account/account.yaml')
    .action(async (folder: string | undefined) => {
      const { init } = await import('./commands/init.js');
      done(init(folder ?? '.', io));
    });
  program
    .command('replay <journal>')
    .description('decide everything in a journal again, and name the first difference')
    .option('--account <file>', 'the account to decide with, instead of the one that the journal holds')
    .option('--set <path=value>', 'change one setting of that account; may be repeated', collect, [])
    .option('--telemetry <file>', 'also write the lines of telemetry of everything that was decided')
    .option('--json', 'print one JSON document instead of text', false)
    .option('--debug', 'add stack traces to errors')
    .addHelpText('after', '\nExit status: 0 no difference, 1 something was decided otherwise, 2 configuration or usage.\n\nExamples:\n  keelson replay mes.journal.db\n  keelson replay mes.journal.db --account account.yaml --set strategies.0.params.fast=5')
    .action(async (file: string, options: { account?: string; set: readonly string[]; telemetry?: string; json: boolean }, command: Command) => {
      const { replay } = await import('./commands/replay.js');
      done(await replay(file, { ...options, debug: debugOf(command) }, io, secrets));
    });
  const journal = program
    .command('journal')
    .description('look at a journal')
    .addHelpText('after', '\nExamples:\n  keelson journal verify mes.journal.db\n  keelson journal tail mes.journal.db --follow\n  keelson journal export mes.journal.db --out records.parquet');
  journal
    .command('verify <journal>')
    .description('follow the chain of hashes to its end, and count the records')
    .option('--json', 'print one JSON document instead of text', false)
    .option('--debug', 'add stack traces to errors')
    .action(async (file: string, options: { json: boolean }) => {
      const { verify } = await import('./commands/journal.js');
      done(verify(file, options, io));
    });
  journal
    .command('tail <journal>')
    .description('print the newest records')
    .option('-n, --lines <number>', 'how many', '20')
    .option('-f, --follow', 'go on with those that are written from now on', false)
    .option('--json', 'print JSON Lines', false)
    .option('--debug', 'add stack traces to errors')
    .action(async (file: string, options: { lines: string; follow: boolean; json: boolean }) => {
      const { tail } = await import('./commands/journal.js');
      done(await tail(file, options, io));
    });
  journal
    .command('export <journal>')
    .description('write all records as JSON Lines or Parquet')
    .option('--format <format>', 'jsonl or parquet; default: by the ending of --out')
    .option('--out <file>', 'where to; default for JSON Lines: stdout')
    .option('--debug', 'add stack traces to errors')
    .action(async (file: string, options: { format?: string; out?: string }) => {
      const { exportJournal } = await import('./commands/journal.js');
      done(await exportJournal(file, options, io));
    });
  journal
    .command('pnl <journal>')
    .description('add realised profit up from executions alone, by day and instrument, and hold the books against it')
    .option('--json', 'print one JSON document instead of text', false)
    .option('--debug', 'add stack traces to errors')
    .addHelpText('after', '\nExit status: 0 both agree, 1 they differ or the journal is damaged, 2 configuration or usage.')
    .action(async (file: string, options: { json: boolean }, command: Command) => {
      const { pnl } = await import('./commands/journal-pnl.js');
      done(await pnl(file, { ...options, debug: debugOf(command) }, io, secrets));
    });
  journal
    .command('trades <journal>')
    .description('print every execution with its cost and what it was for, over all runs of the account')
    .option('--from <date>', 'from here on: a date, or a time with its zone')
    .option('--to <date>', 'up to here')
    .option('--csv', 'print CSV', false)
    .option('--json', 'print one JSON document instead of text', false)
    .option('--debug', 'add stack traces to errors')
    .action(async (file: string, options: { from?: string; to?: string; csv: boolean; json: boolean }) => {
      const { trades } = await import('./commands/journal-trades.js');
      done(trades(file, options, io));
    });
  addPluginCommands(program, io, secrets, done);
  inherit(program);
  return program;
}

function inherit(command: Command): void {
  for (const inner of command.commands) {
    inner.exitOverride().copyInheritedSettings(command);
    inherit(inner);
  }
}
