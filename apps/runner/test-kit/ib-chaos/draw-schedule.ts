import { createRandom } from '@keelson/core/engine';
import type { Random } from '@keelson/core/ports';
import type { Death } from './driven-process.js';

/** Monday, an hour into the regular session. */
export const BEGIN = Date.parse('2026-05-04T14:30:00Z');
export const BAR_MS = 5_000;
/** Time goes on in steps of this. */
export const STEP_MS = 1_000;
export const CAP = 4;
const CLIENT = 7;

/** Something that is said to the simulator over its control port; `pick`, from 0 to 1, names one of the orders that live then. */
export type Order = { readonly at: number; readonly do: string; readonly params: object; readonly pick?: number };
export type Killing = { readonly at: number; readonly who: 'trader' | 'gateway'; readonly how: Omit<Death, 'port'> | undefined; readonly pauseSteps: number };

/** What one seed stands for. Times are steps. */
export type Schedule = {
  readonly seed: string;
  readonly steps: number;
  /** Rows of bars of five seconds, as the simulator reads them. */
  readonly bars: string;
  readonly account: Readonly<Record<string, unknown>>;
  readonly sizePerQuote: number | undefined;
  readonly orders: readonly Order[];
  /** Steps in which the line is not to be relied on. */
  readonly deaf: ReadonlySet<number>;
  readonly kills: readonly Killing[];
  /** Steps at which a person has the account sell everything. */
  readonly sales: readonly number[];
  /** Faults that were drawn, by kind. */
  readonly kinds: Readonly<Record<string, number>>;
};

type Fault = { readonly kind: string; readonly chance: number; draw(random: Random): { readonly now: readonly object[]; readonly later?: readonly (readonly [number, object])[]; readonly deafSteps?: number } };

const fault = (kind: string, more: object = {}): object => ({ kind, ...more });
/** Messages whose layout may drift; without the handshake no client could be. */
const DRIFTING = ['openOrder', 'orderStatus', 'executionData', 'commissionReport', 'position', 'positionEnd', 'realTimeBars', 'historicalData', 'openOrderEnd', 'executionDataEnd', 'currentTime'] as const;

/** Faults of a schedule, and how likely each of them begins in a step. */
const FAULTS: readonly Fault[] = [
  { kind: 'connectivity', chance: 0.006, draw: (random) => {
    const steps = 1 + random.int(25);
    const [down, up] = random.next() < 0.7 ? [1100, random.next() < 0.5 ? 1101 : 1102] : [2110, 1102];
    return { now: [fault('connectivity', { code: down })], later: [[steps, fault('connectivity', { code: up })]], deafSteps: steps };
  } },
  { kind: 'halfOpen', chance: 0.003, draw: (random) => {
    const steps = 15 + random.int(20);
    return { now: [fault('halfOpen', { on: true })], later: [[steps, fault('halfOpen', { on: false })]], deafSteps: steps };
  } },
  { kind: 'drop', chance: 0.006, draw: () => ({ now: ['drop'] as unknown as object[] }) },
  { kind: 'dropDuringOrders', chance: 0.01, draw: (random) => ({ now: [fault('dropDuringOrders', { after: 1 + random.int(4) })] }) },
  { kind: 'swallowOrders', chance: 0.01, draw: (random) => ({ now: [fault('swallowOrders', { count: 1 + random.int(3) })] }) },
  { kind: 'duplicateExecutions', chance: 0.03, draw: (random) => ({ now: [fault('duplicateExecutions', { count: 1 + random.int(4) })] }) },
  { kind: 'correctExecutions', chance: 0.02, draw: (random) => ({ now: [fault('correctExecutions', { count: 1 + random.int(2), priceChange: (1 + random.int(4)) * (random.next() < 0.5 ? 0.25 : -0.25) })] }) },
  { kind: 'correctLater', chance: 0.015, draw: (random) => ({ now: [fault('correctExecutions', { count: 1 + random.int(2), priceChange: (1 + random.int(4)) * (random.next() < 0.5 ? 0.25 : -0.25), delayMs: 1_000 + random.int(90_000) })] }) },
  { kind: 'lateCommissions', chance: 0.02, draw: (random) => ({ now: [fault('lateCommissions', { delayMs: 200 + random.int(8_000) })], later: [[5 + random.int(30), fault('lateCommissions', { delayMs: 0 })]] }) },
  { kind: 'noCommissions', chance: 0.01, draw: (random) => ({ now: [fault('noCommissions', { on: true })], later: [[5 + random.int(30), fault('noCommissions', { on: false })]] }) },
  { kind: 'skipStatuses', chance: 0.03, draw: (random) => ({ now: [fault('skipStatuses', { count: 1 + random.int(6) })] }) },
  { kind: 'repeatStatuses', chance: 0.03, draw: (random) => ({ now: [fault('repeatStatuses', { count: 1 + random.int(6) })] }) },
  { kind: 'previewWithoutValues', chance: 0.01, draw: (random) => ({ now: [fault('previewWithoutValues', { count: 1 + random.int(2) })] }) },
  { kind: 'restart', chance: 0.004, draw: (random) => {
    const steps = 2 + random.int(30);
    return { now: [fault('restart', { downMs: steps * STEP_MS })], deafSteps: steps };
  } },
  { kind: 'logout', chance: 0.002, draw: (random) => {
    const steps = 10 + random.int(40);
    return { now: [fault('logout')], later: [[steps, fault('login')]], deafSteps: steps };
  } },
  { kind: 'drift', chance: 0.01, draw: (random) => ({ now: [fault('drift', { message: DRIFTING[random.int(DRIFTING.length)], fields: random.next() < 0.5 ? 1 : -1 - random.int(3), count: 1 + random.int(3) })] }) },
  { kind: 'refuseClient', chance: 0.003, draw: (random) => {
    const steps = 3 + random.int(20);
    return { now: [fault('refuseClient', { clientId: CLIENT, on: true }), 'drop' as unknown as object], later: [[steps, fault('refuseClient', { clientId: CLIENT, on: false })]], deafSteps: steps };
  } },
  { kind: 'readOnly', chance: 0.002, draw: (random) => {
    const steps = 1 + random.int(10);
    return { now: [fault('readOnly', { on: true })], later: [[steps, fault('readOnly', { on: false })]], deafSteps: steps };
  } },
  { kind: 'clockOffset', chance: 0.003, draw: (random) => ({ now: [fault('clockOffset', { ms: (random.next() < 0.5 ? -1 : 1) * (5_000 + random.int(120_000)) })], later: [[5 + random.int(40), fault('clockOffset', { ms: 0 })]] }) },
  { kind: 'pacing', chance: 0.006, draw: (random) => ({ now: [fault('pacing', { count: 1 + random.int(2) })] }) },
  { kind: 'fillBeforeCancel', chance: 0.01, draw: (random) => ({ now: [fault('fillBeforeCancel', { on: true })], later: [[1 + random.int(10), fault('fillBeforeCancel', { on: false })]] }) },
  { kind: 'cancelDelay', chance: 0.01, draw: (random) => ({ now: [fault('cancelDelay', { ms: 200 + random.int(4_000) })], later: [[1 + random.int(15), fault('cancelDelay', { ms: 0 })]] }) },
];

