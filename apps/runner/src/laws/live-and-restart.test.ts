import { MemoryJournal, createRandom } from '@keelson/core/engine';
import type { RunResult } from '@keelson/core/engine';
import type { JournalRecord } from '@keelson/core/ports';
import type { BrokerEvent, OrderIntent } from '@keelson/core/domain';
import { describe, expect, it } from 'vitest';
import { lawOptions, MINUTE, randomBars, reckless, replayLaw, runLaw, START, type LawRun } from '../../test-kit/law-run.js';
import { HandFeed, LiveLife, VirtualTime } from '../../test-kit/live-run.js';

const BARS = 900;
const END = START + 10 * BARS * MINUTE;

const EXITS: Readonly<Record<string, unknown>> = { stopAtr: 2, rewardRisk: 2, trailing: { afterR: 1, distanceAtr: 1.5 }, breakEvenAfterR: 1, partialTarget: { atR: 1, fraction: 0.5 }, maxHoldMinutes: 90, disasterStop: { lossFraction: 0.01 } };
/** Everything else that a plan can hold. */
const PLANS: Readonly<Record<string, unknown>> = {
  stopAtr: 2,
  rewardRisk: 3,
  atrPeriod: 5,
  trailing: { afterR: 0.5, chandelier: { period: 8, multiplier: 2 } },
  partialTargets: [{ atR: 0.5, fraction: 0.4 }, { atR: 1, fraction: 0.5 }],
  entryExpiryMinutes: 4,
  conviction: { min: 0.3, decayPerHour: 0.5, closePositions: true },
  scaling: { tolerance: 0.3, scaleIn: true },
};

const account = (seed: string, instruments: readonly string[], exits = EXITS, broker = 'simulated'): LawRun => ({
  bars: Object.fromEntries(instruments.map((id) => [id, randomBars(BARS, `${seed}/${id}`)])),
  strategy: reckless,
  account: {
    seed,
    decision: { minConfidence: 0.3 },
    sizing: { use: 'fixed-quantity', quantity: 3 },
    exits,
    risk: { maxContracts: 4, maxTradesPerDay: 60 },
    broker: { use: broker, config: { slippage: { ticks: 1 }, volumeLimit: 0.3, commission: { perContract: 0.62 } } },
  },
});

type Lived = { readonly result: RunResult; readonly intents: readonly OrderIntent[]; readonly events: readonly BrokerEvent[]; readonly journal: LossyJournal };

/** A journal whose process may die before it wrote everything. */
class LossyJournal extends MemoryJournal {
  /** Takes the newest records away; none before what was synced, which an order may have followed. */
  lose(count: number): void {
    const records = this.read() as JournalRecord[];
    records.length = Math.max(this.synced, records.length - count);
  }

  private synced = 0;

  override sync(): void {
    this.synced = (this.read() as JournalRecord[]).length;
  }
}

/** Lives through the account's bars; the process is gone and comes back at each time of `deaths`. */
async function live(run: LawRun, deaths: readonly number[], die: (journal: LossyJournal) => void = () => undefined): Promise<Lived> {
  const journal = new LossyJournal();
  const time = new VirtualTime();
  const intents: OrderIntent[] = [];
  const events: BrokerEvent[] = [];
  const cuts = [START, ...deaths, END];
  for (let i = 1; i < cuts.length; i++) {
    const feed = new HandFeed();
    const life = new LiveLife(lawOptions({ ...run, live: (handlers) => void (feed.handlers = handlers) }, intents, events), journal, time, feed);
    await life.start();
    await life.play(run.bars, cuts[i - 1] as number, cuts[i] as number);
    feed.handlers = undefined;
    if (i < cuts.length - 1) die(journal);
    const result = await life.end();
    if (i === cuts.length - 1) return { result, intents, events, journal };
  }
  throw new Error('there is always a last life');
}

