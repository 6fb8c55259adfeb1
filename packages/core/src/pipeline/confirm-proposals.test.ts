import { describe, expect, it } from 'vitest';
import { toFraction, toPrice, toUtcMs } from '../domain/units.js';
import type { Proposal, ProposalVerdict } from '../ports/proposal.js';
import { Kernel, MINUTE, type KernelOptions } from '../../testing/kernel.js';
import { ProposalGate } from './proposal-gate.js';

type Word = 'long' | 'short' | 'flat' | undefined;

/** A kernel that takes proposals, with strategies of weight 0 that confirm: what they say is set bar by bar. */
class Gated {
  readonly kernel: Kernel;
  readonly verdicts: ProposalVerdict[] = [];
  words: Word[];

  constructor(proposals: Record<string, unknown> = {}, options: KernelOptions = {}, confirmers = 2) {
    this.words = Array.from({ length: confirmers }, () => undefined);
    const decision = { minConfidence: 0.5, proposals: { sources: [{ use: 'file' }], confirm: { by: ['strategy-1'] }, ...proposals } };
    this.kernel = new Kernel({ ...options, journal: true, config: { ...options.config, decision: { ...decision, ...(options.config?.['decision'] as object | undefined) } } });
    const { desk, account } = this.kernel;
    for (let i = 0; i < confirmers; i++) this.kernel.seat(({ signal }) => (this.words[i] === undefined ? undefined : signal[this.words[i] as 'long']()), 0);
    const { decision: settings, exits } = account.settings;
    if (settings.proposals === undefined) throw new Error('no proposals');
    const by = settings.proposals.confirm === 'none' ? [] : settings.proposals.confirm.by;
    desk.gate = new ProposalGate(settings.proposals, exits, desk.seats.filter(({ vote }) => by.includes(vote.strategy)), undefined);
    this.kernel.hooks.forPlugin('p').observe('proposal', (verdict) => this.verdicts.push(verdict));
  }

  propose(fields: Partial<Proposal> = {}): void {
    const { kernel } = this;
    const { now } = kernel.account;
    kernel.desk.gate?.receive({ id: 'p1', instrument: 'X', action: 'long', stop: toPrice(90), target: toPrice(120), confidence: toFraction(0.8), rationale: 'because', origin: 'anna', createdAt: now, expiresAt: toUtcMs(now + 10 * MINUTE), ...fields }, 'file', now);
  }

  /** A bar on which the strategies say `words`; gives the entries that were sent. */
  bar(words: readonly Word[] = [], close = 100): readonly string[] {
    this.words = [...words];
    return this.kernel.step(close).map(({ role, side, reason }) => `${role} ${side}: ${reason}`);
  }

  get outcomes(): string[] {
    return this.verdicts.map(({ proposal, verdict, reasons, confirmedBy }) => `${proposal.id} ${verdict}: ${[...reasons, ...confirmedBy].join('; ')}`);
  }
}

