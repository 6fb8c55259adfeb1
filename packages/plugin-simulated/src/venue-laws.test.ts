import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import type { BrokerEvent, CashMovement, Fill } from '@keelson/core/domain';
import { describe, expect, it } from 'vitest';
import { VenueHarness, dailyCalendar, instrumentOf, type IntentFields } from '../testing/venue-harness.js';
import type { SimulatedSettings } from './config.js';

/** Whatever is sent and whatever the market does: these hold. */
type Step =
  | { kind: 'bar'; gap: number; up: number; down: number; end: number; volume: number }
  | { kind: 'order'; buy: boolean; quantity: number; type: number; offset: number; tif: number; role: boolean; reduce: boolean; group: number; bracket: number; width: number }
  | { kind: 'cancel'; which: number }
  | { kind: 'modify'; which: number; quantity: number; offset: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('bar' as const), gap: fc.integer({ min: -6, max: 6 }), up: fc.integer({ min: 0, max: 8 }), down: fc.integer({ min: 0, max: 8 }), end: fc.integer({ min: 0, max: 100 }), volume: fc.integer({ min: 0, max: 60 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('order' as const),
      buy: fc.boolean(),
      quantity: fc.integer({ min: 1, max: 12 }),
      type: fc.integer({ min: 0, max: 4 }),
      offset: fc.integer({ min: -6, max: 6 }),
      tif: fc.integer({ min: 0, max: 2 }),
      role: fc.boolean(),
      reduce: fc.boolean(),
      group: fc.integer({ min: 0, max: 3 }),
      bracket: fc.integer({ min: 0, max: 3 }),
      width: fc.integer({ min: 1, max: 8 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('modify' as const), which: fc.nat(40), quantity: fc.integer({ min: 1, max: 12 }), offset: fc.integer({ min: -6, max: 6 }) }) },
);

const settingsArbitrary: fc.Arbitrary<SimulatedSettings> = fc.record({
  intrabar: fc.constantFrom('worst' as const, 'ohlc' as const, 'olhc' as const, 'nearest-open' as const),
  limitFill: fc.constantFrom('through' as const, 'touch' as const),
  fill: fc.constantFrom('next-open' as const, 'same-close' as const),
  entryBarStops: fc.boolean(),
  entryBarTargets: fc.boolean(),
  volumeLimit: fc.constantFrom(0.1, 0.25, 1),
  slippage: fc.constantFrom({}, { ticks: 1 }, { bps: 3 }, { volatilityShare: 0.1 }, { volumeShare: 0.1 }),
  commission: fc.constantFrom({}, { perContract: 0.37 }, { fraction: 0.0007 }, { perShare: 0.01, minimum: 1 }, { takerBps: 5, makerBps: -1 }),
  margin: fc.constantFrom({ none: true as const }, { initial: 300, maintenance: 200 }, { leverage: 4 }),
  funding: fc.constantFrom({}, { rate: 0.0003, everyHours: 1 }),
});

const TYPES = ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'] as const;
const TIMES = ['gtc', 'day', 'ioc'] as const;
const GROUPS = [undefined, undefined, 'g1', 'g2'];
const CASH = 10_000;

type Sent = { readonly intent: IntentFields; readonly legs: readonly string[] };
type Played = { readonly harness: VenueHarness; readonly events: readonly BrokerEvent[]; readonly sent: ReadonlyMap<string, Sent> };

/** Plays steps on one instrument; `bound` of the tick keeps prices positive. */
function play(steps: readonly Step[], settings: SimulatedSettings, type: 'future' | 'stock' | 'perpetual', inspect: (played: Played, before: number) => void): Played {
  const instrument = instrumentOf({ type, tickSize: 0.05, multiplier: 20, lotSize: 0.1 });
  const harness = new VenueHarness({ settings, instruments: [instrument], calendars: { '24/7': dailyCalendar(0, 1) }, initialCash: CASH });
  const sent = new Map<string, Sent>();
  const played: Played = { harness, events: harness.events, sent };
  const tick = (steps20: number): number => steps20 / 20;
  let last = 400;
  let barTime = harness.now;
  const ids = (): string[] => [...sent.keys()].flatMap((id) => [id, ...(sent.get(id)?.legs ?? [])]);
  for (const each of steps) {
    const before = harness.events.length;
    if (each.kind === 'bar') {
      const open = Math.max(200, last + each.gap);
      const high = open + each.up;
      const low = open - each.down;
      const close = low + Math.round(((high - low) * each.end) / 100);
      // twenty minutes a bar inside an hour's session: day orders and settlement come often
      if (barTime % 86_400_000 >= 3_600_000) barTime = Math.ceil(barTime / 86_400_000) * 86_400_000;
      harness.bar([tick(open), tick(high), tick(low), tick(close), each.volume], { time: barTime });
      barTime += 1_200_000;
      last = close;
    } else if (each.kind === 'order') {
      const id = `o${sent.size}`;
      const side = each.buy ? 'buy' : 'sell';
      const away = each.buy ? -1 : 1;
      const type_ = TYPES[each.type] ?? 'market';
      const role = each.role ? 'entry' : 'exit';
      const group = GROUPS[each.group];
      const hasBracket = each.role && each.bracket > 0;
      const legs = hasBracket ? (each.bracket === 1 ? [`${id}.s`] : [`${id}.s`, `${id}.t`]) : [];
      const base = last + each.offset;
      const intent: IntentFields = {
        clientOrderId: id,
        side,
        quantity: each.quantity / 10,
        type: type_,
        role,
        timeInForce: TIMES[each.tif] ?? 'gtc',
        reduceOnly: each.reduce || !each.role,
        ...(group === undefined ? {} : { ocoGroup: hasBracket ? `${group}.${id}` : group }),
        ...(type_ === 'limit' || type_ === 'stop-limit' ? { limitPrice: tick(base) } : {}),
        ...(type_ === 'stop' || type_ === 'stop-limit' ? { stopPrice: tick(last - each.offset) } : {}),
        ...(type_ === 'trailing-stop' ? { trailDistance: tick(each.width) } : {}),
        ...(hasBracket
          ? {
              bracket: [
                each.bracket === 3
                  ? { clientOrderId: `${id}.s`, role: 'stop' as const, type: 'trailing-stop' as const, trailDistance: tick(each.width) as never }
                  : { clientOrderId: `${id}.s`, role: 'stop' as const, type: 'stop' as const, stopPrice: tick(last + away * each.width) as never },
                ...(legs.length === 2 ? [{ clientOrderId: `${id}.t`, role: 'target' as const, type: 'limit' as const, limitPrice: tick(last - away * each.width) as never }] : []),
              ],
            }
          : {}),
      };
      sent.set(id, { intent, legs });
      harness.submit(intent);
    } else if (each.kind === 'cancel') {
      const known = ids();
      if (known.length > 0) harness.cancel(known[each.which % known.length] ?? '');
    } else {
      const known = ids();
      const id = known[each.which % Math.max(1, known.length)] ?? 'none';
      harness.modify({ clientOrderId: id, quantity: each.quantity / 10 });
    }
    inspect(played, before);
  }
  return played;
}

const scenario = fc.record({ steps: fc.array(step, { minLength: 5, maxLength: 60 }), settings: settingsArbitrary, type: fc.constantFrom('future' as const, 'stock' as const, 'perpetual' as const) });
const RUNS = { numRuns: 400 };
const tenths = (value: number): number => Math.round(value * 10);
const isFill = (event: BrokerEvent): event is Extract<BrokerEvent, { kind: 'fill' }> => event.kind === 'fill';
const signed = (fill: Fill): number => tenths(fill.quantity) * (fill.side === 'buy' ? 1 : -1);

describe('the venue, whatever it is sent', () => {
  it('keeps a position that is the fold of its fills', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ steps, settings, type }) => {
        const { harness, events } = play(steps, settings, type, () => {});
        const folded = events.filter(isFill).reduce((sum, { fill }) => sum + signed(fill), 0);
        const { positions } = await harness.broker.snapshot();
        expect(tenths(positions[0]?.quantity ?? 0)).toBe(folded);
        expect(await harness.broker.executionsSince(0 as never)).toEqual(events.filter(isFill).map(({ fill }) => fill));
      }),
      RUNS,
    );
  });

  it('never lets a reduce-only order open or turn a position', () => {
    fc.assert(
      fc.property(scenario, ({ steps, settings, type }) => {
        const { events, sent } = play(steps, settings, type, () => {});
        const legs = new Set([...sent.values()].flatMap((each) => each.legs));
        let position = 0;
        for (const { fill } of events.filter(isFill)) {
          const before = position;
          position += signed(fill);
          if (!legs.has(fill.clientOrderId) && sent.get(fill.clientOrderId)?.intent.reduceOnly !== true) continue;
          expect(Math.abs(position)).toBeLessThan(Math.abs(before));
          expect(position * before).toBeGreaterThanOrEqual(0);
        }
      }),
      RUNS,
    );
  });

  it('never lets the exits of a bracket take or cover more than its entry filled', () => {
    fc.assert(
      fc.property(scenario, ({ steps, settings, type }) => {
        const { events, sent } = play(steps, settings, type, () => {});
        const filled = new Map<string, number>();
        const parentOf = new Map([...sent].flatMap(([id, { legs }]) => legs.map((leg) => [leg, id] as const)));
        for (const event of events) {
          if (isFill(event)) filled.set(event.fill.clientOrderId, (filled.get(event.fill.clientOrderId) ?? 0) + tenths(event.fill.quantity));
          const id = isFill(event) ? event.fill.clientOrderId : event.kind === 'activated' ? event.clientOrderId : '';
          const parent = parentOf.get(id);
          if (parent === undefined) continue;
          const entered = filled.get(parent) ?? 0;
          const left = (sent.get(parent)?.legs ?? []).reduce((sum, leg) => sum + (filled.get(leg) ?? 0), 0);
          expect(left).toBeLessThanOrEqual(entered);
          if (event.kind === 'activated') expect(tenths(event.quantity) - (filled.get(id) ?? 0)).toBeLessThanOrEqual(entered - left);
        }
      }),
      RUNS,
    );
  });

  it('never fills an OCO group beyond its largest order', () => {
    fc.assert(
      fc.property(scenario, ({ steps, settings, type }) => {
        // changes may enlarge an order, and a name may be used again once its group has ended: keep to one group
        const orders = steps.filter((each) => each.kind !== 'modify').map((each) => (each.kind === 'order' ? { ...each, bracket: 0, group: 2, reduce: false, role: true } : each));
        let alive = new Map<string, number>();
        let taken = 0;
        let largest = 0;
        play(orders, { ...settings, margin: { none: true } }, type, ({ events, sent }, before) => {
          for (const event of events.slice(before)) {
            if (event.kind === 'accepted') {
              if (alive.size === 0) {
                taken = 0;
                largest = 0;
                alive = new Map();
              }
              const quantity = tenths(sent.get(event.clientOrderId)?.intent.quantity ?? 0);
              alive.set(event.clientOrderId, quantity);
              largest = Math.max(largest, taken + quantity);
            } else if (isFill(event)) {
              taken += tenths(event.fill.quantity);
              expect(taken).toBeLessThanOrEqual(largest);
              const rest = (alive.get(event.fill.clientOrderId) ?? 0) - tenths(event.fill.quantity);
              if (rest === 0) alive.delete(event.fill.clientOrderId);
              else alive.set(event.fill.clientOrderId, rest);
            } else if (event.kind === 'canceled' || event.kind === 'expired' || event.kind === 'rejected') alive.delete(event.clientOrderId);
            else if (event.kind === 'modified') expect(tenths(event.quantity)).toBeGreaterThan(0);
          }
        });
      }),
      RUNS,
    );
  });

  it('keeps cash to the last digit of a decimal oracle', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ steps, settings, type }) => {
        const { harness, events } = play(steps, settings, type, () => {});
        const oracle = new CashOracle(type === 'stock');
        for (const event of events) {
          if (isFill(event)) oracle.fill(event.fill);
          else if (event.kind === 'cash') oracle.move(event.movement);
        }
        const { cash } = await harness.broker.snapshot();
        const amount = cash[0]?.amount ?? 0;
        const difference = oracle.cash.minus(amount).abs().toNumber();
        expect(difference).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(amount)));
        expect(oracle.worstSettlement).toBeLessThan(1e-9);
      }),
      RUNS,
    );
  });

  it('says the same again when the same is played again', () => {
    fc.assert(
      fc.property(scenario, ({ steps, settings, type }) => {
        const first = play(steps, settings, type, () => {}).events;
        const second = play(steps, settings, type, () => {}).events;
        expect(second).toEqual(first);
      }),
      { numRuns: 100 },
    );
  });

  it('knows no order whose end it has told', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ steps, settings, type }) => {
        const { harness, events } = play(steps, settings, type, () => {});
        const ended = new Set(events.flatMap((event) => (event.kind === 'canceled' || event.kind === 'expired' || event.kind === 'rejected' ? [event.clientOrderId] : [])));
        for (const order of (await harness.broker.snapshot()).orders) {
          expect(ended.has(order.clientOrderId)).toBe(false);
          expect(order.status === 'held' || order.filled < order.quantity).toBe(true);
        }
      }),
      RUNS,
    );
  });
});

