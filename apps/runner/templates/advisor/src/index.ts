import { definePlugin, ADVISOR } from '@keelson/core/plugin';
import { advisor } from './advisor.js';
import { VERSION } from './version.js';

export { advisor };

/** Provides the advisor `__ID__`. */
export default definePlugin({
  name: '__PACKAGE__',
  version: VERSION,
  api: '__API__',
  provides: ['advisor'],
  register({ add }) {
    add(ADVISOR, '__ID__', advisor);
  },
});