describe('a proposal from outside', () => {
  it('never trades without confirmation, and is refused with the reasons when it expires', () => {
    const gated = new Gated();
    gated.propose();
    for (let i = 0; i < 12; i++) expect(gated.bar()).toEqual([]);
    expect(gated.outcomes).toEqual(['p1 refused: it expired; 0 of 1 confirmed it, expected at least 1']);
    expect(gated.kernel.notes).toContain('a proposal of anna on X was refused: it expired; 0 of 1 confirmed it, expected at least 1');
    expect(gated.kernel.journal.records.filter(({ kind }) => kind === 'proposal-verdict').map(({ data }) => data)).toEqual([{ source: 'file', id: 'p1', verdict: 'refused', confirmedBy: [], reasons: ['it expired', '0 of 1 confirmed it, expected at least 1'] }]);
    expect(gated.bar(['long'])).toEqual([]);
  });

  it('trades once a strategy says the same, with its own stop and target, and only once', () => {
    const gated = new Gated();
    gated.propose();
    expect(gated.bar()).toEqual([]);
    expect(gated.bar(['long'])).toEqual(['entry buy: because (proposal p1, confirmed by strategy-1)']);
    expect(gated.kernel.broker.submitted[0]?.bracket?.map((leg) => leg.stopPrice ?? leg.limitPrice)).toEqual([90, 120]);
    expect(gated.outcomes).toEqual(['p1 confirmed: strategy-1']);
    gated.kernel.cancelled(gated.kernel.broker.submitted[0]?.clientOrderId as string);
    expect(gated.bar(['long'])).toEqual([]);
  });

  it('is not confirmed by the other side, or by a strategy that may not confirm', () => {
    const gated = new Gated();
    gated.propose();
    expect(gated.bar(['short', 'long'])).toEqual([]);
  });

  it('is needed for a trade: strategies of weight 0 make none by themselves', () => {
    expect(new Gated().bar(['long', 'long'])).toEqual([]);
  });

  it('is confirmed within the configured bars, before or after its arrival, unless the word was taken back', () => {
    const within = { confirm: { by: ['strategy-1', 'strategy-2'], atLeast: 2, withinBars: 3 } };
    const gated = new Gated(within);
    gated.bar(['long']);
    gated.propose();
    expect(gated.bar()).toEqual([]);
    expect(gated.bar([undefined, 'long'])).toEqual(['entry buy: because (proposal p1, confirmed by strategy-1, strategy-2)']);
    const late = new Gated(within);
    late.bar(['long']);
    late.propose();
    late.bar();
    late.bar();
    expect(late.bar([undefined, 'long'])).toEqual([]);
    const back = new Gated(within);
    back.propose();
    back.bar(['long']);
    back.bar(['flat']);
    expect(back.bar([undefined, 'long'])).toEqual([]);
  });

  it.each<{ what: string; fields: Partial<Proposal>; reason: string }>([
    { what: 'a stop above a long', fields: { stop: toPrice(101) }, reason: 'its stop does not lie on the losing side of the price' },
    { what: 'a stop at the price', fields: { stop: toPrice(100) }, reason: 'its stop does not lie on the losing side of the price' },
    { what: 'a stop below a short', fields: { action: 'short', target: toPrice(80) }, reason: 'its stop does not lie on the losing side of the price' },
    { what: 'a target below a long', fields: { target: toPrice(95) }, reason: 'its target does not lie on the winning side of the price' },
    { what: 'a stop above its entry', fields: { entry: toPrice(85) }, reason: 'its stop does not lie on the losing side of its entry' },
    { what: 'no stop', fields: { stop: undefined as never }, reason: 'it has no stop, and requireStop is true' },
  ])('is refused with $what, also when confirmed', ({ fields, reason }) => {
    const gated = new Gated();
    gated.propose(fields);
    expect(gated.bar([fields.action ?? 'long'])).toEqual([]);
    expect(gated.outcomes).toEqual([`p1 refused: ${reason}`]);
  });

  it('does without a stop of its own where exits: gives one, or where none is required', () => {
    const fromExits = new Gated({}, { config: { exits: { stopPoints: 5 } } });
    fromExits.propose({ stop: undefined as never });
    fromExits.bar(['long']);
    expect(fromExits.kernel.broker.submitted[0]?.bracket?.[0]?.stopPrice).toBe(95);
    const without = new Gated({ requireStop: false });
    without.propose({ stop: undefined as never });
    expect(without.bar(['long'])).toHaveLength(1);
  });

  it('waits while it risks too much for what it may win', () => {
    const gated = new Gated({ minRewardRisk: 2 });
    gated.propose({ stop: toPrice(90), target: toPrice(112) });
    expect(gated.bar(['long'])).toEqual([]);
    expect(gated.bar(['long'], 97)).toHaveLength(1);
    const incomplete = new Gated({ minRewardRisk: 2 });
    incomplete.propose({ target: undefined as never });
    incomplete.bar(['long']);
    expect(incomplete.outcomes).toEqual(['p1 refused: it does not name stop and target, and minRewardRisk needs both']);
  });

  it.each([
    { atr: undefined, trades: false },
    { atr: 6, trades: false },
    { atr: 7, trades: true },
  ])('waits while a price of it lies too far away: ATR $atr', ({ atr, trades }) => {
    const gated = new Gated({ maxDistanceAtr: 3 });
    const { gate } = gated.kernel.desk;
    gated.kernel.desk.gate = new ProposalGate((gate as ProposalGate).settings, (gate as ProposalGate).exits, (gate as ProposalGate).confirmers, { value: atr } as never);
    gated.propose();
    expect(gated.bar(['long']).length === 1).toBe(trades);
  });

  it('gives way to a later one of its origin, and waits no longer than the account allows', () => {
    const gated = new Gated({ maxValidMinutes: 3 });
    gated.propose();
    gated.propose({ id: 'p2' });
    gated.propose({ id: 'p3', origin: 'ben' });
    for (let i = 0; i < 4; i++) gated.bar();
    expect(gated.outcomes).toEqual(['p1 refused: its origin proposed anew', expect.stringMatching(/^p2 refused: it waited for maxValidMinutes 3/), expect.stringMatching(/^p3 refused: it waited/)]);
  });

  it('is refused where too few of those who confirm trade its instrument', () => {
    const gated = new Gated({ confirm: { by: ['strategy-1', 'elsewhere'], atLeast: 2 } });
    gated.propose();
    gated.bar(['long']);
    expect(gated.outcomes).toEqual(['p1 refused: 1 of the strategies that confirm trade X, expected at least 2']);
  });

  it('needs nobody with confirm: none, and keeps to the other rules', () => {
    const gated = new Gated({ confirm: 'none' });
    gated.propose();
    expect(gated.bar()).toEqual(['entry buy: because (proposal p1, without confirmation)']);
    const wrong = new Gated({ confirm: 'none' });
    wrong.propose({ stop: toPrice(200) });
    expect(wrong.bar()).toEqual([]);
  });
});

