import * as z from '#zod';
import { parseDuration } from '../domain/duration.js';
import { delaySchema, durationSchema } from './duration-schema.js';

/** When a source outside is asked, and how long it may take. */
const asked = {
  use: z.string().min(1),
  config: z.record(z.string(), z.unknown()).default({}).describe('Settings of the feed.'),
  every: durationSchema.default('5m').describe('How often it is asked.'),
  latency: delaySchema.default('1s').describe('In a run over history: how long an answer takes to arrive.'),
  timeout: durationSchema.default('10s').describe('An answer that takes longer counts as none.'),
};

/** An answer that arrives when its value has expired is none. */
const inTime =
  <Key extends string>(limit: Key) =>
  (settings: Readonly<Record<Key | 'latency', string>>, context: z.core.$RefinementCtx): void => {
    const latencyMs = parseDuration(settings.latency);
    const limitMs = parseDuration(settings[limit]);
    if (latencyMs === undefined || limitMs === undefined || latencyMs < limitMs) return;
    context.addIssue({ code: 'custom', path: ['latency'], message: `expected less than ${limit} (${settings[limit]}), or there is never a value: lower latency or raise ${limit}` });
  };

/** One entry of `context:`. */
const seriesSchema = z.strictObject({
  ...asked,
  use: asked.use.describe('Id of a context feed.'),
  expiresAfter: durationSchema.default('1h').describe('A value older than this is absent.'),
  required: z.boolean().default(false).describe('While it is absent there are no entries; exits go on.'),
}).superRefine(inTime('expiresAfter'));

/** `context:`, slow series from outside by the name they are asked for with. */
export const contextSchema = z.record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$/, { error: 'expected a name of 1 to 40 letters, digits and . _ / -' }), seriesSchema);

const sourceSchema = z.strictObject({
  ...asked,
  use: asked.use.describe('Id of a news feed.'),
  every: durationSchema.default('15m').describe('How often it is asked.'),
  staleAfter: durationSchema.default('1d').describe('Without an answer for this long the news counts as unavailable.'),
}).superRefine(inTime('staleAfter'));

/** `news:`, headlines and calendars. */
export const newsSchema = z.strictObject({
  sources: z.record(z.string().min(1), sourceSchema).default({}).describe('Where events come from, by name.'),
  keywords: z.array(z.string().trim().min(1)).default([]).describe('Words to look for in titles, beside the default ones.'),
  lookBack: durationSchema.default('1d').describe('Events are kept this long after they happened.'),
  lookAhead: durationSchema.default('7d').describe('Events this far ahead are fetched.'),
});

/** `triggers:` of an advisor. */
export const triggersSchema = z.strictObject({
  news: z.array(z.string().trim().min(1)).min(1).describe('Keywords: it is asked as soon as an event with one of them becomes known, if it is one of the past hour or the next day.'),
  minutesBefore: z.number().positive().optional().describe('It is asked again this long before such an event.'),
});

export type SeriesSettings = z.output<typeof seriesSchema>;
export type SourceSettings = z.output<typeof sourceSchema>;
export type NewsSettings = z.output<typeof newsSchema>;
export type TriggerSettings = z.output<typeof triggersSchema>;
