export type { Host } from './clock/simulator-clock.js';
export { ControlFault } from './control/control-command.js';
export { loadScenario, ScenarioError } from './scenario/load-scenario.js';
export { scenarioSchema } from './scenario/scenario-schema.js';
export type { Scenario, ScenarioInput } from './scenario/scenario-schema.js';
export { TwsSimulator } from './tws-simulator.js';
export type { Listening, TwsSimulatorOptions } from './tws-simulator.js';
export { main } from './main.js';
