import { onTestFinished } from 'vitest';
import { machine } from '../bin/machine.js';
import type { ScenarioInput } from '../src/scenario/scenario-schema.js';
import { TwsSimulator, type TwsSimulatorOptions } from '../src/tws-simulator.js';

/** Monday, an hour into the regular session of the exchanges in Chicago and New York. */
export const MONDAY = '2026-05-04T14:30:00Z';

/** A simulator on a free port whose time stands still; it stops when the test has ended. */
export async function startSimulator(scenario: ScenarioInput = {}, options: Partial<TwsSimulatorOptions> = {}) {
  const simulator = new TwsSimulator({ host: machine, scenario: { clock: { kind: 'stepped', start: MONDAY }, ...scenario }, ...options });
  const { port, controlPort } = await simulator.start();
  onTestFinished(() => simulator.stop());
  return { simulator, port, controlPort };
}
