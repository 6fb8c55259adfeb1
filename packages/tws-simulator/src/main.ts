import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { Host } from './clock/simulator-clock.js';
import { inScenario, loadScenario, ScenarioError } from './scenario/load-scenario.js';
import { TwsSimulator } from './tws-simulator.js';

/** What the command needs of its process. */
export interface Process {
  readonly host: Host;
  out(line: string): void;
  error(line: string): void;
  /** Settles when the process is asked to end. */
  readonly ended: Promise<void>;
}

/** The `tws-simulator` command: runs until the process is asked to end. @returns the exit code: 0 done, 1 failed, 2 wrong usage or scenario */
export async function main(args: readonly string[], process: Process): Promise<number> {
  const command = new Command('tws-simulator')
    .description('A local IB Gateway for tests: speaks the TWS socket protocol, versions 176 to 193.')
    .option('-p, --port <number>', 'port for clients, 0 for a free one', portOf, 4002)
    .option('-s, --scenario <file>', 'scenario, YAML')
    .option('-c, --control <number>', 'port for commands, one JSON document a line, 0 for a free one', portOf)
    .option('-a, --address <address>', 'address to listen on', '127.0.0.1')
    .option('-v, --verbose', 'tell everything that happens')
    .exitOverride()
    .configureOutput({ writeOut: (text) => process.out(text.trimEnd()), writeErr: (text) => process.error(text.trimEnd()) });
  try {
    command.parse(args, { from: 'user' });
    const { port, scenario: path, control, address, verbose } = command.opts<{ port: number; scenario?: string; control?: number; address: string; verbose?: boolean }>();
    const loaded = path === undefined ? undefined : loadScenario(path);
    const simulator = inScenario(path ?? 'scenario', () => new TwsSimulator({
      host: process.host,
      port,
      address,
      ...(loaded === undefined ? {} : loaded),
      ...(control === undefined ? {} : { controlPort: control }),
      ...(verbose === true ? { log: process.error } : {}),
    }));
    const listening = await simulator.start();
    process.out(JSON.stringify(listening));
    await process.ended;
    await simulator.stop();
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof ScenarioError) {
      for (const fault of error.faults) process.error(fault);
      return 2;
    }
    const { code, message } = error as NodeJS.ErrnoException;
    process.error(code === 'EADDRINUSE' ? `${message}: choose another port with --port or --control, 0 for a free one` : message);
    return 1;
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('The port was expected 0 to 65535; 0 takes a free one.');
  return port;
}