/** Cash by exact decimals, first in first out, from what the venue said alone. */
class CashOracle {
  cash = new Decimal(CASH);
  /** Largest difference between a settlement and what the open lots make of its price. */
  worstSettlement = 0;
  private lots: { quantity: Decimal; basis: Decimal }[] = [];

  constructor(private readonly paysNotional: boolean) {}

  fill(fill: Fill): void {
    const sign = fill.side === 'buy' ? 1 : -1;
    const price = new Decimal(fill.price);
    this.cash = this.cash.minus(fill.commission);
    if (this.paysNotional) {
      this.cash = this.cash.minus(price.times(fill.quantity).times(20).times(sign));
      return;
    }
    let left = new Decimal(fill.quantity);
    while (left.gt(0) && this.lots[0] !== undefined && this.lots[0].quantity.s !== sign) {
      const lot = this.lots[0];
      const taken = Decimal.min(left, lot.quantity.abs());
      this.cash = this.cash.plus(price.minus(lot.basis).times(taken).times(20).times(lot.quantity.s));
      lot.quantity = lot.quantity.minus(taken.times(lot.quantity.s));
      left = left.minus(taken);
      if (lot.quantity.isZero()) this.lots.shift();
    }
    if (left.gt(0)) this.lots.push({ quantity: left.times(sign), basis: price });
  }

  move(movement: CashMovement): void {
    this.cash = this.cash.plus(movement.amount);
    if (movement.kind !== 'settlement') return;
    const price = new Decimal(movement.price ?? 0);
    const due = this.lots.reduce((sum, lot) => sum.plus(price.minus(lot.basis).times(lot.quantity).times(20)), new Decimal(0));
    this.worstSettlement = Math.max(this.worstSettlement, due.minus(movement.amount).abs().toNumber());
    for (const lot of this.lots) lot.basis = price;
  }
}
