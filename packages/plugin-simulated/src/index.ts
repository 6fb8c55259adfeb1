import { BROKER, DATA_FEED, definePlugin } from '@keelson/core/plugin';
import { simulatedBroker } from './simulated-broker.js';
import { syntheticFeed } from './synthetic/synthetic-feed.js';

export { simulatedBroker, syntheticFeed };
export { faultsSchema } from './faults/fault-settings.js';
export type { FaultSettings } from './faults/fault-settings.js';
export type { StruckFault } from './faults/fault-dice.js';
export { RemoteVenue } from './faults/remote-venue.js';
export type { RemoteClient, VenueWatch } from './faults/remote-venue.js';
export { simulatedParams } from './config.js';
export type { SimulatedParams } from './config.js';

export default definePlugin({
  name: '@keelson/plugin-simulated',
  version: '0.1.0',
  api: '^1.0.0',
  provides: ['broker', 'data-feed'],
  register({ add }) {
    add(BROKER, 'simulated', simulatedBroker);
    add(DATA_FEED, 'synthetic', syntheticFeed);
  },
});
