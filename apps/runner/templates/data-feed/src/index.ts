import { definePlugin, DATA_FEED } from '@keelson/core/plugin';
import { dataFeed } from './data-feed.js';
import { VERSION } from './version.js';

export { dataFeed };

/** Provides the data feed `__ID__`. */
export default definePlugin({
  name: '__PACKAGE__',
  version: VERSION,
  api: '__API__',
  provides: ['data-feed'],
  register({ add }) {
    add(DATA_FEED, '__ID__', dataFeed);
  },
});
