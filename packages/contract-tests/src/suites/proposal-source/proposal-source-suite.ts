import { toUtcMs } from '@keelson/core/domain';
import { messageOf } from '@keelson/core/errors';
import { PROPOSAL_SOURCE } from '@keelson/core/plugin';
import type { Proposal, ProposalSource, ProposalSourceDefinition } from '@keelson/core/ports';
import { seededBars } from '../../fakes/seeded-bars.js';
import { VirtualTime } from '../../fakes/virtual-time.js';
import type { Suite } from '../../frame/card.js';
import { expectEqual, expectThat, show } from '../../frame/expectations.js';
import { patient, runLab } from '../../lab/lab-run.js';
import { paramsCards } from '../../lab/params-cards.js';
import { cardsOf, type SourceBench, type SourcePort, type SourceSubject } from '../source/source-bench.js';
import { sourceCards } from '../source/source-cards.js';
import type { SourceControl, SourceSession } from '../source/source-subject.js';

export type ProposalControl = SourceControl & {
  /** One more is made, with an id of its own. @returns that id */
  add?(): string | Promise<string>;
};

/** One source of proposals, and what it holds. */
export type ProposalSession = SourceSession<ProposalControl> & {
  /** All that it holds, in any order: at least two, for the instrument `LAB`, made within an hour of one another. */
  readonly proposals: readonly Proposal[];
};

/** A source of proposals, and how it is tried. `spoil` puts one more into it that cannot be used, `heal` takes it out. */
export type ProposalSourceSubject = Omit<SourceSubject<ProposalSession>, 'cannot' | 'definition'> & {
  readonly definition: ProposalSourceDefinition;
  /** What can never be done to its outside, each with the reason. The cards that need it have nothing to hold, and pass with that note. */
  readonly cannot?: Readonly<Partial<Record<keyof ProposalControl, string>>>;
};

const FIELDS = ['action', 'confidence', 'createdAt', 'entry', 'expiresAt', 'id', 'instrument', 'origin', 'rationale', 'stop', 'target'];
const MINUTE = 60_000;

const nowOf = (session: ProposalSession): number => session.now ?? Math.max(...session.proposals.map(({ createdAt }) => createdAt)) + MINUTE;
const firstOf = ({ proposals }: ProposalSession): number => Math.min(...proposals.map(({ createdAt }) => createdAt));

const port: SourcePort<ProposalSourceSubject, ProposalSource, readonly Proposal[]> = {
  make: ({ definition }, session, params, logger) => definition.create({ params, baseDir: session.baseDir ?? '.', clock: new VirtualTime(nowOf(session)), logger }),
  ask: (source, session, cancel) => source.poll(toUtcMs(nowOf(session)), cancel),
};

type Bench = SourceBench<ProposalSourceSubject, ProposalSource, readonly Proposal[]>;
const proposalCard = cardsOf(port);

/** All that a source gives over some polls, by id: the latest of each. */
async function given(bench: Bench, source: ProposalSource, time = nowOf(bench.session)): Promise<Map<string, Proposal>> {
  const found = new Map<string, Proposal>();
  for (let poll = 0; poll < 3; poll++) for (const proposal of await bench.answer(source.poll(toUtcMs(time + poll * source.schedule.everyMs), new AbortController().signal))) found.set(proposal.id, proposal);
  return found;
}

const TIMES = ['createdAt', 'expiresAt'];
/** What a proposal says, but for its times. */
const saidBy = (proposal: Proposal | undefined): object => Object.fromEntries(Object.entries(proposal ?? {}).filter(([key, value]) => value !== undefined && FIELDS.includes(key) && !TIMES.includes(key)));
const plain = (proposal: Proposal): object => Object.fromEntries(Object.entries(proposal).filter(([, value]) => value !== undefined));