describe('a live run', () => {
  it.each([['one instrument', ['A']], ['two instruments', ['A', 'B']]])('trades as the backtest of the same bars does (%s)', async (_what, instruments) => {
    const run = account('same', instruments);
    const past = await runLaw(run);
    const lived = await live(run, []);
    expect(lived.result.ordersHash).toBe(past.result.ordersHash);
    expect(lived.result.trades).toEqual(past.result.trades);
    expect(lived.result.trades.length).toBeGreaterThan(20);
  });

  it.each([['r1', EXITS], ['r2', EXITS], ['r3', EXITS], ['r4', EXITS], ['p1', PLANS], ['p2', PLANS], ['p3', PLANS], ['p4', PLANS], ['m1', EXITS, 'plain'], ['m2', PLANS, 'plain']])('goes on after a restart as if there had been none (seed %s)', async (seed, exits, broker = 'simulated') => {
    const run = account(seed as string, ['A', 'B'], exits as typeof EXITS, broker as string);
    const whole = await live(run, []);
    const at = (bar: number): number => START + bar * MINUTE;
    const cut = await live(run, [at(60), at(61), at(200 + seed.length), at(555), at(700)]);

    expect(cut.intents.map(({ clientOrderId }) => clientOrderId)).toEqual(whole.intents.map(({ clientOrderId }) => clientOrderId));
    expect(cut.intents).toEqual(whole.intents);
    expect(cut.result.ordersHash).toBe(whole.result.ordersHash);
    expect(cut.result.trades).toEqual(whole.result.trades);
    expect(cut.result.statistics).toEqual(whole.result.statistics);
  });

  it.each(['l1', 'l2', 'l3'])('keeps its latches over restarts: breakers and pauses (seed %s)', async (seed) => {
    const plain = account(seed, ['A', 'B']);
    const risk = { maxContracts: 4, maxDailyLoss: 3000, maxDrawdownFraction: 0.05, lossStreak: { losses: 2, pauseMinutes: 7 }, onBreach: { dailyLoss: 'flatten', lossStreak: 'flatten' }, maxOrdersPerMinute: 3 };
    const run: LawRun = { ...plain, account: { ...plain.account, risk } };
    const whole = await live(run, []);
    const latched = [...whole.journal.read()].filter(({ kind, data }) => kind === 'state' && JSON.stringify(data).includes('"by":"loss-streak"'));
    expect(latched.length).toBeGreaterThan(3);
    // in the middle of pauses, and a minute after they began
    const times = latched.flatMap(({ time }) => [time, time + MINUTE]).filter((time, i, all) => i % 3 === 0 && all.indexOf(time) === i);
    const cut = await live(run, times.slice(0, 8).sort((a, b) => a - b));
    expect(cut.intents).toEqual(whole.intents);
    expect(cut.result.ordersHash).toBe(whole.result.ordersHash);
    expect(cut.result.halted).toBe(whole.result.halted);
    const replay = await replayLaw(run, whole.journal.read());
    expect(replay.difference).toBeUndefined();
  });

  it('stays killed over a restart until somebody resumes', async () => {
    const run = account('kill', ['A']);
    const journal = new MemoryJournal();
    const time = new VirtualTime();
    const intents: OrderIntent[] = [];
    const lives = async (from: number, to: number, begin?: (life: LiveLife) => void): Promise<RunResult> => {
      const feed = new HandFeed();
      const life = new LiveLife(lawOptions({ ...run, live: (handlers) => void (feed.handlers = handlers) }, intents, []), journal, time, feed);
      await life.start();
      begin?.(life);
      await life.play(run.bars, START + from * MINUTE, START + to * MINUTE);
      feed.handlers = undefined;
      return life.end();
    };
    await lives(0, 100);
    const killed = await lives(100, 130, (life) => life.engine.command({ command: 'kill', reason: 'enough' }));
    expect(killed.openPositions).toEqual([]);
    const entries = intents.filter(({ role }) => role === 'entry').length;
    expect(entries).toBeGreaterThan(0);
    const still = await lives(130, 300);
    expect(still.halted).toBe('killed: enough');
    expect(intents.filter(({ role }) => role === 'entry')).toHaveLength(entries);
    const resumed = await lives(300, 500, (life) => life.engine.command({ command: 'resume', reason: 'go on' }));
    expect(resumed.halted).toBeUndefined();
    expect(intents.filter(({ role }) => role === 'entry').length).toBeGreaterThan(entries);
  });

  it.each([[EXITS, 'simulated'], [PLANS, 'simulated'], [PLANS, 'plain']] as const)('leaves a journal that decides everything again', async (exits, broker) => {
    const run = account('again', ['A', 'B'], exits, broker);
    const { journal } = await live(run, []);
    const replay = await replayLaw(run, journal.read());
    expect(replay.difference).toBeUndefined();
    expect(replay.records).toBe([...journal.read()].length);
  });

  it.each(['s1', 's2', 's3'])('leaves a journal of several starts that decides everything again (seed %s)', async (seed) => {
    const run = account(seed, ['A', 'B']);
    const at = (bar: number): number => START + bar * MINUTE;
    const { journal } = await live(run, [at(60), at(61), at(300 + seed.length), at(700)]);
    const replay = await replayLaw(run, journal.read());
    expect(replay).toMatchObject({ difference: undefined, lives: 5, records: [...journal.read()].length });
  });

  it.each(['c1', 'c2', 'c3', 'c4'])('leaves a journal that decides everything again when each start lost the end of what it wrote (seed %s)', async (seed) => {
    const run = account(seed, ['A', 'B']);
    const random = createRandom(seed);
    const cut = await live(run, [START + 60 * MINUTE, START + 200 * MINUTE, START + 555 * MINUTE], (journal) => journal.lose(random.int(9)));
    const replay = await replayLaw(run, cut.journal.read());
    expect(replay).toMatchObject({ difference: undefined, lives: 4, records: [...cut.journal.read()].length });
  });

  it('is found to decide otherwise in its second start, at the right record, when a bar is changed there', async () => {
    const run = account('tampered', ['A']);
    const { journal } = await live(run, [START + 30 * MINUTE]);
    const records = [...journal.read()];
    const second = records.findLastIndex(({ kind }) => kind === 'run');
    const index = records.findIndex(({ kind }, i) => i > second && kind === 'bars' && records[i + 1]?.kind === 'broker-event');
    const { time, data } = records[index] as JournalRecord;
    records[index] = { kind: 'bars', time, data: { bars: (data as { readonly bars: ReadonlyArray<readonly number[]> }).bars.map((bar) => bar.map((value, i) => (i >= 4 && i <= 7 ? value + 1000 : value))) } };
    const { difference } = await replayLaw(run, records);
    expect(difference?.index).toBe(index + 1);
    expect(difference?.input).toBe(records[index]);
  });
});
