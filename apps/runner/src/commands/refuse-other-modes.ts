import { ConfigError } from '@keelson/core/errors';
import type { PreparedAccount } from './prepare-account.js';

/** For commands that run over history. @throws ConfigError CFG_CONFLICT */
export function refuseOtherModes({ config, reading }: PreparedAccount): void {
  if (config.mode === 'backtest') return;
  const position = reading.document.positionOf('mode');
  const where = position === undefined ? '' : `${reading.document.shown}:${position.line}:${position.column}: `;
  throw new ConfigError('CFG_CONFLICT', `${where}mode was ${config.mode}, expected backtest for this command`, { hint: 'add --set mode=backtest, with a data feed of history and the simulated broker' });
}