describe('a confirmed proposal', () => {
  it('passes the confidence gate like any other signal', () => {
    const gated = new Gated();
    gated.propose({ confidence: toFraction(0.4) });
    expect(gated.bar(['long'])).toEqual([]);
    expect(gated.outcomes).toEqual(['p1 confirmed: strategy-1']);
  });

  it('enters nothing in a market that is not tradable, nor beyond the limits', () => {
    const shut = new Gated();
    shut.kernel.desk.regime = { tradable: false, reason: 'shut', labels: {} };
    shut.propose();
    expect(shut.bar(['long'])).toEqual([]);
    const limited = new Gated({}, { config: { sizing: { use: 'fixed-quantity', quantity: 9 }, risk: { maxContracts: 2 } } });
    limited.propose();
    limited.bar(['long']);
    expect(limited.kernel.broker.submitted[0]?.quantity).toBe(2);
  });

  it('does not make up for agreement that the strategies lack', () => {
    const gated = new Gated({}, { config: { decision: { ensemble: { minAgreement: { strategies: 1 } } } }, voters: ['strategy-1', 'strategy-2'] });
    gated.propose();
    expect(gated.bar(['long'])).toEqual([]);
    expect(gated.kernel.notes).toContain('fewer agreed');
  });

  it('is outvoted by strategies of more weight', () => {
    const gated = new Gated();
    gated.kernel.seat(({ signal }) => signal.short({ stop: 110 }), 3);
    gated.propose();
    expect(gated.bar(['long'])).toEqual([expect.stringMatching(/^entry sell/)]);
  });
});

describe('a proposal to leave', () => {
  const held = (proposals: Record<string, unknown> = {}): Gated => {
    const gated = new Gated(proposals);
    gated.kernel.enter('long', 100);
    gated.propose({ action: 'flat', stop: undefined as never, target: undefined as never });
    return gated;
  };

  it('needs confirmation by default: a word to leave, or for the other side', () => {
    expect(held().bar()).toEqual([]);
    expect(held().bar(['flat'])).toEqual([expect.stringMatching(/^exit sell/)]);
    expect(held().bar(['short'])).toEqual([expect.stringMatching(/^exit sell/)]);
  });

  it('is taken at once where that is allowed, whatever rules there are for entries', () => {
    expect(held({ exits: 'allow', minRewardRisk: 3, maxDistanceAtr: 1 }).bar()).toEqual([expect.stringMatching(/^exit sell/)]);
  });
});