/** Half of the kinds of faults are left out of each schedule. */
export function drawSchedule(seed: string, steps: number): Schedule {
  const random = createRandom(`ib ${seed}`);
  const maybe = <T>(value: T): T | undefined => (random.next() < 0.5 ? value : undefined);
  const kinds: Record<string, number> = {};
  const orders: Order[] = [];
  const deaf = new Set<number>();
  const say = (at: number, what: object | 'drop'): void => void orders.push({ at, ...(what === 'drop' ? { do: 'drop', params: {} } : { do: 'fault', params: what }) });
  for (const { kind, chance, draw } of FAULTS.filter(() => random.next() < 0.5)) {
    for (let step = 5; step < steps; step++) {
      if (random.next() >= chance) continue;
      const { now, later = [], deafSteps = 0 } = draw(random);
      kinds[kind] = (kinds[kind] ?? 0) + 1;
      for (const each of now) say(step, each);
      for (const [after, each] of later) say(step + after, each);
      for (let at = step; at <= step + deafSteps; at++) deaf.add(at);
      step += Math.max(deafSteps, ...later.map(([after]) => after), 0);
    }
  }
  const byHand = createRandom(`ib ${seed} by hand`);
  for (const cancel of drawCancels(byHand, steps)) orders.push(cancel);
  return {
    seed, steps, orders: orders.sort((a, b) => a.at - b.at), deaf, kinds,
    sales: byHand.next() < 0.25 ? [10 + byHand.int(steps - 20)] : [],
    bars: drawBars(random, steps),
    kills: drawKills(random, steps),
    sizePerQuote: maybe(1 + random.int(3)),
    account: {
      sizing: { use: 'fixed-quantity', quantity: 3 },
      exits: { stopPoints: 4, rewardRisk: maybe(1.5), trailing: maybe({ afterR: 0.5, distanceAtr: 1.5 }), breakEvenAfterR: maybe(0.5), partialTarget: maybe({ atR: 0.5, fraction: 0.5 }), maxHoldMinutes: maybe(2), disasterStop: maybe({ lossFraction: 0.01 }) },
    },
  };
}

/** A random walk with jumps, from two hours before the beginning. */
function drawBars(random: Random, steps: number): string {
  const tick = 0.25;
  const rows = ['time,open,high,low,close,volume'];
  let price = 5_000;
  for (let time = BEGIN - 2 * 3_600_000; time < BEGIN + (steps + 3_600) * STEP_MS; time += BAR_MS) {
    const ticks = (scale: number): number => Math.round(random.normal() * scale) * tick;
    const open = price + (random.next() < 0.02 ? ticks(12) : 0);
    const close = open + ticks(3);
    rows.push([new Date(time).toISOString(), open, Math.max(open, close) + Math.abs(ticks(2)), Math.min(open, close) - Math.abs(ticks(2)), close, 1 + random.int(40)].join(','));
    price = close;
  }
  return rows.join('\n');
}

/** A person at the gateway takes an order back, or all of them. */
function drawCancels(random: Random, steps: number): Order[] {
  const count = random.next() < 0.5 ? 0 : 1 + random.int(5);
  return Array.from({ length: count }, () => ({ at: 10 + random.int(steps - 20), do: 'cancelByHand', params: {}, ...(random.next() < 0.7 ? { pick: random.next() } : {}) }));
}

function drawKills(random: Random, steps: number): Killing[] {
  const kill = (who: Killing['who']): Killing => {
    const how: Killing['how'] = random.next() < 0.25 ? undefined
      : { at: who === 'gateway' && random.next() < 0.7 ? 'keep' : 'send', left: 1 + random.int(12), how: (['before', 'torn', 'after'] as const)[random.int(3)] as 'before' };
    return { at: 10 + random.int(steps - 20), who, how, pauseSteps: random.int(20) };
  };
  const kills = [
    ...Array.from({ length: 1 + random.int(3) }, () => kill('trader')),
    ...Array.from({ length: random.int(3) }, () => kill('gateway')),
  ];
  // both at once
  if (random.next() < 0.3) {
    const at = 10 + random.int(steps - 20);
    kills.push({ ...kill('trader'), at }, { ...kill('gateway'), at });
  }
  return kills.sort((a, b) => a.at - b.at);
}
