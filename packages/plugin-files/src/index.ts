import { DATA_FEED, definePlugin } from '@keelson/core/plugin';
import { fileFeed } from './file-feed.js';

export type { FaultKind, Quality } from './fault-log.js';
export { FAULT_KINDS } from './fault-log.js';
export { FileFeed, fileFeed } from './file-feed.js';
export type { FileFeedInput, FileFeedParams, ReadSettings } from './params.js';
export { fileFeedParams } from './params.js';
export type { ReadResult } from './read-bars.js';
export { readBars } from './read-bars.js';
export { detectTimeFormat, StampReader } from './stamp-reader.js';
export { ZoneClock } from './zone-clock.js';

/** Provides the data feed `file`. */
export default definePlugin({
  name: '@keelson/plugin-files',
  version: '0.1.0',
  api: '^1.0.0',
  provides: ['data-feed'],
  register({ add }) {
    add(DATA_FEED, 'file', fileFeed);
  },
});
