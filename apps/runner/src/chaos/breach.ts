import type { UtcMs } from '@keelson/core/domain';

/** What a run under faults is held to. */
export const CHAOS_LAWS = {
  'sent-once': 'no order is sent twice, and no decision makes two entries',
  cap: 'no position is ever larger than the cap of its instrument (risk.maxContracts)',
  protection: 'a position whose entry promised a stop has it, within the grace',
  equity: 'equity is what was put in, and what trading made of it',
  agreement: 'books and venue hold the same in the end',
  'lost-fill': 'every fill of the venue is in the journal',
  replay: 'the journal gives the same decisions again',
  run: 'the run goes on to its end',
} as const satisfies Record<string, string>;

export type ChaosLaw = keyof typeof CHAOS_LAWS;

/** A law that broke: which, when by the account's time, and how. */
export type Breach = { readonly law: ChaosLaw; readonly at: UtcMs; readonly what: string };

const MOST = 20;

/** Breaches of one run, each way of breaking once. */
export class Breaches {
  readonly list: Breach[] = [];

  constructor(private readonly now: () => UtcMs) {}

  add(law: ChaosLaw, what: string): void {
    if (this.list.length < MOST && !this.list.some((each) => each.law === law && each.what === what)) this.list.push({ law, at: this.now(), what });
  }
}
