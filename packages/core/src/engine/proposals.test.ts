import { describe, expect, it } from 'vitest';
import { toFraction, toPrice, toUtcMs } from '../domain/units.js';
import { ProposalGate } from '../pipeline/proposal-gate.js';
import type { Proposal } from '../ports/proposal.js';
import { Kernel, MINUTE } from '../../testing/kernel.js';
import type { Kernel as EngineKernel } from './kernel.js';
import { ProposalDesk } from './proposals.js';
import { Recall } from './recall.js';

/** An account that takes proposals without confirmation, and the desk that brings them. */
function accountWith(given: readonly unknown[]): { readonly kernel: Kernel; readonly proposals: ProposalDesk } {
  const kernel = new Kernel({ journal: true, config: { decision: { minConfidence: 0, proposals: { sources: [{ use: 'test' }], confirm: 'none', minRewardRisk: 2 } } } });
  const { settings, desks } = kernel.account;
  for (const desk of desks) if (settings.decision.proposals !== undefined) desk.gate = new ProposalGate(settings.decision.proposals, settings.exits, [], undefined);
  const source = { schedule: { everyMs: MINUTE, latencyMs: 0 }, poll: async () => given as readonly Proposal[] };
  return { kernel, proposals: new ProposalDesk([{ id: 'test', source }], kernel.account, { clock: { now: () => kernel.account.now }, timer: undefined, overHistory: true }) };
}

const START = 1_700_000_000_000;
const proposal = (id: string, fields: Partial<Proposal> = {}): Proposal => ({ id, instrument: 'X', action: 'long', stop: toPrice(90), target: toPrice(120), confidence: toFraction(1), rationale: 'r', origin: id, createdAt: toUtcMs(START), expiresAt: toUtcMs(START + 60 * MINUTE), ...fields });

async function ask({ kernel, proposals }: ReturnType<typeof accountWith>): Promise<void> {
  proposals.ask(kernel.account.now);
  await proposals.settle();
}

describe('proposals across a restart', () => {
  it('go on waiting where they waited, and are not decided on again where they were', async () => {
    const before = accountWith([proposal('good'), proposal('waits', { target: toPrice(105) }), proposal('wrong', { stop: toPrice(110) })]);
    await ask(before);
    before.kernel.see(100);
    before.proposals.deliver(before.kernel.account.now);
    expect(before.kernel.desk.gate?.pending).toHaveLength(3);
    before.kernel.step(100);
    expect(before.kernel.broker.submitted).toHaveLength(1);

    const after = accountWith([proposal('good'), proposal('waits', { target: toPrice(105) })]);
    const recall = new Recall({ account: after.kernel.account } as EngineKernel, { advance: () => undefined, recall: (record) => after.proposals.recall(record) });
    for (const record of before.kernel.journal.records) if (record.kind.startsWith('proposal')) recall.take(record);
    expect(after.kernel.desk.gate?.pending.map((each) => each.proposal.id)).toEqual(['waits']);
    await ask(after); // the source gives the same once more
    after.proposals.deliver(after.kernel.account.now);
    expect(after.kernel.desk.gate?.pending.map((each) => each.proposal.id)).toEqual(['waits']);
    expect(after.kernel.step(100)).toEqual([]);
  });
});

describe('a source of proposals that fails', () => {
  it('is reported once for each change, not at every question', async () => {
    const warned: string[] = [];
    const { account } = new Kernel();
    const outcomes = ['line is dead', 'line is dead', 'no such host', undefined, 'line is dead'];
    let now = START;
    let asked = 0;
    const source = {
      schedule: { everyMs: MINUTE, latencyMs: 0 },
      poll: async () => {
        const fault = outcomes[asked++];
        if (fault !== undefined) throw new Error(fault);
        return [];
      },
    };
    const logger = { ...account.logger, warn: (text: string) => void warned.push(text), info: (text: string) => void warned.push(text) };
    const proposals = new ProposalDesk([{ id: 'test', source }], Object.assign(account, { logger }), { clock: { now: () => toUtcMs(now) }, timer: undefined, overHistory: true });
    for (; asked < outcomes.length; now += MINUTE) {
      proposals.ask(toUtcMs(now));
      await proposals.settle();
      proposals.deliver(toUtcMs(now));
    }
    const silent = (why: string): string => `proposal source 'test' counts as silent: it failed: ${why}`;
    expect(warned).toEqual([silent('line is dead'), silent('no such host'), "proposal source 'test' is back", silent('line is dead')]);
  });
});
