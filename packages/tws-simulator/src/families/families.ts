import type { MessageFamily } from '../server/message-family.js';
import type { World } from '../server/world.js';
import { accountFamily } from './account-family.js';
import { connectionFamily } from './connection-family.js';
import { depthFamily } from './depth-family.js';
import { historyFamily } from './history-family.js';
import { marketDataFamily } from './market-data-family.js';
import { priceCommands } from './price-commands.js';
import { referenceFamily } from './reference-family.js';
import { tickFamily } from './tick-family.js';
import { tradingFamily } from './trading-family.js';

/** Every family of messages that the simulator speaks. A new one is added here. */
export const FAMILIES: readonly ((world: World) => MessageFamily)[] = [
  connectionFamily, referenceFamily, historyFamily, marketDataFamily, tickFamily, depthFamily, priceCommands, tradingFamily, accountFamily,
];
