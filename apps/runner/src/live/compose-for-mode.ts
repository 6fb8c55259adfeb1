import { composeAccount, composeLive, type ComposeOptions, type Engine } from '@keelson/core/engine';
import { machineTimer } from '../machine-timer.js';
import { machineClock } from './machine-clock.js';

/** Puts an account together to be looked at. What it would be refused for at its start, by its mode, shows as well. */
export function composeForMode(options: ComposeOptions): Engine {
  if (options.config.mode !== 'backtest') composeLive({ ...options, clock: machineClock, timer: machineTimer });
  return composeAccount(options);
}
