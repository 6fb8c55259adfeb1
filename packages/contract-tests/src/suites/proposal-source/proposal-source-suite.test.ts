import { toFraction, toPrice, toUtcMs } from '@keelson/core/domain';
import { defineProposalSource } from '@keelson/core/plugin';
import type { Proposal, ProposalSource, ProposalSourceContext, Schema } from '@keelson/core/ports';
import { z } from 'zod';
import { FakeWeb, sourceTwins, type Ask } from '../../../testing/fake-web.js';
import { jsonProposals } from '../../../testing/json-proposals.js';
import { proveSuite } from '../../../testing/twins.js';
import { VirtualTime } from '../../fakes/virtual-time.js';
import { proposalSourceSuite, type ProposalSourceSubject } from './proposal-source-suite.js';

const at = (minute: number): number => Date.UTC(2024, 0, 9, 14, minute);
const PROPOSALS: readonly Proposal[] = [
  { id: 'a-1', instrument: 'LAB', action: 'long', entry: toPrice(3999.5), stop: toPrice(3990), target: toPrice(4020.25), confidence: toFraction(0.7), rationale: 'a pullback', origin: 'anna', createdAt: toUtcMs(at(0)), expiresAt: toUtcMs(at(45)) },
  { id: 'b-1', instrument: 'LAB', action: 'flat', confidence: toFraction(0.4), rationale: 'it is over', origin: 'desk.2', createdAt: toUtcMs(at(20)), expiresAt: toUtcMs(at(50)) },
];
type Idea = Record<string, unknown>;
const ideaOf = ({ rationale, origin, createdAt, expiresAt, ...rest }: Proposal): Idea => ({ ...rest, reason: rationale, author: origin, made: new Date(createdAt).toISOString(), ends: new Date(expiresAt).toISOString() });
const ideas = (): Idea[] => PROPOSALS.map(ideaOf);
const strict = z.strictObject({ url: z.url().default('https://x.test/ideas'), everyMs: z.int().positive().default(60_000), latencyMs: z.int().min(0).default(5_000) });

/** A sound source with parts that do something else. */
function subjectOf(change: (source: ProposalSource, web: FakeWeb, context: ProposalSourceContext<unknown>) => Partial<ProposalSource> = () => ({}), { params = strict as Schema, make = () => undefined }: { readonly params?: Schema; readonly make?: (web: FakeWeb) => void } = {}): ProposalSourceSubject {
  let web = new FakeWeb(ideas);
  return {
    definition: defineProposalSource({
      params,
      create(context) {
        make(web);
        const source = jsonProposals(web.fetch).create(context as ProposalSourceContext<unknown>);
        return { ...source, ...change(source, web, context as ProposalSourceContext<unknown>) };
      },
    }),
    open() {
      web = new FakeWeb(ideas);
      return {
        proposals: PROPOSALS,
        control: {
          ...web.control,
          add: () => (web.change((all: Idea[]) => all.push(ideaOf({ ...(PROPOSALS[0] as Proposal), id: 'c-1' }))), 'c-1'),
          spoil: () => web.change((all: Idea[]) => all.push({ ...ideaOf(PROPOSALS[0] as Proposal), id: 'bad', confidence: 4980 })),
        },
      };
    },
  };
}

/** A source whose answers are changed on their way. */
const answering = (change: (proposals: readonly Proposal[], now: number, polls: number) => unknown): ProposalSourceSubject =>
  subjectOf(({ poll }) => {
    let polls = 0;
    return { poll: async (now, cancel) => change(await poll(now, cancel), now, ++polls) as readonly Proposal[] };
  });
const each = (change: (proposal: Proposal) => object): ProposalSourceSubject => answering((proposals) => proposals.map((proposal) => ({ ...proposal, ...change(proposal) })));

let served = 0;

proveSuite(
  proposalSourceSuite,
  () => subjectOf(),
  [
    { breaks: 'PRP-010', how: 'takes other defaults each time', subject: () => subjectOf(undefined, { params: strict.extend({ more: z.number().default(() => ++served) }) }) },
    { breaks: 'PRP-020', how: 'lets any setting pass', subject: () => subjectOf(undefined, { params: z.object(strict.shape) }) },
    { breaks: 'PRP-030', how: 'lets any value pass', subject: () => subjectOf(undefined, { params: strict.extend({ url: z.unknown().default('https://x.test/ideas') }) }) },
    { breaks: 'PRP-040', how: 'arrives before it is asked, where the kernel does not see it', subject: () => subjectOf(({ schedule }, _web, { clock }) => ({ schedule: { ...schedule, ...(clock instanceof VirtualTime ? { latencyMs: -1 } : {}) } })) },
    { breaks: 'PRP-100', how: 'gives no stop', subject: () => each(({ stop }) => (stop === undefined ? {} : { stop: undefined })) },
    { breaks: 'PRP-110', how: 'takes a zone for UTC', subject: () => each(({ expiresAt }) => ({ expiresAt: expiresAt + 3_600_000 })) },
    { breaks: 'PRP-120', how: 'says how much', subject: () => each(() => ({ quantity: 2 })) },
    { breaks: 'PRP-130', how: 'makes proposals when it is asked for them, where that was half an hour later', subject: () => answering((proposals, now) => (now >= at(50) && now < at(54) && (now - at(51)) % 60_000 === 0 ? proposals.map((proposal) => ({ ...proposal, id: `${proposal.id}'` })) : proposals)) },
    { breaks: 'PRP-140', how: 'gives what it had at first', subject: () => answering((proposals) => proposals.filter(({ id }) => id !== 'c-1')) },
    { breaks: 'PRP-150', how: 'gives whatever it finds', subject: () => subjectOf(({ poll }) => ({ poll: (now, cancel) => poll(now, cancel).catch((thrown: { readonly code?: string }) => (thrown.code === 'DATA_FORMAT' ? [...PROPOSALS, { ...(PROPOSALS[0] as Proposal), id: 'bad', confidence: toFraction(4980) }] : Promise.reject(thrown as Error))) })) },
    {
      breaks: 'PRP-160',
      how: 'is offended for good by what cannot be used',
      subject: () => subjectOf(({ poll }) => { let offended = false; return { poll: async (now, cancel) => { if (offended) throw new Error('offended'); try { return await poll(now, cancel); } catch (thrown) { offended = (thrown as { readonly code?: string }).code === 'DATA_FORMAT'; throw thrown; } } }; }),
    },
    {
      breaks: 'PRP-170',
      how: 'gives a proposal another id while it runs on',
      subject: () => subjectOf(({ poll }) => { let polls = 0; return { poll: async (now, cancel) => { const all = await poll(now, cancel); return ++polls > 20 ? all.map((proposal) => ({ ...proposal, id: `${proposal.id} again` })) : all; } }; }),
    },
    ...sourceTwins('PRP', (ask, make) => subjectOf(({ poll }, web) => ({ poll: ask(poll as Ask, web) as ProposalSource['poll'] }), make === undefined ? {} : { make })),
  ],
);
