export type { ComposeOptions } from './compose-account.js';
export { composeAccount, inspectPlugins } from './compose-account.js';
export type { Engine } from './engine.js';
export { HistoricalClock } from './historical-clock.js';
export { MemoryJournal, NULL_JOURNAL } from './journals.js';
export type { OpenPosition, RunOptions, RunProgress, RunResult } from './run-result.js';
export { createRandom } from './seeded-random.js';
