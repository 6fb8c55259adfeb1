import { OFFLINE, type Card } from './card.js';

/** What a card works with: a subject that was opened, and the means to make things happen around it. */
export type Bench<Control extends string> = {
  /** A control that the card cannot go without: ends it where there is none. */
  control(name: Control): unknown;
  close(): Promise<void>;
};

export type BenchCardFields<Control extends string, Own extends Bench<Control>> = {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  /** Controls without which there is nothing to see. */
  readonly needs?: readonly Control[];
  readonly play: (bench: Own) => void | Promise<void>;
};

/** Makes cards that each open a bench, end at once where there is nothing to see the promise with, and take the bench down. */
export function benchCards<Subject, Control extends string, Own extends Bench<Control>>(open: (subject: Subject) => Own | Promise<Own>): (fields: BenchCardFields<Control, Own>) => Card<Subject> {
  return ({ id, title, why, needs = [], play }) => ({
    id,
    title,
    why,
    tiers: OFFLINE,
    async run(subject) {
      const bench = await open(subject);
      try {
        for (const control of needs) bench.control(control);
        await play(bench);
      } finally {
        await bench.close();
      }
    },
  });
}
