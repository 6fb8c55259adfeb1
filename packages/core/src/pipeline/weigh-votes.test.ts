import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ballot } from '../domain/signal.js';
import { Kernel, type KernelOptions } from '../../testing/kernel.js';
import { collectSignals } from './collect-signals.js';
import { gateConfidence } from './gate-confidence.js';

type Say = { readonly strategy: string; readonly action: 'long' | 'short' | 'flat'; readonly confidence: number; readonly weight: number };
type Outcome = { readonly action: string; readonly confidence: number; readonly agreed: boolean; readonly leader: string | undefined; readonly gated: string };

/** What votes come to under an ensemble, with `held` lots open. */
function outcomeOf(says: readonly Say[], ensemble: unknown, { held = 0, labels = {}, minConfidence = 0 }: { held?: number; labels?: Record<string, string>; minConfidence?: number } = {}): Outcome {
  const options: KernelOptions = { config: { decision: { minConfidence, ...(ensemble === undefined ? {} : { ensemble }) } }, voters: says.map(({ strategy }) => strategy) };
  const kernel = new Kernel(options);
  for (const { strategy, action, confidence, weight } of says) kernel.seat(({ signal }) => signal[action]({ confidence, reason: strategy }), weight, kernel.desk, strategy);
  kernel.desk.regime = { tradable: true, reason: '', labels };
  if (held !== 0) kernel.fill('given', Math.abs(held), 100, { side: held > 0 ? 'buy' : 'sell' });
  kernel.see(100);
  const { desk } = kernel;
  collectSignals(desk, kernel.account);
  const seen = { action: desk.action as string, confidence: desk.confidence, agreed: desk.agreed, leader: desk.leader?.strategy };
  if (desk.action !== 'hold') gateConfidence(desk, kernel.account);
  return { ...seen, gated: desk.action };
}

const sayOf = fc.record({
  action: fc.constantFrom('long' as const, 'short' as const, 'flat' as const),
  confidence: fc.oneof(fc.constantFrom(0, 0.1, 0.3, 0.5, 0.7, 1), fc.double({ min: 0, max: 1, noNaN: true })),
  weight: fc.oneof(fc.constantFrom(0.1, 0.2, 0.3, 1, 2), fc.double({ min: 0.01, max: 10, noNaN: true })),
});
const says = fc.array(sayOf, { minLength: 1, maxLength: 6 }).map((list) => list.map((say, i): Say => ({ ...say, strategy: `s${i}` })));
const agreement = fc.record({ share: fc.constantFrom(0, 0.25, 0.5, 0.6, 2 / 3, 0.75, 1), strategies: fc.integer({ min: 1, max: 4 }) });

