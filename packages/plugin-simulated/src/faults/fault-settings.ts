import { z } from 'zod';

const chance = (what: string): z.ZodDefault<z.ZodNumber> => z.number().min(0).max(1).default(0).describe(what);

/** `faults:` of the broker `simulated`: what goes wrong between the account and the venue, and how often. */
export const faultsSchema = z.strictObject({
  seed: z.union([z.string(), z.int()]).optional().describe("Equal seeds give equal faults; default: the account's seed."),
  drop: chance('Chance that an event of the venue is lost on its way.'),
  duplicate: chance('Chance that an event comes twice.'),
  reorder: chance('Chance that an event is overtaken by the next one of the same moment.'),
  delay: chance('Chance, per moment, that everything the venue says is held up.'),
  resyncBars: z.int().min(1).default(10).describe('What was dropped is found out, at the latest, after so many moments.'),
  maxDelayBars: z.int().min(1).default(3).describe('Longest delay, in moments.'),
  reject: chance('Chance that the venue refuses an order.'),
  rejectExit: chance("Chance that the venue refuses one of a bracket's exits."),
  lose: chance('Chance that an order, change or cancel never arrives; of an order, the outcome is unknown.'),
  timeout: chance('Chance that the venue takes an order and its answer is lost: the outcome is unknown.'),
  repeat: chance('Chance that an order, change or cancel arrives twice.'),
  disconnect: chance('Chance, per moment, that the connection breaks.'),
  disconnectOnBracket: chance('Chance that the connection breaks right after a bracket arrived.'),
  maxDisconnectBars: z.int().min(1).default(5).describe('Longest time without a connection, in moments.'),
  restart: chance('Chance, per moment, that the venue restarts: the connection breaks, and every working order is gone without a word.'),
  partialFill: chance('Chance, per moment, that an order fills only in part.'),
  correct: chance('Chance, per fill, that the venue corrects its price later.'),
  bust: chance('Chance, per fill, that the venue takes it back later.'),
});

export type FaultSettings = z.output<typeof faultsSchema>;
/** Names of the chances. */
export type FaultKind = Exclude<keyof FaultSettings, 'seed' | 'resyncBars' | 'maxDelayBars' | 'maxDisconnectBars'>;
