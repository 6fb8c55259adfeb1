import { toFraction, toPrice, toUtcMs, type UtcMs } from '../domain/units.js';
import { showValue } from '../config/show-value.js';
import { messageOf } from '../errors.js';
import type { Account } from '../pipeline/account.js';
import type { JournalRecord } from '../ports/journal.js';
import type { Proposal, ProposalSource } from '../ports/proposal.js';
import { Inquiries, type Reply } from './inquiries.js';
import type { OffPath } from './kernel.js';
import type { SourceParts } from './source-parts.js';

/** Ids that are remembered, so that none counts twice. */
const MOST_IDS = 65_536;
/** After this long a source's answer is no longer waited for. */
const TIMEOUT_MS = 30_000;

/** A proposal in the journal, as it arrived. */
type ProposalData = { readonly source: string; readonly proposal: Proposal };

type Letter = ProposalData & { readonly arrives: number };

/** A source of the account under its id. */
export type SeatedSource = { readonly id: string; readonly source: ProposalSource };

/**
 * Asks the sources of proposals off the bar path, and delivers what they gave to the desks, where the stage
 * `confirm-proposals` decides. A proposal arrives `latencyMs` after it was asked for and after it was made,
 * whichever is later, by the bars' clock: so a run over history is the same every time, and sees none early.
 */
export class ProposalDesk implements OffPath {
  private readonly inquiries: Inquiries<readonly unknown[]>;
  private letters: Letter[] = [];
  private readonly ids = new Set<string>();
  /** What was last reported of a source that fails. */
  private readonly troubles = new Map<SeatedSource, string>();

  constructor(
    private readonly sources: readonly SeatedSource[],
    private readonly account: Account,
    { clock, timer, overHistory }: SourceParts,
  ) {
    const inquiries = sources.map(({ source }) => ({
      ...source.schedule,
      timeoutMs: TIMEOUT_MS,
      ask: async (now: UtcMs, cancel: AbortSignal): Promise<readonly unknown[]> => {
        const answer: unknown = await source.poll(now, cancel);
        if (!Array.isArray(answer)) throw new TypeError(`it gave ${showValue(answer)}, expected a list of proposals`);
        return answer as readonly unknown[];
      },
    }));
    this.inquiries = new Inquiries(inquiries, clock, timer, overHistory, (source, reply, asked) => this.take(sources[source] as SeatedSource, reply, asked));
  }

  get idle(): boolean {
    return this.sources.length === 0;
  }

  get waiting(): boolean {
    return this.inquiries.waiting;
  }

  deliver(now: UtcMs): void {
    this.inquiries.deliver(now);
    if (this.letters.length === 0 || (this.letters[0] as Letter).arrives > now) return;
    const { journal } = this.account;
    const arrived = this.letters.filter(({ arrives }) => arrives <= now);
    this.letters = this.letters.slice(arrived.length);
    for (const { source, proposal } of arrived) {
      const data: ProposalData = { source, proposal };
      if (journal.enabled) journal.append({ kind: 'proposal', time: now, data });
      this.receive(data, now);
    }
  }

  /** Takes a proposal out of a journal; false for a record of another kind. */
  recall(record: JournalRecord): boolean {
    if (record.kind !== 'proposal') return false;
    const data = record.data as ProposalData;
    this.isNew(data.source, data.proposal.id);
    this.receive(data, record.time);
    return true;
  }

  ask(now: UtcMs): void {
    this.inquiries.ask(now);
  }

  async settle(): Promise<void> {
    await this.inquiries.settle();
  }

  stop(): void {
    this.inquiries.stop();
  }

