import { BROKER, DATA_FEED, createToken, defineBroker, defineDataFeed, definePlugin } from '@keelson/core/plugin';
import type { VenueContext } from '@keelson/core/ports';
import { IbkrBroker, brokerParams } from './broker/ibkr-broker.js';
import { IbConnection } from './connection.js';
import { IbkrFeed, feedParams } from './feed/ibkr-feed.js';
import { connectionSchema, type ConnectionSettings } from './settings.js';

export default definePlugin<ConnectionSettings>({
  name: '@keelson/plugin-ibkr',
  version: '0.1.0',
  api: '^1.0.0',
  config: connectionSchema,
  provides: ['broker', 'data-feed'],
  register({ add, config, container }) {
    // made with the first of the two that an account uses
    const shared = createToken<{ connection?: IbConnection }>('Interactive Brokers');
    container.provide(shared, {});
    const connectionOf = (context: VenueContext<unknown>): IbConnection => (container.get(shared).connection ??= new IbConnection(config, context));
    add(BROKER, 'ibkr', defineBroker({ params: brokerParams, create: (context) => new IbkrBroker(connectionOf(context), config, context) }));
    add(DATA_FEED, 'ibkr', defineDataFeed({ params: feedParams, create: (context) => new IbkrFeed(connectionOf(context), config, context) }));
  },
});
