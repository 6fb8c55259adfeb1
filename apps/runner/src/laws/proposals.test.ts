import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalRecord, Proposal, StrategyContext, BarContext } from '@keelson/core/ports';
import { MemoryJournal } from '@keelson/core/engine';
import { MINUTE, START, randomBars, replayLaw, runLaw, textOf, type LawResult, type LawRun } from '../../test-kit/law-run.js';

const LENGTH = 200;
const BARS = { A: randomBars(LENGTH, 'proposals'), B: randomBars(LENGTH, 'more proposals') };
const MOST = 3;

/** Says long or short now and then; with weight 0 it only confirms. */
function now({ random }: StrategyContext<unknown>): (context: BarContext) => void {
  return ({ signal }) => {
    const roll = random.next();
    if (roll < 0.15) signal.long();
    else if (roll < 0.3) signal.short();
    else if (roll < 0.35) signal.flat();
  };
}

const accountOf = (proposals: Record<string, unknown> = {}): Record<string, unknown> => ({
  strategies: [{ use: 'law', weight: proposals['confirm'] === 'none' ? 1 : 0 }],
  sizing: { use: 'fixed-quantity', quantity: 5 },
  risk: { maxContracts: MOST, maxOrderQuantity: 2 },
  decision: { minConfidence: 0.2, proposals: { sources: [{ use: 'law' }], confirm: { by: ['law'], withinBars: 3 }, ...proposals } },
});

/** Proposals that could make sense: around the price that the bars have at that time. */
const sensible = fc.record({ at: fc.integer({ min: 0, max: LENGTH - 2 }), instrument: fc.constantFrom('A' as const, 'B' as const), action: fc.constantFrom('long' as const, 'short' as const, 'flat' as const), entryTicks: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }), stopTicks: fc.option(fc.integer({ min: -5, max: 200 }), { nil: undefined }), targetTicks: fc.option(fc.integer({ min: -5, max: 400 }), { nil: undefined }), confidence: fc.integer({ min: 10, max: 100 }).map((percent) => percent / 100), minutes: fc.integer({ min: 1, max: 60 }), id: fc.integer({ min: 0, max: 80 }), origin: fc.constantFrom('anna', 'ben', 'model-1', 'model-2', 'script') }).map(({ at, instrument, action, entryTicks, stopTicks, targetTicks, minutes, id, ...rest }) => {
  const close = BARS[instrument].close[at] as number;
  const sign = action === 'short' ? -1 : 1;
  const entry = entryTicks === undefined ? undefined : close - sign * entryTicks * 0.25;
  const price = entry ?? close;
  const createdAt = (BARS[instrument].time[at] as number) + MINUTE;
  return { ...rest, id: `p${id}`, instrument, action, rationale: 'x', createdAt, expiresAt: createdAt + minutes * MINUTE, ...(entry === undefined ? {} : { entry }), ...(stopTicks === undefined ? {} : { stop: price - sign * stopTicks * 0.25 }), ...(targetTicks === undefined ? {} : { target: price + sign * targetTicks * 0.25 }) };
});

/** Anything at all in each of the fields, and more fields than there are. */
const wild = fc.record(
  { id: fc.oneof(fc.string(), fc.anything()), instrument: fc.constantFrom('A', 'Z', 7), action: fc.constantFrom('long', 'buy', undefined), entry: fc.anything(), stop: fc.oneof(fc.double(), fc.anything()), target: fc.anything(), confidence: fc.oneof(fc.double(), fc.anything()), rationale: fc.anything(), origin: fc.oneof(fc.constant('anna'), fc.string()), createdAt: fc.oneof(fc.constant(START), fc.double()), expiresAt: fc.oneof(fc.constant(8e15), fc.anything()), quantity: fc.constant(1000) },
  { requiredKeys: [] },
);
const stack = fc.array(fc.oneof({ weight: 8, arbitrary: sensible as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: wild as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: fc.anything() }), { minLength: 5, maxLength: 60 });

const lawOf = (given: readonly unknown[], proposals?: Record<string, unknown>): LawRun => ({ bars: BARS, strategy: proposals?.['confirm'] === 'none' ? () => () => undefined : now, account: accountOf(proposals), propose: () => given });
const entriesOf = ({ intents }: LawResult): LawResult['intents'] => intents.filter(({ role }) => role === 'entry');

