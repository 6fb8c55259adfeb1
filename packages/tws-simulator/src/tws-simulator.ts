import { z } from 'zod';
import { RunningClock } from './clock/running-clock.js';
import type { Host, SimulatorClock } from './clock/simulator-clock.js';
import { SteppedClock } from './clock/stepped-clock.js';
import { command } from './control/control-command.js';
import { ControlDesk } from './control/control-desk.js';
import { ControlServer } from './control/control-server.js';
import { FAMILIES } from './families/families.js';
import { Market } from './market/market.js';
import { priceSources } from './market/price-sources.js';
import { Catalogue } from './reference/catalogue.js';
import type { StockListing } from './reference/spot.js';
import { parseDay } from './time/calendar-day.js';
import { parseScenario, ScenarioError } from './scenario/load-scenario.js';
import type { Scenario, ScenarioInput } from './scenario/scenario-schema.js';
import { Door } from './server/door.js';
import { GatewayServer } from './server/gateway-server.js';
import { Pacing } from './server/pacing.js';
import { SessionTable } from './server/session-table.js';
import { Taps } from './server/taps.js';
import type { World } from './server/world.js';
import { Trading } from './trading/trading.js';

export interface TwsSimulatorOptions {
  readonly scenario?: ScenarioInput;
  /** Files that the scenario names are looked for here; the working folder by default. */
  readonly folder?: string;
  /** The machine's time and timers. */
  readonly host: Host;
  /** TCP port for clients; 0, the default, takes a free one. */
  readonly port?: number;
  /** TCP port for commands from other processes; none by default. */
  readonly controlPort?: number;
  /** Address to listen on; 127.0.0.1 by default. */
  readonly address?: string;
  /** Gets a line for everything that happens. */
  readonly log?: (line: string) => void;
}

/** Where the simulator listens. */
export interface Listening {
  readonly port: number;
  readonly controlPort: number | undefined;
}

/**
 * A local IB Gateway: speaks the TWS socket protocol, versions 176 to 193, with simulated markets, time and faults.
 *
 * ```ts
 * const simulator = new TwsSimulator({ host, scenario: { clock: { kind: 'stepped', start: '2026-05-04T14:00:00Z' } } });
 * const { port } = await simulator.start();
 * simulator.advance(60_000);
 * await simulator.stop();
 * ```
 */
export class TwsSimulator {
  readonly scenario: Scenario;
  private readonly clock: SimulatorClock;
  private readonly desk = new ControlDesk();
  private readonly control: ControlServer;
  private readonly gateway: GatewayServer;
  private readonly taps = new Taps();

  /** @throws ScenarioError when the scenario is wrong */
  constructor(private readonly options: TwsSimulatorOptions) {
    this.scenario = parseScenario(options.scenario);
    this.clock = clockOf(this.scenario, options.host);
    const catalogue = new Catalogue(this.clock, this.scenario.market.stocks.map(listingOf), new Set(this.scenario.market.closedDays.flatMap((day) => parseDay(day) ?? [])));
    const folder = options.folder ?? '.';
    const market = new Market(this.clock, priceSources(this.scenario, folder), this.scenario.seed, this.scenario.market.ticksPerSecond);
    const world: World = {
      catalogue,
      market,
      trading: new Trading({ scenario: this.scenario, clock: this.clock, catalogue, market, folder }),
      scenario: this.scenario,
      clock: this.clock,
      host: options.host,
      sessions: new SessionTable(),
      pacing: new Pacing(this.scenario.pacing, this.scenario.pacing.clock === 'wall' ? () => options.host.nowMs() : () => this.clock.now()),
      taps: this.taps,
      door: new Door(),
      log: options.log ?? (() => undefined),
    };
    const families = FAMILIES.map((family) => family(world));
    this.gateway = new GatewayServer(world, families);
    this.desk.add(this.ownCommands());
    for (const family of families) this.desk.add(family.commands ?? []);
    this.checkScript();
    this.control = new ControlServer(this.desk);
  }

  async start(): Promise<Listening> {
    const address = this.options.address ?? '127.0.0.1';
    const port = await this.gateway.listen(this.options.port ?? 0, address);
    const controlPort = this.options.controlPort === undefined ? undefined : await this.control.listen(this.options.controlPort, address);
    this.startScript();
    return { port, controlPort };
  }

  async stop(): Promise<void> {
    this.clock.close();
    await Promise.all([this.control.close(), this.gateway.close()]);
  }

  /** Simulated time, UTC ms. */
  now(): number {
    return this.clock.now();
  }

  /** Moves a stepped clock. */
  advance(ms: number): void {
    this.clock.advance(ms);
  }

  /** Breaks connections as a lost network does: of one client, or of all. @returns how many */
  drop(clientId?: number): number {
    return this.gateway.drop(clientId);
  }

  /** Runs any command of the control port: `simulator.run('setPrice', { symbol: 'MES', last: 5000 })`. @throws ControlFault */
  run(name: string, params?: unknown): unknown {
    return this.desk.run(name, params);
  }

  private checkScript(): void {
    const known = this.desk.list().map(({ name }) => name);
    const faults = this.scenario.script.flatMap(({ do: name }, index) => (known.includes(name) ? [] : [`script.${index}.do: was ${JSON.stringify(name)}, expected one of ${known.toSorted().join(', ')}`]));
    if (faults.length > 0) throw new ScenarioError(faults);
  }

  private startScript(): void {
    const startMs = this.clock.now();
    for (const step of this.scenario.script) {
      this.clock.at(startMs + step.afterMs, () => {
        try {
          this.run(step.do, step.params);
        } catch (error) {
          this.options.log?.(`script at ${step.afterMs} ms: ${(error as Error).message}`);
        }
      });
    }
  }

  private ownCommands() {
    return [
      command('help', 'lists the commands', z.strictObject({}), () => this.desk.list()),
      command('now', 'simulated time, UTC ms', z.strictObject({}), () => this.now()),
      command('advance', 'moves a stepped clock', z.strictObject({ ms: z.number().min(0) }), ({ ms }) => {
        this.advance(ms);
        return this.now();
      }),
      command('drop', 'breaks the connections, of one client or of all', z.strictObject({ clientId: z.int().optional() }), ({ clientId }) => this.drop(clientId)),
      command('clients', 'ids of the clients that are ready', z.strictObject({}), () => this.gateway.clients()),
    ];
  }
}

function clockOf(scenario: Scenario, host: Host): SimulatorClock {
  const { clock } = scenario;
  if (clock.kind === 'stepped') return new SteppedClock(clock.start);
  return clock.kind === 'scaled' ? new RunningClock(host, clock.start, clock.speed) : new RunningClock(host, host.nowMs(), 1);
}

const listingOf = ({ price, volatility, ...rest }: Scenario['market']['stocks'][number]): StockListing => ({ ...rest, basePrice: price, annualVolatility: volatility });
