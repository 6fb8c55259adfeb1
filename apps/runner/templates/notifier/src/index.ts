import { definePlugin, NOTIFIER } from '@keelson/core/plugin';
import { notifier } from './notifier.js';
import { VERSION } from './version.js';

export { notifier };

/** Provides the notifier `__ID__`. */
export default definePlugin({
  name: '__PACKAGE__',
  version: VERSION,
  api: '__API__',
  provides: ['notifier'],
  register({ add }) {
    add(NOTIFIER, '__ID__', notifier);
  },
});
