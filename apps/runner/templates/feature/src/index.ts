import { definePlugin, FEATURE } from '@keelson/core/plugin';
import { feature } from './feature.js';
import { VERSION } from './version.js';

export { feature };

/** Provides the feature `__ID__`. */
export default definePlugin({
  name: '__PACKAGE__',
  version: VERSION,
  api: '__API__',
  provides: ['feature'],
  register({ add }) {
    add(FEATURE, '__ID__', feature);
  },
});
