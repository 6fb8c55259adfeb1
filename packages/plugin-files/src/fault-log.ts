import { DataError } from '@keelson/core/errors';

/** Faults that the quality gate knows; the docs describe each. */
export const FAULT_KINDS = [
  'unparseable', 'duplicate', 'high-below-low', 'open-close-outside', 'zero-price', 'negative-price', 'negative-volume',
  'off-tick', 'jump', 'gap', 'outside-session', 'spacing', 'bad-quote', 'crossed-quotes', 'negative-size',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];
export type Quality = 'strict' | 'warn' | 'off';

/** A bar with one of these cannot be traded on, and is left out where it does not fail the run. */
const UNUSABLE: ReadonlySet<FaultKind> = new Set<FaultKind>(['unparseable', 'duplicate', 'high-below-low', 'zero-price', 'negative-volume']);
/** A bar with one of these loses its depth, and nothing else. */
const WITHOUT_DEPTH: ReadonlySet<FaultKind> = new Set<FaultKind>(['bad-quote', 'crossed-quotes', 'negative-size']);
const KEPT_PER_KIND = 5;
const SHOWN_IN_ERROR = 5;

type Finding = { readonly row: number; readonly what: string };
type Tally = { count: number; readonly first: Finding[] };

/** Faults of one file: how many of each kind, and the first few with row and value. */
export class FaultLog {
  private readonly tallies = new Map<FaultKind, Tally>();
  private readonly hints = new Set<string>();

  /** `what` names the value; only called for the first few of a kind, so that a bad file costs no memory. */
  add(kind: FaultKind, row: number, what: () => string): void {
    let tally = this.tallies.get(kind);
    if (tally === undefined) this.tallies.set(kind, (tally = { count: 0, first: [] }));
    tally.count++;
    if (tally.first.length < KEPT_PER_KIND) tally.first.push({ row, what: what() });
  }

  /** What to do about these faults in particular. */
  hint(text: string): void {
    this.hints.add(text);
  }

  count(kind: FaultKind): number {
    return this.tallies.get(kind)?.count ?? 0;
  }

  /** An error over the kinds that are not tolerated; undefined when there are none. */
  error(file: string, tolerate: readonly FaultKind[]): DataError | undefined {
    const bad = [...this.tallies].filter(([kind]) => !tolerate.includes(kind));
    if (bad.length === 0) return undefined;
    const total = bad.reduce((sum, [, tally]) => sum + tally.count, 0);
    const counts = bad.map(([kind, tally]) => `${tally.count} ${kind}`).join(', ');
    const first = bad
      .flatMap(([kind, tally]) => tally.first.map((finding) => ({ kind, ...finding })))
      .sort((a, b) => a.row - b.row)
      .slice(0, SHOWN_IN_ERROR)
      .map(({ kind, row, what }) => `row ${row}: ${what} [${kind}]`)
      .join('; ');
    const general = `correct the file, let kinds pass with tolerate: [${bad.map(([kind]) => kind).join(', ')}], or set quality: warn`;
    return new DataError('DATA_QUALITY', `${file} has ${total} ${total === 1 ? 'fault' : 'faults'} (${counts}), expected none; ${first}`, {
      hint: [...this.hints, general].join('; or '),
      context: { file, faults: Object.fromEntries(bad.map(([kind, tally]) => [kind, tally.count])) },
    });
  }

  /** One line for each kind. */
  warnings(file: string): readonly string[] {
    return [...this.tallies].map(([kind, { count, first }]) => {
      const examples = first.map(({ row, what }) => `row ${row}: ${what}`).join('; ');
      const fate = kind === 'gap' || kind === 'spacing' ? '' : UNUSABLE.has(kind) ? ', left out' : WITHOUT_DEPTH.has(kind) ? ', kept without depth' : ', kept';
      return `${file}: ${count} ${kind}${fate}: ${examples}${count > first.length ? '; …' : ''}`;
    });
  }
}
