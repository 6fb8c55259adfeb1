import { MemoryJournal } from '@keelson/core/engine';
import type { JournalRecord } from '@keelson/core/ports';
import { describe, expect, it } from 'vitest';
import { lawOptions, MINUTE, randomBars, reckless, START, type LawRun } from '../../test-kit/law-run.js';
import { HandFeed, LiveLife, VirtualTime } from '../../test-kit/live-run.js';

const BARS = 120;

type Lived = { readonly records: readonly JournalRecord[]; readonly hash: string };

/** Lives through the bars with `advise` as advisor; between minutes promises have their turn. */
async function live(advise: LawRun['advise'], account: LawRun['account'] = {}): Promise<Lived> {
  const bars = { A: randomBars(BARS, 'advice') };
  const journal = new MemoryJournal();
  const time = new VirtualTime();
  const feed = new HandFeed();
  const run: LawRun = { bars, strategy: reckless, account: { decision: { minConfidence: 0.1 }, ...account }, live: (handlers) => void (feed.handlers = handlers), ...(advise === undefined ? {} : { advise }) };
  const life = new LiveLife(lawOptions(run, [], []), journal, time, feed);
  await life.start();
  for (let minute = 1; minute <= BARS * 2; minute++) {
    await life.play(bars, START + (minute - 1) * MINUTE, START + minute * MINUTE);
    for (let turn = 0; turn < 8; turn++) await Promise.resolve();
  }
  const result = await life.end();
  return { records: [...journal.read()], hash: result.ordersHash };
}

const adviceOf = ({ records }: Lived): readonly JournalRecord[] => records.filter(({ kind }) => kind === 'advice');

describe('advice in a live run', () => {
  it('arrives at the bars after its answer came', async () => {
    const asked: number[] = [];
    const lived = await live(({ time }) => {
      asked.push(time);
      return { bias: 'bullish', confidence: 0.8, rationale: 'r', expiresAt: time + 5 * MINUTE };
    });
    const advice = adviceOf(lived);
    expect(asked.length).toBeGreaterThan(60);
    expect(advice.length).toBeGreaterThan(asked.length - 3);
    expect(advice[0]?.time).toBeGreaterThan(asked[0] as number);
    expect(advice[0]?.data).toMatchObject({ advice: { bias: 'bullish', confidence: 0.8 } });
  });

  it('that never comes holds nothing up: the run is that without an advisor, and it is asked again', async () => {
    let asked = 0;
    const hanging = await live(() => {
      asked++;
      return new Promise(() => undefined);
    });
    const none = await live(undefined);
    expect(hanging.hash).toBe(none.hash);
    const decided = ({ records }: Lived): readonly JournalRecord[] => records.filter(({ kind }) => kind !== 'run' && kind !== 'advice');
    expect(decided(hanging)).toEqual(decided(none));
    expect(asked).toBeGreaterThan(10);
  });
});
