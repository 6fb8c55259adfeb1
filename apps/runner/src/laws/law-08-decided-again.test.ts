import { MemoryJournal } from '@keelson/core/engine';
import type { JournalRecord } from '@keelson/core/ports';
import { describe, expect, it } from 'vitest';
import { randomBars, reckless, replayLaw, runLaw, START, type LawRun } from '../../test-kit/law-run.js';

const advise = ({ time, closes }: { readonly time: number; readonly closes: readonly number[] }): unknown => ({
  bias: (closes.at(-1) as number) > (closes[0] as number) ? 'bullish' : 'bearish',
  confidence: 0.8,
  rationale: 'the way it went',
  expiresAt: time + 600_000,
});

/** Everything that an account can be told: bars of two instruments, venue events with partial fills, advice, exits of all kinds. */
const busy = (seed: string): LawRun => ({
  bars: { A: randomBars(1500, `${seed}/a`), B: randomBars(1500, `${seed}/b`) },
  strategy: reckless,
  advise,
  account: {
    seed,
    strategies: [{ use: 'law' }, { use: 'sma-cross', weight: 0.5 }],
    decision: { minConfidence: 0.3 },
    sizing: { use: 'fixed-quantity', quantity: 3 },
    exits: { stopAtr: 2, rewardRisk: 2, trailing: { afterR: 1, distanceAtr: 1.5 }, breakEvenAfterR: 1, partialTarget: { atR: 1, fraction: 0.5 }, maxHoldMinutes: 90, disasterStop: { lossFraction: 0.01 } },
    risk: { maxContracts: 4, maxDailyLossFraction: 0.02, maxTradesPerDay: 60 },
    broker: { use: 'simulated', config: { slippage: { ticks: 1 }, volumeLimit: 0.3, commission: { perContract: 0.62 } } },
  },
});

async function journalOf(run: LawRun): Promise<JournalRecord[]> {
  const journal = new MemoryJournal();
  await runLaw({ ...run, journal });
  // as a file would give them back
  return [...journal.read()].map((record) => JSON.parse(JSON.stringify(record)) as JournalRecord);
}

describe('law 8: what was decided can be decided again', () => {
  it.each(['one', 'two', 'three'])('gives every decision again from the journal alone, record by record (seed %s)', async (seed) => {
    const run = busy(seed);
    const records = await journalOf(run);
    const kinds = new Set(records.map(({ kind }) => kind));
    for (const kind of ['run', 'bars', 'decision', 'intent', 'refusal', 'change', 'cancel', 'broker-event', 'advice'] as const) expect(kinds).toContain(kind);

    // no bars, no advice: both must come from the journal
    const replay = await replayLaw({ ...run, bars: { A: randomBars(1, 'x'), B: randomBars(1, 'x') }, advise: () => expect.fail('the advisor was asked') }, records);

    expect(replay).toEqual({ records: records.length, bars: expect.any(Number) as number, lives: 1, difference: undefined });
    expect(replay.bars).toBe(records.filter(({ kind }) => kind === 'bars').reduce((sum, { data }) => sum + (data as { bars: unknown[] }).bars.length, 0));
  });

  it('names the first decision that differs, with what it was decided on, when a parameter has changed', async () => {
    const run = busy('one');
    const records = await journalOf(run);
    const { difference } = await replayLaw({ ...run, account: { ...run.account, exits: { ...(run.account?.['exits'] as object), rewardRisk: 3 } } }, records);

    const index = difference?.index as number;
    expect(difference?.recorded).toEqual(records[index]);
    expect(difference?.decided?.kind).toBe('plan');
    expect(JSON.stringify(difference?.decided?.data)).not.toBe(JSON.stringify(difference?.recorded?.data));
    expect(difference?.input).toEqual(records.slice(0, index).findLast(({ kind }) => ['bars', 'broker-event', 'advice'].includes(kind)));
    expect(difference?.recorded?.data).toMatchObject({ plan: { target: expect.any(Number) as number } });
  });

  it.each([
    ['a decision taken out', (records: JournalRecord[]) => records.filter(({ kind }, i) => kind !== 'intent' || i !== records.findIndex((each) => each.kind === 'intent'))],
    ['a price changed', (records: JournalRecord[]) => records.map((record) => (record.kind === 'bars' && record.time === START + 900 * 60_000 ? { ...record, data: { bars: (record.data as { bars: number[][] }).bars.map((bar) => bar.with(7, (bar[7] as number) + 100)) } } : record))],
    ['the end cut off within a decision', (records: JournalRecord[]) => records.slice(0, records.findLastIndex(({ kind }) => kind === 'intent'))],
  ])('finds %s', async (_what, tamper) => {
    const run = busy('two');
    const records = await journalOf(run);
    const { difference } = await replayLaw(run, tamper(records));
    expect(difference).toBeDefined();
  });
});
