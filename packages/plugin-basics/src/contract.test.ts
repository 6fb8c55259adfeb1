import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { advisorSuite, declareSuite, memorySuite, notifierSuite, overlaySuite, proposalSourceSuite, type NotifierSubject, type OverlaySubject, type ProposalSession } from '@keelson/contract-tests';
import { toFraction, toPrice, toUtcMs } from '@keelson/core/domain';
import type { AdvisorDefinition, MemoryDefinition, NotifierDefinition, Proposal, ProposalSourceDefinition, RiskOverlayDefinition } from '@keelson/core/ports';
import features from '@keelson/plugin-features';
import { afterAll, describe, it } from 'vitest';
import plugin from './index.js';

/** What an overlay cannot do without, and what makes it bite on the bars of the trial. */
const OVERLAYS: Readonly<Record<string, Partial<OverlaySubject>>> = {
  'max-quantity': { params: { quantity: 4 } },
  'exposure-cap': { params: { groups: [{ name: 'all', instruments: ['LAB', 'OTHER'], maxFraction: 0.001 }] } },
  'slippage-guard': { params: { maxTicks: 1 } },
  'max-drawdown-pause': { params: { maxDrawdown: 0.000001 } },
};

/** What the log was told is what arrives. */
const outside: NotifierSubject['outside'] = (log) => ({
  arrived: () => log.entries.map(({ message, fields }) => `${message} ${JSON.stringify(fields)}`),
});

const folder = mkdtempSync(join(tmpdir(), 'keelson-contract-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const made = Date.UTC(2024, 2, 15, 13, 30);
const PROPOSALS: readonly Proposal[] = [
  { id: 'a-1', instrument: 'LAB', action: 'long', entry: toPrice(3999.5), stop: toPrice(3990), target: toPrice(4020.25), confidence: toFraction(0.7), rationale: 'a pullback', origin: 'anna', createdAt: toUtcMs(made), expiresAt: toUtcMs(made + 3_600_000) },
  { id: 'b-1', instrument: 'LAB', action: 'flat', confidence: toFraction(0.4), rationale: 'it is over', origin: 'desk.2', createdAt: toUtcMs(made + 1_200_000), expiresAt: toUtcMs(made + 3_600_000) },
];
/** As it stands in the file, in the time of New York. */
const lineOf = ({ createdAt, expiresAt, ...rest }: Proposal, fields = {}): string => {
  const local = (time: number): string => `${new Date(time - 4 * 3_600_000).toISOString().slice(0, 19)}-04:00`;
  return `${JSON.stringify({ ...rest, createdAt: local(createdAt), expiresAt: local(expiresAt), ...fields })}\n`;
};

/** A file of proposals, to which a person writes. */
function openProposals(): ProposalSession {
  const baseDir = mkdtempSync(join(folder, 'proposals-'));
  const path = join(baseDir, 'proposals.jsonl');
  const [first] = PROPOSALS as readonly [Proposal, ...Proposal[]];
  const write = (): void => writeFileSync(path, PROPOSALS.map((each) => lineOf(each)).join(''));
  write();
  return {
    baseDir,
    proposals: PROPOSALS,
    control: {
      fail: () => rmSync(path),
      heal: write,
      spoil: () => appendFileSync(path, lineOf(first, { id: 'bad', createdAt: '2024-03-15T13:30:00' })),
      add: () => (appendFileSync(path, lineOf(first, { id: 'c-1' })), 'c-1'),
    },
  };
}

plugin.register({
  add({ port }: { readonly port: string }, id: string, definition: unknown) {
    const runner = { describe, it };
    if (port === 'risk-overlay') declareSuite(overlaySuite, runner, { definition: definition as RiskOverlayDefinition, plugins: [features], ...OVERLAYS[id] }, { of: id });
    if (port === 'memory') declareSuite(memorySuite, runner, { definition: definition as MemoryDefinition, durable: false }, { of: id });
    if (port === 'advisor') declareSuite(advisorSuite, runner, { definition: definition as AdvisorDefinition, params: id === 'fixed' ? { bias: 'bullish' } : {}, cannot: { fail: 'it asks nobody', hang: 'it asks nobody' } }, { of: id });
    if (port === 'proposal-source') declareSuite(proposalSourceSuite, runner, { definition: definition as ProposalSourceDefinition, params: { path: 'proposals.jsonl', everyMs: 60_000, latencyMs: 5_000 }, open: openProposals, cannot: { hang: 'a file answers or fails' } }, { of: id });
    if (port === 'notifier') declareSuite(notifierSuite, runner, { definition: definition as NotifierDefinition, outside, cannot: { fail: 'the log takes all that it is told', hang: 'the log takes all that it is told', secrets: 'it has no settings' } }, { of: id });
  },
} as never);
