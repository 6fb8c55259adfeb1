import { definePlugin, BROKER } from '@keelson/core/plugin';
import { broker } from './broker.js';
import { VERSION } from './version.js';

export { broker };

/** Provides the broker `__ID__`. */
export default definePlugin({
  name: '__PACKAGE__',
  version: VERSION,
  api: '__API__',
  provides: ['broker'],
  register({ add }) {
    add(BROKER, '__ID__', broker);
  },
});
