import { MemoryJournal, composeAccount, replayJournal } from '@keelson/core/engine';
import type { TelemetryDecision, TelemetryOutcome, TelemetryRun } from '@keelson/core/domain';
import type { JournalRecord } from '@keelson/core/ports';
import { describe, expect, it } from 'vitest';
import { lawOptions, MINUTE, randomBars, reckless, runLaw, START, type LawRun } from '../../test-kit/law-run.js';
import { HandFeed, LiveLife, VirtualTime } from '../../test-kit/live-run.js';

type Line = TelemetryRun | TelemetryDecision | TelemetryOutcome;
type Fill = Extract<TelemetryOutcome, { readonly kind: 'fill' }>;

class Lines {
  readonly text: string[] = [];

  write(line: string): void {
    this.text.push(line);
  }

  get all(): Line[] {
    return this.text.map((line) => JSON.parse(line) as Line);
  }

  get decisions(): TelemetryDecision[] {
    return this.all.filter((line): line is TelemetryDecision => line.kind === 'decision');
  }

  get fills(): Fill[] {
    return this.all.filter((line): line is Fill => line.kind === 'fill');
  }
}

const BARS = 600;
const run = (seed: string): LawRun => ({
  bars: Object.fromEntries(['A', 'B'].map((id) => [id, randomBars(BARS, `${seed}/${id}`)])),
  strategy: reckless,
  advise: ({ time }) => ({ bias: 'bullish', confidence: 0.8, rationale: 'up', expiresAt: time + 600_000 }),
  account: {
    seed,
    decision: { minConfidence: 0.4, memory: { minSample: 5 } },
    memory: { use: 'in-memory' },
    overlays: [{ use: 'min-reward-risk', config: { ratio: 1.5 } }],
    sizing: { use: 'fixed-quantity', quantity: 5 },
    exits: { stopAtr: 2, rewardRisk: 1.2, trailing: { afterR: 1, distanceAtr: 1.5 }, partialTarget: { atR: 1, fraction: 0.5 } },
    risk: { maxContracts: 4, maxTradesPerDay: 90 },
    broker: { use: 'simulated', config: { slippage: { ticks: 1 }, volumeLimit: 0.3, commission: { perContract: 0.62 } } },
  },
});

async function told(law: LawRun): Promise<{ readonly lines: Lines; readonly lived: Awaited<ReturnType<typeof runLaw>> }> {
  const lines = new Lines();
  const lived = await runLaw(law);
  await composeAccount({ ...lawOptions(law, [], []), telemetry: lines }).run();
  return { lines, lived };
}

