import { z } from 'zod';

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const clock = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('real') }),
  z.strictObject({ kind: z.literal('scaled'), start: instant, speed: z.number().positive().max(100_000) }),
  z.strictObject({ kind: z.literal('stepped'), start: instant }),
]);

/** What the simulator is: accounts, time, markets, limits. Everything has a default, so an empty file is a scenario. */
export const scenarioSchema = z.strictObject({
  /** Newest server version to agree to, 176 to 193. */
  serverVersion: z.int().min(176).max(193).default(193),
  /** Zone of the login, IANA: times without a zone are in it. */
  timeZone: z.string().default('America/New_York').refine(isZone, { error: (issue) => `was ${JSON.stringify(issue.input)}, expected a time zone such as America/New_York or UTC` }),
  accounts: z.array(z.string().regex(/^[A-Z0-9]+$/)).min(1).default(['DU1234567']),
  /** First order id of a new client. */
  firstOrderId: z.int().min(1).default(1),
  clock: clock.default({ kind: 'real' }),
  seed: z.int().min(0).default(1),
});

export type Scenario = z.infer<typeof scenarioSchema>;
export type ScenarioInput = z.input<typeof scenarioSchema>;

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
