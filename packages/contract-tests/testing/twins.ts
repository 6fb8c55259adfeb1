import { describe, expect, it } from 'vitest';
import type { Suite } from '../src/frame/card.js';
import { runSuite, type SuiteReport } from '../src/frame/run-suite.js';

/** An implementation that is broken on purpose, in one way. */
export type BrokenTwin<Subject> = {
  /** Id of the card that must fail, and no other. */
  readonly breaks: string;
  /** What is wrong with it: `sends a repeated order twice`. */
  readonly how: string;
  readonly subject: () => Subject;
};

function idsWith(report: SuiteReport, result: string): string[] {
  return report.results.filter((each) => each.result === result).map(({ id }) => id);
}

/**
 * Puts a suite to the test: sound implementations fail no card, and each has something to hold for one of them, every card
 * has a twin, and every twin fails exactly its card. Subjects are made anew for each run.
 */
export function proveSuite<Subject>(suite: Suite<Subject>, sound: () => Subject, twins: ReadonlyArray<BrokenTwin<Subject>>, others: ReadonlyArray<() => Subject> = []): void {
  describe(`the suite of ${suite.name}`, () => {
    it('is passed by sound implementations, every card with something to hold for one of them', async () => {
      const passed = new Set<string>();
      for (const make of [sound, ...others]) {
        const report = await runSuite(suite, make());
        expect(report.results.filter(({ result }) => result === 'failed')).toEqual([]);
        for (const each of report.results) if (each.result === 'passed' && each.note === undefined) passed.add(each.id);
      }
      expect(suite.cards.map(({ id }) => id).filter((id) => !passed.has(id))).toEqual([]);
    });

    it('has a broken twin for every card', () => {
      const broken = new Set(twins.map(({ breaks }) => breaks));
      expect(suite.cards.map(({ id }) => id).filter((id) => !broken.has(id))).toEqual([]);
    });

    it.each(twins.map((twin) => [twin.breaks, twin.how, twin] as const))('fails %s, and nothing else, for one that %s', async (id, _how, twin) => {
      const report = await runSuite(suite, twin.subject());
      const failed = report.results.flatMap((each) => (each.result === 'failed' ? [`${each.id}: ${each.message}`] : []));
      expect(idsWith(report, 'failed'), failed.join('\n')).toEqual([id]);
    });
  });
}