describe('an ensemble', () => {
  it('gives the same whatever the order of the strategies', () => {
    fc.assert(
      fc.property(says.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))), agreement, ([list, shuffled], minAgreement) => {
        const { confidence, ...rest } = outcomeOf(list, { minAgreement });
        const other = outcomeOf(shuffled, { minAgreement });
        expect(other).toMatchObject(rest);
        if (rest.action !== 'hold') expect(other.confidence).toBeCloseTo(confidence, 9);
      }),
      { numRuns: 500 },
    );
  });

  it('never takes support from a signal when one more agrees', () => {
    fc.assert(
      fc.property(says, sayOf, agreement, (list, { confidence, weight }, minAgreement) => {
        const before = outcomeOf(list, { minAgreement });
        if (before.action === 'hold') return;
        const after = outcomeOf([...list, { strategy: 'x', action: before.action as Say['action'], confidence, weight }], { minAgreement });
        expect(after.action).toBe(before.action);
        expect(after.agreed).toBe(before.agreed || after.agreed);
      }),
      { numRuns: 500 },
    );
  });

  it('asks for exactly the agreement that is configured', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 20 }), (against, total, tenths) => {
        // votes of weight 0.1: their sums are not exact in binary, the rule has to be
        const opposed = Math.min(against, total - 1);
        const list = Array.from({ length: total }, (_, i): Say => ({ strategy: `s${i}`, action: i < opposed ? 'short' : 'long', confidence: i < opposed ? 0.01 : 1, weight: 0.1 }));
        const share = Math.min(tenths, total) / total;
        expect(outcomeOf(list, { minAgreement: { share } }).agreed).toBe(total - opposed >= Math.min(tenths, total));
        expect(outcomeOf(list, { minAgreement: { strategies: tenths + 1 } }).agreed).toBe(total - opposed >= tenths + 1);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves a position whenever it would be left without the minimum agreement, and never enters more', () => {
    fc.assert(
      fc.property(says, agreement, fc.constantFrom(-2, 0, 2), fc.constantFrom(0, 0.5), (list, minAgreement, held, minConfidence) => {
        const free = outcomeOf(list, {}, { held, minConfidence }).gated;
        const limited = outcomeOf(list, { minAgreement }, { held, minConfidence }).gated;
        const leaves = (action: string): boolean => action === 'flat' || (action === 'long' && held < 0) || (action === 'short' && held > 0);
        if (held !== 0) expect(leaves(limited)).toBe(leaves(free));
        if (limited === 'long' || limited === 'short') expect(limited).toBe(free);
      }),
      { numRuns: 500 },
    );
  });

  it('does not flicker when sums tie: sums that differ in their last bits alone count as equal', () => {
    const tie: Say[] = [
      { strategy: 'a', action: 'long', confidence: 1, weight: 0.1 },
      { strategy: 'b', action: 'long', confidence: 1, weight: 0.2 },
      { strategy: 'c', action: 'short', confidence: 1, weight: 0.3 },
    ];
    expect(0.1 + 0.2).not.toBe(0.3);
    expect(outcomeOf(tie, {}).action).toBe('hold');
    expect(outcomeOf(tie.map((say) => (say.action === 'short' ? { ...say, action: 'flat' as const } : say)), {}).action).toBe('flat');
  });

  it('leaves where all have no confidence and somebody wants to leave', () => {
    expect(outcomeOf([{ strategy: 'a', action: 'long', confidence: 0, weight: 1 }, { strategy: 'b', action: 'flat', confidence: 0, weight: 1 }], {}).action).toBe('flat');
  });

  it('equals the plain vote where no rule of it applies', () => {
    fc.assert(
      fc.property(says, (list) => {
        const sums = { long: 0, short: 0, flat: 0 };
        for (const { action, confidence, weight } of list) sums[action] += weight * confidence;
        const order = Object.values(sums).sort((a, b) => b - a) as [number, number, number];
        fc.pre(order[0] > 0 && order[0] - order[1] > 1e-6 * order[0]);
        expect(outcomeOf(list, {})).toMatchObject({ action: outcomeOf(list, undefined).action, confidence: outcomeOf(list, undefined).confidence });
      }),
    );
  });
});

describe('weights by regime', () => {
  const two: Say[] = [
    { strategy: 'trend', action: 'long', confidence: 0.6, weight: 1 },
    { strategy: 'reversion', action: 'short', confidence: 0.9, weight: 1 },
  ];
  const regime = { volatility: { high: { reversion: 0, trend: 2 }, low: { trend: 0.5 } }, session: { open: { trend: 0 } } };

  it.each([
    { labels: { volatility: 'high' }, action: 'long', confidence: 0.6 },
    { labels: { volatility: 'low' }, action: 'short', confidence: 0.6 },
    { labels: { volatility: 'middle' }, action: 'short', confidence: 0.45 },
    { labels: {}, action: 'short', confidence: 0.45 },
    { labels: { volatility: 'high', session: 'open' }, action: 'hold', confidence: undefined },
  ])('under $labels come to $action at $confidence', ({ labels, action, confidence }) => {
    const outcome = outcomeOf(two, { regime }, { labels: labels as Record<string, string> });
    expect(outcome.action).toBe(action);
    if (confidence !== undefined) expect(outcome.confidence).toBeCloseTo(confidence, 12);
  });

  it('do not keep a strategy from leaving', () => {
    const list: Say[] = [{ strategy: 'reversion', action: 'flat', confidence: 1, weight: 1 }, { ...(two[0] as Say) }];
    expect(outcomeOf(list, { regime: { volatility: { high: { reversion: 0 } } } }, { labels: { volatility: 'high' } }).action).toBe('flat');
  });

  it('say which dimension no classifier speaks of', () => {
    const kernel = new Kernel({ config: { decision: { ensemble: { regime: { volatilty: { high: { a: 0 } } } } } }, voters: ['a'] });
    kernel.seat(({ signal }) => signal.long());
    kernel.desk.regime = { tradable: true, reason: '', labels: { volatility: 'high' } };
    kernel.step(100);
    expect(kernel.notes).toContain("votes on X were weighed without 'volatilty' of decision.ensemble.regime: no classifier said it; did you mean volatility?");
  });
});

