import type { Suite } from './card.js';
import { runCard, type SuiteOptions } from './run-suite.js';

/** What a test may say of itself while it runs. */
export type TestContext = {
  readonly skip: (reason?: string) => void;
  /** Vitest's way to note something with a test. */
  readonly annotate?: (note: string) => unknown;
  /** That of node:test. */
  readonly diagnostic?: (note: string) => void;
};

/** What is used of a test runner: `{ describe, it }` of vitest or of node:test. */
export type TestRunner = {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: (context: TestContext) => Promise<void>) => unknown;
};

/** Declares one test for each card, `BRK-010 a repeated client order id yields one order`. Skipped ones say why, and those with nothing to hold note it. */
export function declareSuite<Subject>(suite: Suite<Subject>, { describe, it }: TestRunner, subject: Subject, options: SuiteOptions = {}): void {
  const tier = options.tier ?? 'offline';
  describe(`${options.of ?? 'it'} keeps the contract of ${suite.name} (${tier})`, () => {
    for (const card of suite.cards) {
      it(`${card.id} ${card.title}`, async (context) => {
        const outcome = await runCard(card, subject, options);
        if (outcome.result === 'passed' && outcome.note !== undefined) await noteWith(context, outcome.note);
        else if (outcome.result === 'skipped') context.skip(outcome.reason);
        else if (outcome.result === 'failed') throw new Error(`${card.id}: ${outcome.message} (${card.why})`, { cause: outcome.fault });
      });
    }
  });
}

async function noteWith(context: TestContext, note: string): Promise<void> {
  await context.annotate?.(note);
  context.diagnostic?.(note);
}
