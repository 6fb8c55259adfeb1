import * as z from '#zod';
import { durationSchema } from './duration-schema.js';

/** `watch:`, what a live run watches over beside the market. */
export const watchSchema = z.strictObject({
  staleAfterBars: z.number().min(1.5).default(3).describe('Without a bar for so many bar lengths while the market is open there are no entries, until bars come back.'),
  warnClockDrift: durationSchema.default('2s').describe('A difference between the clocks of this machine and of feed or venue that is reported.'),
  maxClockDrift: durationSchema.default('10s').describe('One with which there are no entries, until the clocks agree again.'),
  orderTimeout: durationSchema.default('15s').describe('An order that the venue has not answered after this long counts as of unknown outcome: the venue is read, and nothing is sent twice.'),
  reconcileEvery: durationSchema.default('5m').describe("How often books and venue are compared."),
  reconnectAttempts: z.int().min(1).default(10).describe('After so many attempts in a row that failed the account is halted until somebody resumes; it goes on trying.'),
});

export type WatchSettings = z.output<typeof watchSchema>;
