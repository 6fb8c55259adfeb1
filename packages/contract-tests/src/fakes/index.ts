export { testInstrument } from './instruments.js';
export type { LogEntry } from './kept-log.js';
export { KeptLog } from './kept-log.js';
export type { SeededBarsOptions } from './seeded-bars.js';
export { seededBars } from './seeded-bars.js';
export { venueContext } from './venue-context.js';
export { VIRTUAL_START, VirtualTime } from './virtual-time.js';
