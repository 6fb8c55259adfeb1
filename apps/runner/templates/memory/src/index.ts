import { definePlugin, MEMORY } from '@keelson/core/plugin';
import { memory } from './memory.js';
import { VERSION } from './version.js';

export { memory };

/** Provides the memory `__ID__`. */
export default definePlugin({
  name: '__PACKAGE__',
  version: VERSION,
  api: '__API__',
  provides: ['memory'],
  register({ add }) {
    add(MEMORY, '__ID__', memory);
  },
});