describe('proposals from outside', () => {
  it('never enter beyond the limits, nor without a stop on the losing side, nor twice for one id, whatever they are', async () => {
    let entries = 0;
    await fc.assert(
      fc.asyncProperty(stack, fc.boolean(), async (given, confirmed) => {
        const result = await runLaw(lawOf(given, confirmed ? {} : { confirm: 'none' }));
        const used = new Set<string>();
        for (const intent of entriesOf(result)) {
          entries++;
          expect(intent.quantity).toBeLessThanOrEqual(2);
          const id = /\(proposal (\S+), (.*)\)$/.exec(intent.reason);
          expect(id?.[2]).toBe(confirmed ? 'confirmed by law' : 'without confirmation');
          expect(used.has(id?.[1] as string)).toBe(false);
          used.add(id?.[1] as string);
          const stop = intent.bracket?.find(({ role }) => role === 'stop')?.stopPrice as number;
          const price = intent.limitPrice ?? intent.decisionPrice;
          expect((price - stop) * (intent.side === 'buy' ? 1 : -1)).toBeGreaterThan(0);
        }
        const held = { A: 0, B: 0 };
        for (const event of result.events) {
          if (event.kind !== 'fill') continue;
          const { instrument, side, quantity } = event.fill;
          held[instrument as 'A'] += side === 'buy' ? quantity : -quantity;
          expect(Math.abs(held[instrument as 'A'])).toBeLessThanOrEqual(MOST);
        }
      }),
      { numRuns: 60, seed: 7 },
    );
    expect(entries).toBeGreaterThan(100); // the property is not empty
  });

  it('trade nothing where no strategy confirms them', async () => {
    await fc.assert(
      fc.asyncProperty(stack, async (given) => {
        const { intents } = await runLaw({ ...lawOf(given), strategy: () => () => undefined });
        expect(intents).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it('come to the same on every run, however often and in what order of asking they are given, and in a replay', async () => {
    const given = fc.sample(sensible, { numRuns: 60, seed: 3 }).map((each, i) => ({ ...each, id: `p${i}` })) as unknown as Proposal[];
    const journal = new MemoryJournal();
    const run = lawOf(given);
    const first = await runLaw({ ...run, journal });
    expect(entriesOf(first).length).toBeGreaterThan(3);
    expect(textOf(await runLaw(run))).toBe(textOf(first));
    // a source that gives each only from its making on is the same as one that gives all at once
    expect(textOf(await runLaw({ ...run, propose: (time) => given.filter(({ createdAt }) => createdAt <= time) }))).toBe(textOf(first));
    const records = JSON.parse(JSON.stringify([...journal.read()])) as JournalRecord[];
    expect(records.filter(({ kind }) => kind === 'proposal').length).toBeGreaterThan(50);
    expect(await replayLaw(run, records)).toMatchObject({ records: records.length, difference: undefined });
  });

  it('are not seen before they were made and the latency has passed', async () => {
    const journal = new MemoryJournal();
    const given = fc.sample(sensible, { numRuns: 60, seed: 5 }).map((each, i) => ({ ...each, id: `p${i}` })) as unknown as Proposal[];
    await runLaw({ ...lawOf(given), journal });
    const arrived = [...journal.read()].filter(({ kind }) => kind === 'proposal');
    expect(arrived.length).toBeGreaterThan(50);
    for (const { time, data } of arrived) expect(time).toBeGreaterThanOrEqual((data as { proposal: Proposal }).proposal.createdAt + MINUTE);
  });

  it.each([
    { what: 'fails', propose: () => { throw new Error('line is dead'); }, note: "proposal source 'law' counts as silent: it failed: line is dead" },
    { what: 'gives something else', propose: () => 'buy', note: "proposal source 'law' counts as silent: it failed: it gave \"buy\", expected a list of proposals" },
    { what: 'names an instrument that the account does not have', propose: () => [{ id: 'p', instrument: 'Z', action: 'long', confidence: 1, rationale: '', origin: 'a', createdAt: 1, expiresAt: 2 }], note: "a proposal of source 'law' was refused: instrument was \"Z\", expected one of A, B" },
  ])('are absent where their source $what, and the result says so', async ({ propose, note }) => {
    const { result, intents } = await runLaw({ ...lawOf([]), propose });
    expect(intents).toEqual([]);
    expect(result.warnings.join('\n')).toContain(note);
  });
});
