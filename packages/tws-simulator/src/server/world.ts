import type { Host, SimulatorClock } from '../clock/simulator-clock.js';
import type { Market } from '../market/market.js';
import type { Catalogue } from '../reference/catalogue.js';
import type { Scenario } from '../scenario/scenario-schema.js';
import type { Trading } from '../trading/trading.js';
import type { Door } from './door.js';
import type { Pacing } from './pacing.js';
import type { SessionTable } from './session-table.js';
import type { Taps } from './taps.js';

/** What all message families share. */
export interface World {
  readonly scenario: Scenario;
  readonly clock: SimulatorClock;
  /** The machine's time: for limits that hold in real time, whatever the simulated clock does. */
  readonly host: Host;
  readonly catalogue: Catalogue;
  readonly market: Market;
  readonly trading: Trading;
  readonly sessions: SessionTable;
  readonly pacing: Pacing;
  readonly taps: Taps;
  readonly door: Door;
  /** One line about what happens, for whoever runs the simulator. */
  log(line: string): void;
}