describe('the votes of a bar', () => {
  const ballots = (list: readonly Say[], ensemble?: unknown): { readonly ballots: Ballot[]; readonly kernel: Kernel } => {
    const kernel = new Kernel({ journal: true, config: { decision: { minConfidence: 0.5, ...(ensemble === undefined ? {} : { ensemble }) } }, voters: list.map(({ strategy }) => strategy) });
    for (const { strategy, action, confidence, weight } of list) kernel.seat(({ signal }) => signal[action]({ confidence, reason: `why ${strategy}` }), weight, kernel.desk, strategy);
    const seen: Ballot[] = [];
    kernel.hooks.forPlugin('p').observe('votes', (ballot) => seen.push(ballot));
    kernel.step(100);
    return { ballots: seen, kernel };
  };
  const list: Say[] = [
    { strategy: 'a', action: 'long', confidence: 0.8, weight: 2 },
    { strategy: 'b', action: 'short', confidence: 0.2, weight: 1 },
  ];
  const votes = [
    { strategy: 'a', action: 'long', confidence: 0.8, weight: 2, effectiveWeight: 2, reason: 'why a' },
    { strategy: 'b', action: 'short', confidence: 0.2, weight: 1, effectiveWeight: 1, reason: 'why b' },
  ];

  it('are told with reason, weight and effective weight, and stand in the journal beside the decision', () => {
    const { ballots: seen, kernel } = ballots(list);
    expect(seen).toEqual([{ instrument: 'X', time: kernel.account.now, action: 'long', confidence: 1.6 / 3, leader: 'a', agreed: true, votes }]);
    expect(kernel.journal.records.filter(({ kind }) => kind === 'decision').map(({ data }) => data)).toEqual([{ instrument: 'X', time: kernel.account.now, action: 'long', confidence: 1.6 / 3, reason: 'why a', votes }]);
  });

  it('are kept also when they come to nothing', () => {
    const { kernel } = ballots([list[0] as Say, { ...(list[0] as Say), strategy: 'b', action: 'short' }]);
    expect(kernel.journal.records.map(({ kind, data }) => [kind, (data as Ballot).action, (data as Ballot).votes.length])).toEqual([['decision', 'hold', 2]]);
  });

  it('are kept with the agreement that they lacked', () => {
    const { ballots: seen, kernel } = ballots(list, { minAgreement: { strategies: 2 } });
    expect(seen[0]).toMatchObject({ action: 'long', agreed: false });
    expect(kernel.broker.submitted).toEqual([]);
    expect(kernel.notes).toContain('fewer agreed than decision.ensemble.minAgreement asks for');
  });
});

type Example = { readonly votes: ReadonlyArray<readonly [string, Say['action'], number, number]>; readonly ensemble?: unknown; readonly held?: number; readonly labels?: Record<string, string>; readonly signal: string; readonly confidence?: number };

describe('the page on votes', () => {
  const page = readFileSync(new URL('../../../../docs/concepts/votes.md', import.meta.url), 'utf8');
  const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => JSON.parse(text as string) as Example);

  it('has examples', () => expect(examples.length).toBeGreaterThanOrEqual(6));

  it.each(examples.map((example, i) => [i + 1, example] as const))('is right in example %i', (_i, { votes, ensemble, held = 0, labels = {}, signal, confidence }) => {
    const outcome = outcomeOf(votes.map(([strategy, action, sure, weight]) => ({ strategy, action, confidence: sure, weight })), ensemble, { held, labels, minConfidence: 0.5 });
    expect(outcome.gated).toBe(signal);
    if (confidence !== undefined) expect(outcome.confidence).toBeCloseTo(confidence, 3);
  });
});
