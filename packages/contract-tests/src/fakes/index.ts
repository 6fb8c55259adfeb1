/**
 * Venues, feeds, bars and time for tests of one's own.
 *
 * @module fakes
 */
export { testInstrument } from './instruments.js';
export type { LogEntry } from './kept-log.js';
export { KeptLog } from './kept-log.js';
export type { SeededBarsOptions } from './seeded-bars.js';
export { seededBars } from './seeded-bars.js';
export { venueContext } from './venue-context.js';
export { VIRTUAL_START, VirtualTime } from './virtual-time.js';
export { ScriptedBroker } from './venue/scripted-broker.js';
export type { ScriptedVenueOptions } from './venue/scripted-venue.js';
export { ScriptedVenue } from './venue/scripted-venue.js';
export type { ScriptedFeedOptions } from './scripted-feed.js';
export { ScriptedFeed } from './scripted-feed.js';