  /** Puts new proposals in the order of their arrival; those that were not made yet wait. */
  private take(seated: SeatedSource, reply: Reply<readonly unknown[]>, asked: UtcMs): void {
    const { id, source } = seated;
    this.report(seated, 'failure' in reply ? reply.failure : undefined);
    if ('failure' in reply) return;
    const count = this.letters.length;
    for (const value of reply.value) {
      const proposal = this.accepted(id, value);
      if (proposal !== undefined && this.isNew(id, proposal.id)) this.letters.push({ source: id, proposal, arrives: Math.max(asked, proposal.createdAt) + source.schedule.latencyMs });
    }
    if (this.letters.length > count) this.letters.sort((a, b) => a.arrives - b.arrives);
  }

  /** Once for each change. */
  private report(source: SeatedSource, failure: string | undefined): void {
    const { troubles, account } = this;
    if (troubles.get(source) === failure) return;
    if (failure === undefined) {
      troubles.delete(source);
      account.logger.info(`proposal source '${source.id}' is back`);
      return;
    }
    troubles.set(source, failure);
    const text = `proposal source '${source.id}' counts as silent: it ${failure}`;
    account.notes.add(text);
    account.logger.warn(text);
  }

  private receive({ source, proposal }: ProposalData, now: UtcMs): void {
    this.account.desks.find(({ instrument }) => instrument.id === proposal.instrument)?.gate?.receive(proposal, source, now);
  }

  /** Remembers an id; false when it was known. */
  private isNew(source: string, id: string): boolean {
    const { ids } = this;
    const key = `${source}\n${id}`;
    if (ids.has(key)) return false;
    ids.add(key);
    if (ids.size > MOST_IDS) for (const oldest of ids) {
      ids.delete(oldest);
      break;
    }
    return true;
  }

  private accepted(source: string, value: unknown): Proposal | undefined {
    try {
      const proposal = plainProposal(value);
      const { desks } = this.account;
      if (!desks.some(({ instrument }) => instrument.id === proposal.instrument)) throw new TypeError(`instrument was ${showValue(proposal.instrument)}, expected one of ${desks.map(({ instrument }) => instrument.id).join(', ')}`);
      return proposal;
    } catch (thrown) {
      this.account.notes.add(`a proposal of source '${source}' was refused: ${messageOf(thrown)}`);
      return undefined;
    }
  }
}

/** A copy of what a proposal may say, and nothing else: its maker must not change it afterwards. */
function plainProposal(value: unknown): Proposal {
  if (typeof value !== 'object' || value === null) throw new TypeError(`it was ${showValue(value)}, expected a proposal`);
  const given = value as Readonly<Record<string, unknown>>;
  const take = <T>(key: string, fits: (it: unknown) => it is T, expected: string): T => {
    const it = given[key];
    if (!fits(it)) throw new TypeError(`${key} was ${showValue(it)}, expected ${expected}`);
    return it;
  };
  const price = (key: 'entry' | 'stop' | 'target'): { readonly [key in 'entry' | 'stop' | 'target']?: Proposal['entry'] } => (given[key] === undefined ? {} : { [key]: toPrice(take(key, isNumber, 'a price')) });
  return {
    id: take('id', isText, 'text of 1 to 200 characters'),
    instrument: take('instrument', isText, 'the id of an instrument'),
    action: take('action', isAction, 'long, short or flat'),
    ...price('entry'),
    ...price('stop'),
    ...price('target'),
    confidence: toFraction(take('confidence', isShare, '0 to 1')),
    rationale: String(given['rationale'] ?? '').slice(0, 2000),
    origin: take('origin', isOrigin, '1 to 40 letters, digits, dots, dashes or underscores'),
    createdAt: toUtcMs(take('createdAt', isNumber, 'a time')),
    expiresAt: toUtcMs(take('expiresAt', isNumber, 'a time')),
  };
}

const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isShare = (value: unknown): value is number => isNumber(value) && value >= 0 && value <= 1;
const isText = (value: unknown): value is string => typeof value === 'string' && value.length > 0 && value.length <= 200;
const isAction = (value: unknown): value is Proposal['action'] => value === 'long' || value === 'short' || value === 'flat';
const isOrigin = (value: unknown): value is string => typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/.test(value);
