/** Where a card runs: against fakes on this machine, or against a vendor's paper account. */
export type Tier = 'offline' | 'paper';

/** What a card promises, without the way to see it: what the documentation is written from. */
export type CardOutline = {
  /** Stays the same for ever, e.g. `BRK-010`. */
  readonly id: string;
  /** The promise, as a sentence in lower case. */
  readonly title: string;
  /** What goes wrong for a trader when it is broken. */
  readonly why: string;
  readonly tiers: readonly Tier[];
};

/** What a card is told beside its subject. */
export type CardContext = { readonly tier: Tier };

/** One promise of a port, and the way to see whether an implementation keeps it. */
export type Card<Subject> = CardOutline & {
  /**
   * Returns when the promise is kept.
   * @throws ContractFault when it is broken, VacuousCard when there is nothing to hold, SkippedCard when the harness
   * lacks something
   */
  run(subject: Subject, context: CardContext): void | Promise<void>;
};

export type SuiteOutline = {
  /** Name of the suite: that of its port, or `plugin`. */
  readonly name: string;
  /** Letters that its cards' ids begin with. */
  readonly prefix: string;
  /** What the suite is about, one or two sentences in Markdown. */
  readonly about: string;
  readonly cards: readonly CardOutline[];
};

/** The contract of a port: every implementation passes every card that its capabilities do not rule out. */
export type Suite<Subject> = Omit<SuiteOutline, 'cards'> & { readonly cards: ReadonlyArray<Card<Subject>> };

/** For cards that fakes alone can show. */
export const OFFLINE: readonly Tier[] = ['offline'];
/** For cards that a paper account can show as well. */
export const BOTH_TIERS: readonly Tier[] = ['offline', 'paper'];
