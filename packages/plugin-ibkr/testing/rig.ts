import { calendarById, parseTimeframe, toUtcMs, type BrokerEvent, type Instrument, type SessionCalendar, type Timeframe } from '@keelson/core/domain';
import type { Logger, Random, Timer, VenueContext } from '@keelson/core/ports';
import type { ScenarioInput, TwsSimulator as Simulator } from '@keelson/tws-simulator';
import { TwsSimulator } from '@keelson/tws-simulator';
import { onTestFinished } from 'vitest';
import { machine } from '@keelson/tws-simulator/machine';
import { IbConnection } from '../src/connection.js';
import { connectionSchema, type ConnectionSettings } from '../src/settings.js';

/** Monday, an hour into the regular session. */
export const MONDAY = '2026-05-04T14:30:00Z';

export const mes: Instrument = { id: 'MES', venue: 'CME', type: 'future', currency: 'USD', multiplier: 5, tickSize: 0.25, lotSize: 1, calendar: 'cme-equity-index', symbols: {} };

/** The machine's timer: sockets run in its time. */
export const realTimer: Timer = {
  after(ms, call) {
    const handle = machine.setTimer(call, ms);
    return () => machine.clearTimer(handle);
  },
};

/** A hurried machine: waits take a hundredth of what they say. Limits that guard against real delays are to be given a hundredfold. */
export const hastyTimer: Timer = { after: (ms, call) => realTimer.after(ms / 100, call) };

const noChance: Random = { next: () => 0, int: () => 0, normal: () => 0, fork: () => noChance };

/** What was logged, a line each. */
export function listLogger(lines: string[]): Logger {
  const write = (level: string) => (message: string): void => void lines.push(`${level} ${message}`);
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

export type Rig = {
  readonly simulator: Simulator;
  readonly port: number;
  readonly settings: ConnectionSettings;
  readonly log: string[];
  readonly connection: IbConnection;
  context<Params>(params: Params, more?: Partial<VenueContext<Params>>): VenueContext<Params>;
  /** A connection of a new process to the same gateway. */
  again(): Promise<Rig>;
  close(): Promise<void>;
};

/** A simulator whose time stands still, and a connection to it; both are closed when the test has ended. */
export async function startRig(scenario: ScenarioInput = {}, settings: Partial<ConnectionSettings> = {}, instruments: readonly Instrument[] = [mes]): Promise<Rig> {
  const rig = await openRig(scenario, settings, instruments);
  onTestFinished(() => rig.close());
  return rig;
}

/** The same, to be closed by whoever opened it. `through` stands in between, and gives the port that it listens on. */
export async function openRig(scenario: ScenarioInput = {}, settings: Partial<ConnectionSettings> = {}, instruments: readonly Instrument[] = [mes], timer: Timer = realTimer, through: (port: number) => Promise<number> = async (port) => port): Promise<Rig> {
  const simulator = new TwsSimulator({ host: machine, scenario: { clock: { kind: 'stepped', start: MONDAY }, ...scenario } });
  const port = await through((await simulator.start()).port);
  const rig = connectTo(simulator, port, settings, instruments, timer);
  return {
    ...rig,
    close: async () => {
      rig.connection.pacing.stop();
      await simulator.stop();
    },
  };
}

function connectTo(simulator: Simulator, port: number, settings: Partial<ConnectionSettings>, instruments: readonly Instrument[], timer: Timer): Rig {
  const log: string[] = [];
  const checked = connectionSchema.parse({ port, connectTimeoutMs: 20_000, requestTimeoutMs: 20_000, ...settings });
  const calendars = Object.fromEntries(instruments.map(({ calendar }) => [calendar, calendarById(calendar) as SessionCalendar]));
  const logger = listLogger(log);
  const connection = new IbConnection(checked, { calendars, timer, logger });
  return {
    simulator,
    port,
    settings: checked,
    log,
    connection,
    context: (params, more = {}) => ({ params, account: 'a', baseCurrency: 'USD', initialCash: 100_000, rates: {}, instruments, calendars, timeframe: parseTimeframe('1m') as Timeframe, clock: { now: () => toUtcMs(simulator.now()) }, timer, random: noChance, logger, baseDir: '.', ...more }),
    again: async () => connectTo(simulator, port, settings, instruments, timer),
    close: async () => connection.pacing.stop(),
  };
}

/** Waits until `probe` gives something, looking again with every turn of the event loop. */
export async function until<T>(probe: () => T | undefined | false, what = 'it'): Promise<T> {
  let waiting = true;
  const callOff = realTimer.after(40_000, () => { waiting = false; });
  for (;;) {
    const found = probe();
    if (found !== undefined && found !== false) {
      callOff();
      return found;
    }
    if (!waiting) throw new Error(`${what} did not happen`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Events in the order in which they came, with a way to wait for one. */
export class EventLog {
  readonly all: BrokerEvent[] = [];
  readonly take = (event: BrokerEvent): void => void this.all.push(event);

  find<Kind extends BrokerEvent['kind']>(kind: Kind, id?: string): Promise<Extract<BrokerEvent, { kind: Kind }>> {
    return until(() => this.all.find((event): event is Extract<BrokerEvent, { kind: Kind }> => event.kind === kind && (id === undefined || ('clientOrderId' in event && event.clientOrderId === id) || (event.kind === 'fill' && event.fill.clientOrderId === id))), `${kind} ${id ?? ''}`);
  }
}