describe('telemetry', () => {
  it('changes nothing that is decided', async () => {
    const law = run('same');
    const plain = await runLaw(law);
    const result = await composeAccount({ ...lawOptions(law, [], []), telemetry: new Lines() }).run();
    expect(result.ordersHash).toBe(plain.result.ordersHash);
    expect(result.trades).toEqual(plain.result.trades);
    expect(result.warnings).toEqual(plain.result.warnings);
  });

  it('tells every order that left and every fill once, joined by cycle', async () => {
    const { lines, lived } = await told(run('joined'));
    const orders = lines.decisions.flatMap(({ cycle, orders: sent = [] }) => sent.filter(({ verdict }) => verdict !== 'refused').map((order) => ({ cycle, ...order })));
    expect(orders.map(({ clientOrderId, quantity }) => [clientOrderId, quantity])).toEqual(lived.intents.map(({ clientOrderId, quantity }) => [clientOrderId, quantity]));
    expect(orders.some(({ wanted, quantity, why }) => quantity < wanted && why !== undefined)).toBe(true);

    const fills = lived.events.flatMap((event) => (event.kind === 'fill' ? [event.fill] : []));
    expect(lines.fills.map(({ executionId, quantity, price }) => [executionId, quantity, price])).toEqual(fills.map(({ executionId, quantity, price }) => [executionId, quantity, price]));
    const cycles = new Map(orders.flatMap(({ cycle, clientOrderId, bracket = [] }) => [clientOrderId, ...bracket.map((leg) => leg.clientOrderId)].map((id) => [id, cycle])));
    for (const { clientOrderId, cycle } of lines.fills) expect(cycle).toBe(cycles.get(clientOrderId));
  });

  it('counts an execution once that the venue repeats', async () => {
    const law = run('twice');
    const broker = law.account?.['broker'] as { readonly use: string; readonly config: object };
    const faulty = { ...law, account: { ...law.account, broker: { ...broker, config: { ...broker.config, faults: { duplicate: 0.5 } } } } };
    const { lines, lived } = await told(faulty);
    const repeated = lived.events.flatMap((event) => (event.kind === 'fill' ? [event.fill.executionId] : []));
    expect(new Set(lines.fills.map(({ executionId }) => executionId)).size).toBe(lines.fills.length);
    expect(lines.fills.map(({ executionId }) => executionId)).toEqual([...new Set(repeated)]);
  });

  it('adds filled quantities up to orders and positions', async () => {
    const { lines } = await told(run('sums'));
    const filled = new Map<string, number>();
    const position = new Map<string, number>();
    expect(lines.fills.some(({ remaining = 0 }) => remaining > 0)).toBe(true);
    for (const fill of lines.fills) {
      filled.set(fill.clientOrderId, (filled.get(fill.clientOrderId) ?? 0) + fill.quantity);
      position.set(fill.instrument, (position.get(fill.instrument) ?? 0) + (fill.side === 'buy' ? fill.quantity : -fill.quantity));
      expect(fill.filled).toBe(filled.get(fill.clientOrderId));
      expect(fill.position).toBe(position.get(fill.instrument));
    }
  });

  it('tells what memory, advice and overlays did to a signal', async () => {
    const { lines } = await told(run('told'));
    const signals = lines.decisions.flatMap(({ signal }) => signal ?? []);
    for (const { confidence } of signals) expect(Math.min(1, Math.max(0, confidence.votes + confidence.memory + confidence.advice))).toBeCloseTo(confidence.final, 9);
    expect(signals.some(({ voted, confidence }) => voted === 'long' && Math.abs(confidence.advice - 0.1) < 1e-9)).toBe(true);
    expect(signals.some(({ voted, confidence }) => voted === 'short' && Math.abs(confidence.advice + 0.15) < 1e-9)).toBe(true);
    expect(signals.some(({ confidence }) => (confidence.recalled?.sample ?? 0) >= 5 && confidence.memory !== 0)).toBe(true);
    expect(signals.some(({ voted, action, confidence }) => voted !== 'hold' && action === 'hold' && confidence.final < confidence.minimum)).toBe(true);
    const vetoed = lines.decisions.filter(({ overlays = [] }) => overlays.some(({ verdict }) => verdict === 'veto'));
    expect(vetoed.length).toBeGreaterThan(0);
    for (const { overlays = [], target } of vetoed) expect([overlays.at(-1)?.after, target]).toEqual([0, 0]);
  });

  it('tells a live run of several lives as its journal does', async () => {
    const law = run('lives');
    const journal = new MemoryJournal();
    const time = new VirtualTime();
    const lines = new Lines();
    const cuts = [START, START + 200 * MINUTE, START + 400 * MINUTE, START + 10 * BARS * MINUTE];
    for (let i = 1; i < cuts.length; i++) {
      const feed = new HandFeed();
      const options = lawOptions({ ...law, live: (handlers) => void (feed.handlers = handlers) }, [], []);
      const life = new LiveLife({ ...options, telemetry: lines }, journal, time, feed);
      await life.start();
      await life.play(law.bars, cuts[i - 1] as number, cuts[i] as number);
      await life.end();
    }
    const again = new Lines();
    const records = [...journal.read()].map((record) => JSON.parse(JSON.stringify(record)) as JournalRecord);
    expect(await replayJournal({ ...lawOptions(law, [], []), telemetry: again }, records)).toMatchObject({ lives: 3, difference: undefined });
    expect(again.text).toEqual(lines.text);
    expect(lines.all.filter(({ kind }) => kind === 'run')).toHaveLength(3);
    // an order that outlived its process keeps its decision
    expect(lines.fills.length).toBeGreaterThan(50);
    for (const { cycle } of lines.fills) expect(cycle).toBeDefined();
  });

  it('gives every bar with its features where that is asked for, null until they are warm', async () => {
    const law = run('bars');
    const lines = new Lines();
    const options = lawOptions({ ...law, account: { ...law.account, strategies: [{ use: 'sma-cross', params: { fast: 3, slow: 8 } }], telemetry: { every: 'bar' } } }, [], []);
    await composeAccount({ ...options, telemetry: lines }).run();
    const { decisions } = lines;
    expect(decisions.filter(({ trigger }) => trigger === 'bar')).toHaveLength(2 * BARS);
    const own = decisions.filter(({ instrument, trigger }) => instrument === 'A' && trigger === 'bar');
    const name = 'sma(period=3,source=close)';
    expect(own[1]?.features?.[name]).toBeNull();
    const closes = own.slice(97, 100).map(({ bar }) => bar?.close as number);
    expect(own[99]?.features?.[name]).toBeCloseTo(closes.reduce((sum, close) => sum + close, 0) / 3, 9);
  });
});
