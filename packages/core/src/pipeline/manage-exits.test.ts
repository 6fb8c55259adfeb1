import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { BrokerEvent } from '../domain/events.js';
import { toPrice, toQuantity, toUtcMs } from '../domain/units.js';
import { Kernel } from '../../testing/kernel.js';

type Wish = 'long' | 'short' | 'flat' | 'hold';
/** What happens to a kernel: a bar with a wish of the strategy, or the venue saying something of the newest order or one before it. */
type Step = { readonly kind: 'bar'; readonly price: number; readonly wish: Wish } | { readonly kind: (typeof SAYINGS)[number]; readonly back: number; readonly quantity: number };

const SAYINGS = ['fill', 'accepted', 'canceled', 'rejected', 'activated', 'modified', 'cancel-rejected', 'modify-rejected', 'outcome-unknown', 'correct', 'restriction'] as const;

const quantity = fc.constantFrom(4, 4, 4, 2, 1);
const LEVELS = ['none', 'no-entries', 'leave', 'leave'] as const;
const step = fc.oneof(
  // mostly near the entry, so that positions last
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('bar' as const), price: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 97, max: 103 }) }, fc.integer({ min: 80, max: 120 })), wish: fc.constantFrom<Wish>('long', 'long', 'short', 'flat', 'hold', 'hold', 'hold', 'hold', 'hold') }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom(...SAYINGS, 'fill', 'fill', 'activated', 'modified'), back: fc.integer({ min: 0, max: 3 }), quantity }) },
);

const exits = fc.constantFrom<Record<string, unknown>>({}, { stopPoints: 10 }, { stopPoints: 10, rewardRisk: 1 }, { stopPoints: 10, maxHoldMinutes: 3 }, { stopPoints: 10, breakEvenAfterR: 0.5 }, { disasterStop: { lossFraction: 0.0001 } }, { stopPoints: 10, rewardRisk: 2, entryExpiryMinutes: 2 });

class Run {
  readonly kernel: Kernel;
  private wish: Wish = 'hold';
  private executions = 0;

  constructor(
    settings: Record<string, unknown>,
    linked: boolean,
    /** Begins with a position. */
    entered: boolean,
    /** Manages exits on every bar, whether anything changed or not. */
    private readonly always: boolean,
  ) {
    this.kernel = new Kernel({ journal: true, config: { exits: settings, sizing: { use: 'fixed-quantity', quantity: 4 }, risk: { maxContracts: 100 } } });
    const { broker } = this.kernel;
    if (!linked) broker.capabilities = { ...broker.capabilities, nativeBrackets: false, oco: false };
    if (entered) this.kernel.enter('long', 100);
    this.kernel.seat(({ signal }) => (this.wish === 'hold' ? undefined : signal[this.wish]({})));
  }

  /** Orders that were sent, with those of their brackets. */
  private get ids(): string[] {
    return this.kernel.broker.submitted.flatMap(({ clientOrderId, bracket = [] }) => [clientOrderId, ...bracket.map((leg) => leg.clientOrderId)]);
  }

  take(step: Step): void {
    const { kernel } = this;
    if (this.always) Object.assign(kernel.desk.settled, { version: -1 });
    if (step.kind === 'bar') {
      this.wish = step.wish;
      kernel.step(step.price);
      return;
    }
    const clientOrderId = this.ids.at(-1 - step.back);
    const order = clientOrderId === undefined ? undefined : kernel.account.orders.get(clientOrderId);
    if (clientOrderId === undefined || order === undefined || kernel.desk.bars.count === 0) return;
    const time = toUtcMs(kernel.account.now);
    const quantity = toQuantity(step.quantity);
    if (step.kind === 'fill') kernel.fill(clientOrderId, step.quantity, kernel.desk.close);
    else if (step.kind === 'restriction') kernel.say({ kind: 'restriction', instrument: 'X', level: LEVELS[step.back] as (typeof LEVELS)[number], reason: 'test', time });
    else if (step.kind === 'correct') {
      const fill = order.fills[this.executions++ % Math.max(1, order.fills.length)];
      if (fill !== undefined) kernel.say({ kind: 'fill-corrected', executionId: fill.executionId, time });
    } else if (step.kind === 'activated') kernel.say({ kind: 'activated', clientOrderId, quantity, time });
    else if (step.kind === 'modified') kernel.say({ kind: 'modified', clientOrderId, quantity, ...(order.stopPrice === undefined ? {} : { stopPrice: toPrice(order.stopPrice) }), time });
    else kernel.say({ kind: step.kind, clientOrderId, reason: 'test', code: 'X', venueOrderId: 'V', time } as BrokerEvent);
  }
}

const sent = ({ kernel: { broker } }: Run): unknown => [broker.submitted, broker.changes, broker.canceled];

it('does the same where exits are managed anew only after a change as where they are on every bar', () => {
  fc.assert(
    fc.property(exits, fc.boolean(), fc.boolean(), fc.array(step, { maxLength: 30, size: 'max' }), (settings, linked, entered, steps) => {
      const usual = new Run(settings, linked, entered, false);
      const always = new Run(settings, linked, entered, true);
      for (const each of steps) {
        usual.take(each);
        always.take(each);
        expect(usual.kernel.journal.records).toEqual(always.kernel.journal.records);
        expect(usual.kernel.desk.plan).toEqual(always.kernel.desk.plan);
      }
      expect(sent(usual)).toEqual(sent(always));
      expect(usual.kernel.notes).toBe(always.kernel.notes);
    }),
    { numRuns: Number(process.env.KEELSON_RUNS ?? 150) },
  );
});