/** What every source of proposals promises. */
export const proposalSourceSuite: Suite<ProposalSourceSubject> = {
  name: 'proposal-source',
  prefix: 'PRP',
  about: 'What brings ideas from outside. A proposal is no signal: rules of the account have to confirm it. It is asked off the bar path, and each proposal counts once.',
  cards: [
    ...paramsCards<ProposalSourceSubject>('PRP'),
    proposalCard({
      id: 'PRP-040',
      title: 'says how often it wants to be asked, and how long a proposal takes to arrive',
      why: 'Over history a proposal arrives by these numbers alone: without them a test sees ideas before they were had',
      async play(bench) {
        const { everyMs, latencyMs } = bench.make().schedule;
        expectThat(Number.isFinite(everyMs) && everyMs > 0, `everyMs was ${show(everyMs)}`, 'a number above 0');
        expectThat(Number.isFinite(latencyMs) && latencyMs >= 0, `latencyMs was ${show(latencyMs)}`, '0 or more');
      },
    }),
    proposalCard({
      id: 'PRP-100',
      title: 'gives every proposal as it was made',
      why: 'A stop that is missing or moved is a loss that nobody had in mind',
      async play(bench) {
        const found = await given(bench, bench.make());
        const { proposals } = bench.session;
        expectThat(proposals.length >= 2, `the session had ${proposals.length} proposals`, 'at least 2');
        for (const proposal of proposals) {
          expectEqual(saidBy(found.get(proposal.id)), saidBy(proposal), `proposal ${show(proposal.id)}`);
        }
        expectEqual([...found.keys()].sort(), proposals.map(({ id }) => id).sort(), 'ids of all proposals');
      },
    }),
    proposalCard({
      id: 'PRP-110',
      title: 'says when a proposal was made, and when it ends, in milliseconds of UTC',
      why: 'An hour of a wrong zone, and an idea of this morning is traded in the afternoon',
      async play(bench) {
        const found = await given(bench, bench.make());
        for (const { id, createdAt, expiresAt } of bench.session.proposals) {
          expectEqual(found.get(id)?.createdAt, createdAt, `when ${show(id)} was made`);
          expectEqual(found.get(id)?.expiresAt, expiresAt, `when ${show(id)} ends`);
        }
      },
    }),
    proposalCard({
      id: 'PRP-120',
      title: 'gives nothing beside what a proposal may say: no quantity, no order',
      why: 'How much is traded is the account’s to say: what looks like an order will one day be taken for one',
      async play(bench) {
        for (const proposal of (await given(bench, bench.make())).values()) {
          const extra = Object.keys(proposal).filter((key) => !FIELDS.includes(key));
          expectThat(extra.length === 0, `a proposal had ${extra.join(', ')}`, `${FIELDS.join(', ')} only`);
        }
      },
    }),
    proposalCard({
      id: 'PRP-130',
      title: 'gives a proposal the same id and the same time of making whenever it is asked, after a restart as well',
      why: 'It counts once by its id: with another it is traded again, and with a new time it never ends',
      async play(bench) {
        const stamps = (found: ReadonlyMap<string, Proposal>): string[] => [...found.values()].map(({ id, createdAt, expiresAt }) => `${id} ${createdAt} ${expiresAt}`).sort();
        const first = stamps(await given(bench, bench.make()));
        expectEqual(stamps(await given(bench, bench.make(), nowOf(bench.session) + 30 * MINUTE)), first, 'ids and times after a restart, half an hour later');
      },
    }),
    proposalCard({
      id: 'PRP-140',
      title: 'gives a proposal that was made since with the next answer, and the others stay as they were',
      why: 'An idea is good for as long as it lasts, and no longer',
      needs: ['add'],
      async play(bench) {
        const source = bench.make();
        const before = await given(bench, source);
        const id = await bench.control('add')();
        const after = await given(bench, source);
        expectThat(after.has(id), `after ${show(id)} was made it gave ${show([...after.keys()])}`, 'it among them');
        for (const [known, proposal] of after) if (before.has(known)) expectEqual(plain(proposal), plain(before.get(known) as Proposal), `proposal ${show(known)} after another was made`);
      },
    }),
    proposalCard({
      id: 'PRP-150',
      title: 'gives nothing that cannot be used: it fails with a reason, or leaves that one out and says so',
      why: 'A price in the place of a confidence, or a time without a zone, is a trade that nobody proposed',
      needs: ['spoil'],
      async play(bench) {
        const source = bench.make();
        await bench.control('spoil')();
        const outcome = await bench.outcome(source);
        if ('failed' in outcome) return expectThat(messageOf(outcome.failed).trim() !== '', 'it failed without a reason', 'what is wrong, and where');
        const known = bench.session.proposals.map(({ id }) => id);
        const strange = outcome.value.filter(({ id }) => !known.includes(id));
        expectThat(strange.length === 0, `it gave ${show(strange)}`, 'nothing of what cannot be used');
        expectThat(bench.log.entries.some(({ level }) => level === 'warn' || level === 'error'), 'it left a proposal out and said nothing', 'a line in the log');
      },
    }),
    proposalCard({
      id: 'PRP-160',
      title: 'gives the sound ones once what cannot be used was taken out',
      why: 'A slip in one line must not cost the ideas of the day',
      needs: ['spoil', 'heal'],
      async play(bench) {
        const source = bench.make();
        await bench.control('spoil')();
        await bench.outcome(source);
        await bench.control('heal')();
        const found = await given(bench, source);
        expectEqual([...found.keys()].sort(), bench.session.proposals.map(({ id }) => id).sort(), 'ids after it was mended');
      },
    }),
    proposalCard({
      id: 'PRP-170',
      title: 'is heard in an account once for each proposal, and not before it was made',
      why: 'An account asks it every few minutes: an idea that counts twice is twice the position',
      async play(bench) {
        const { session } = bench;
        const start = Math.floor(firstOf(session) / MINUTE) * MINUTE - 5 * MINUTE;
        const { everyMs, latencyMs } = bench.make().schedule;
        const minutes = Math.ceil((nowOf(session) - start + latencyMs + 2 * everyMs) / MINUTE) + 5;
        expectThat(minutes <= 20_000, `its proposals reach over ${minutes} minutes`, 'at most 20 000: give the subject ones that lie closer, or a shorter schedule');
        const { records, error } = await runLab({
          bars: seededBars(minutes, 'proposals', { start, gaps: 0 }),
          timer: patient,
          baseDir: session.baseDir ?? '.',
          provides: ['proposal-source'],
          add: (add) => add(PROPOSAL_SOURCE, 'subject', bench.subject.definition),
          config: { decision: { proposals: { sources: [{ use: 'subject', config: bench.settings }], confirm: { by: ['lab'] } } } },
        });
        expectThat(error === undefined, `the account broke off: ${messageOf(error)}`, 'a run to its end');
        const heard = records.flatMap(({ kind, time, data }) => (kind === 'proposal' ? [{ time, id: (data as { readonly proposal: Proposal }).proposal.id }] : []));
        expectEqual(heard.map(({ id }) => id).sort(), session.proposals.map(({ id }) => id).sort(), 'ids of the proposals that an account heard');
        for (const { id, createdAt } of session.proposals) {
          const { time = 0 } = heard.find((each) => each.id === id) ?? {};
          expectThat(time >= createdAt + latencyMs, `${show(id)} was heard ${createdAt + latencyMs - time} ms before it had arrived`, 'no earlier than it was made');
        }
      },
    }),
    ...sourceCards('PRP', port, { port: 'proposal-source', add: (add, { definition }) => add(PROPOSAL_SOURCE, 'subject', definition), config: (config) => ({ decision: { proposals: { sources: [{ use: 'subject', config }], confirm: { by: ['lab'] } } } }) }),
  ],
};

