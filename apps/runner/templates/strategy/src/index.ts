import { definePlugin, STRATEGY } from '@keelson/core/plugin';
import { strategy } from './strategy.js';
import { VERSION } from './version.js';

export { strategy };

/** Provides the strategy `__ID__`. */
export default definePlugin({
  name: '__PACKAGE__',
  version: VERSION,
  api: '__API__',
  provides: ['strategy'],
  register({ add }) {
    add(STRATEGY, '__ID__', strategy);
  },
});
