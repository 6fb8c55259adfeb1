import { describe, expect, it } from 'vitest';
import type { OrderIntent } from '../domain/order.js';
import { toPrice, toQuantity } from '../domain/units.js';
import { Kernel, MINUTE, type KernelOptions } from '../../testing/kernel.js';
import { watchLosses } from './watch-losses.js';

type Wish = 'long' | 'short' | 'flat' | 'hold';

/** A kernel whose strategy says what `wish` holds at the time. */
function trader(exits: Record<string, unknown> = {}, quantity = 3, options: KernelOptions = {}): Kernel & { wish: Wish; details: Record<string, number> } {
  const kernel = Object.assign(new Kernel({ ...options, config: { exits, sizing: { use: 'fixed-quantity', quantity }, risk: { maxContracts: 100 }, ...options.config } }), { wish: 'hold' as Wish, details: {} as Record<string, number> });
  kernel.seat(({ signal }) => (kernel.wish === 'hold' ? undefined : signal[kernel.wish](kernel.details)));
  return kernel;
}

const brief = (intents: readonly OrderIntent[]): string[] => intents.map((intent) => `${intent.role} ${intent.side} ${intent.quantity}`);

describe('planOrders', () => {
  it('enters once however often the signal is said', () => {
    const kernel = trader();
    kernel.wish = 'long';
    expect(brief(kernel.step(100))).toEqual(['entry buy 3']);
    expect(kernel.step(100)).toEqual([]);
    kernel.accept('test-X-1');
    expect(kernel.step(100)).toEqual([]);
    kernel.fill('test-X-1', 1, 100);
    expect(kernel.step(100)).toEqual([]);
  });

  it('does not add to a working entry when the size grows in between', () => {
    const kernel = trader({}, 3, { config: { sizing: { use: 'equity-fraction', fraction: 0.01 }, risk: { maxContracts: 100 } } });
    Object.assign(kernel, { wish: 'long', details: { entry: 90 } });
    expect(kernel.step(100).length).toBe(1);
    kernel.details = { entry: 45 };
    expect(kernel.step(50)).toEqual([]);
  });

  it('leaves, then enters the other way, and nothing doubles while the venue is silent', () => {
    const kernel = trader();
    kernel.enter('long', 100);
    kernel.wish = 'short';
    expect(brief(kernel.step(100))).toEqual(['exit sell 3', 'entry sell 3']);
    expect(kernel.step(100)).toEqual([]);
    expect(kernel.step(100)).toEqual([]);
  });

  it('takes back a working entry against the signal, and does not count on it', () => {
    const kernel = trader();
    Object.assign(kernel, { wish: 'long', details: { entry: 90 } });
    kernel.step(100);
    Object.assign(kernel, { wish: 'short', details: {} });
    // the cancel is on its way: to sell twice as much would end short of twice the size
    expect(brief(kernel.step(100))).toEqual(['entry sell 3']);
    expect(kernel.broker.canceled).toEqual(['test-X-1']);
    expect(kernel.step(100)).toEqual([]);
    expect(kernel.broker.canceled).toEqual(['test-X-1']);
  });

  it('asks again when the venue refuses the cancel', () => {
    const kernel = trader();
    Object.assign(kernel, { wish: 'long', details: { entry: 90 } });
    kernel.step(100);
    kernel.wish = 'flat';
    kernel.step(100);
    kernel.say({ kind: 'cancel-rejected', clientOrderId: 'test-X-1', code: 'X', reason: '', time: kernel.account.now });
    kernel.step(100);
    expect(kernel.broker.canceled).toEqual(['test-X-1', 'test-X-1']);
  });

  it('takes entries back from a venue that answers inside the call', () => {
    const kernel = trader({ stopPoints: 5 });
    Object.assign(kernel, { wish: 'long', details: { entry: 90 } });
    kernel.step(100);
    kernel.broker.onCancel = (id) => kernel.cancelled(id);
    kernel.wish = 'flat';
    kernel.step(100);
    expect(kernel.account.orders.liveCount).toBe(0);
  });

  it('rounds the stop toward the entry, the target away from it, and a limit to the better side', () => {
    const kernel = trader();
    Object.assign(kernel, { wish: 'long', details: { entry: 99.9, stop: 95.1, target: 110.1 } });
    const [long] = kernel.step(100);
    expect([long?.limitPrice, ...(long?.bracket ?? []).map((leg) => leg.stopPrice ?? leg.limitPrice)]).toEqual([99.75, 95.25, 110.25]);
    const other = trader();
    Object.assign(other, { wish: 'short', details: { entry: 100.1, stop: 104.9, target: 90.1 } });
    const [short] = other.step(100);
    expect([short?.limitPrice, ...(short?.bracket ?? []).map((leg) => leg.stopPrice ?? leg.limitPrice)]).toEqual([100.25, 104.75, 90]);
  });

  it('names orders by account, instrument and running number, and their exits after them', () => {
    const kernel = trader({ stopPoints: 5, rewardRisk: 2 });
    kernel.wish = 'long';
    const [entry] = kernel.step(100);
    expect(entry).toMatchObject({ clientOrderId: 'test-X-1', ocoGroup: 'test-X-1', bracket: [{ clientOrderId: 'test-X-1-stop', stopPrice: 95 }, { clientOrderId: 'test-X-1-target', limitPrice: 110 }] });
  });

  it('writes the plan with the quantity that was approved', () => {
    const kernel = trader({ stopPoints: 5 }, 9, { config: { risk: { maxContracts: 2 }, sizing: { use: 'fixed-quantity', quantity: 9 }, exits: { stopPoints: 5 } } });
    const entry = kernel.enter('long', 100);
    expect(entry.quantity).toBe(2);
    expect(kernel.desk.plan).toMatchObject({ id: entry.clientOrderId, quantity: 2, stop: 95, initialStop: 95, side: 'long' });
  });

  it.each([
    { exits: { rewardRisk: 2 }, note: 'no target on X: rewardRisk needs a stop' },
    { exits: { breakEvenAfterR: 1 }, note: 'no break-even stop on X: breakEvenAfterR needs a stop' },
    { exits: { partialTarget: { atR: 1, fraction: 0.5 } }, note: 'no partial target on X: partialTarget needs a stop' },
    { exits: { trailing: { distanceAtr: 1 } }, note: 'no trailing stop on X: trailing needs a stop' },
  ])('says of an entry without a stop: $note', ({ exits, note }) => {
    const bare = trader(exits);
    bare.enter('long', 100);
    expect(bare.notes).toContain(`${note}, and neither the signal nor exits: gives one`);
    const guarded = trader(exits);
    Object.assign(guarded, { wish: 'long', details: { stop: 95 } });
    expect(guarded.step(100)).toHaveLength(1);
    expect(guarded.notes).toBe('');
    const byDistance = trader({ ...exits, minStopPoints: 5 });
    byDistance.enter('long', 100);
    expect(byDistance.notes).toBe('');
  });

  it('says nothing of rewardRisk where the signal names the target itself', () => {
    const kernel = trader({ rewardRisk: 2 });
    Object.assign(kernel, { wish: 'long', details: { target: 110 } });
    expect(kernel.step(100)).toHaveLength(1);
    expect(kernel.notes).not.toContain('rewardRisk');
  });

  it('says which ATR an entry waits for, and counts the entries that were dropped', () => {
    const kernel = trader({ stopAtr: 2 });
    kernel.wish = 'long';
    for (let i = 0; i < 2; i++) expect(kernel.step(100)).toEqual([]);
    expect(kernel.notes).toBe('no entry on X: the ATR of exits is not warm yet (2 times)');
    const sized = trader({}, 1, { config: { sizing: { use: 'volatility', fraction: 0.01 } } });
    sized.wish = 'long';
    expect(sized.step(100)).toEqual([]);
    expect(sized.notes).toBe('no entry on X: the ATR of sizing is not warm yet');
  });

  it('sends nothing in a dry run, and says what it would', () => {
    const kernel = trader({}, 3, { config: { dryRun: true } });
    kernel.wish = 'long';
    expect(kernel.step(100)).toEqual([]);
    expect(kernel.account.ordersSent).toBe(1);
    expect(kernel.account.orders.liveCount).toBe(0);
  });

  it('writes intents, changes and cancels to the journal before they leave', () => {
    const kernel = trader({ stopPoints: 10, breakEvenAfterR: 0.5 }, 3, { journal: true });
    const kindsAt: string[][] = [];
    kernel.broker.onSubmit = () => void kindsAt.push(kernel.journal.records.map((record) => record.kind));
    kernel.broker.onCancel = () => void kindsAt.push(kernel.journal.records.map((record) => record.kind));
    kernel.enter('long', 100);
    expect(kindsAt[0]?.at(-1)).toBe('intent');
    kernel.step(106);
    expect(kernel.journal.records.map((record) => record.kind)).toContain('change');
    kernel.fill('given', 3, 106, { side: 'sell' });
    kernel.step(106);
    expect(kindsAt.at(-1)?.at(-1)).toBe('cancel');
  });
});

describe('manageExits', () => {
  it('trails the stop behind the close, only ever tighter, on the tick toward the entry', () => {
    const kernel = trader({ stopPoints: 10, trailing: { afterR: 0.5, distanceAtr: 1 } });
    kernel.desk.exitAtr = { value: 4.1 } as never;
    const { clientOrderId } = kernel.enter('long', 100);
    const stops = [104, 105, 110, 107, 120].map((close) => {
      kernel.step(close);
      const change = kernel.broker.changes.at(-1);
      if (change !== undefined) kernel.say({ kind: 'modified', clientOrderId: change.clientOrderId, quantity: toQuantity(3), ...(change.stopPrice === undefined ? {} : { stopPrice: change.stopPrice }), time: kernel.account.now });
      return kernel.desk.plan?.stop;
    });
    expect(stops).toEqual([90, 101, 106, 106, 116]);
    expect(kernel.broker.changes.every((change) => change.clientOrderId === `${clientOrderId}-stop`)).toBe(true);
  });

  it('goes back to the stop that stands when the venue refuses the change', () => {
    const kernel = trader({ stopPoints: 10, breakEvenAfterR: 0.5 });
    const { clientOrderId } = kernel.enter('long', 100);
    kernel.step(106);
    expect(kernel.desk.plan?.stop).toBe(100);
    kernel.say({ kind: 'modify-rejected', clientOrderId: `${clientOrderId}-stop`, code: 'X', reason: '', time: kernel.account.now });
    expect(kernel.desk.plan?.stop).toBe(90);
    kernel.step(106);
    expect(kernel.broker.changes.length).toBe(2);
  });

  it('leaves at the time limit, counted from the fill, and takes back the rest of the entry', () => {
    const kernel = trader({ stopPoints: 10, maxHoldMinutes: 3 });
    Object.assign(kernel, { wish: 'long', details: { entry: 99 } });
    const [entry] = kernel.step(100);
    kernel.wish = 'hold';
    for (let i = 0; i < 10; i++) kernel.step(100);
    kernel.fill(entry?.clientOrderId ?? '', 2, 99);
    kernel.activate(`${entry?.clientOrderId}-stop`, 2);
    expect(kernel.desk.plan?.timeLimit).toBe(kernel.account.now + 3 * MINUTE);
    expect([kernel.step(100), kernel.step(100)].flat()).toEqual([]);
    expect(brief(kernel.step(100))).toEqual(['exit sell 2']);
    expect(kernel.broker.canceled).toEqual([entry?.clientOrderId]);
  });

  it('leaves at the disaster stop', () => {
    const kernel = trader({ disasterStop: { lossFraction: 0.0001 } });
    kernel.enter('long', 100);
    expect(kernel.step(97)).toEqual([]);
    expect(brief(kernel.step(96))).toEqual(['exit sell 3']);
  });

  it('takes a part of the profit once', () => {
    const kernel = trader({ stopPoints: 10, partialTarget: { atR: 1, fraction: 0.34 } }, 100);
    kernel.enter('long', 100);
    expect(brief(kernel.step(110))).toEqual(['exit sell 34']);
    kernel.fill('test-X-2', 34, 110);
    expect(kernel.step(111)).toEqual([]);
  });

  it('sends one exit where a partial target and a signal to leave meet: two would take each other away', () => {
    const kernel = trader({ stopPoints: 10, partialTarget: { atR: 1, fraction: 0.5 } }, 4);
    kernel.enter('long', 100);
    kernel.wish = 'short';
    expect(brief(kernel.step(110))).toEqual(['exit sell 4', 'entry sell 4']);
  });

  it('enters nothing against a position while an exit of an earlier bar is at work', () => {
    const kernel = trader({ stopPoints: 10, partialTarget: { atR: 1, fraction: 0.5 } }, 4);
    kernel.enter('long', 100);
    expect(brief(kernel.step(110))).toEqual(['exit sell 2']);
    kernel.wish = 'short';
    expect(brief(kernel.step(110))).toEqual(['exit sell 2']);
  });

  it.each([['with', { stopPoints: 10 }], ['without', {}]])('sends the exit of a signal again when the venue ends it without a fill, %s a stop', (_how, exits) => {
    const kernel = trader(exits);
    kernel.enter('long', 100);
    kernel.wish = 'flat';
    const [exit] = kernel.step(100);
    kernel.wish = 'hold';
    expect(kernel.step(100)).toEqual([]);
    kernel.cancelled(exit?.clientOrderId ?? '');
    expect(brief(kernel.step(100))).toEqual(['exit sell 3']);
  });

  it('sends it again also for a position that came without a plan', () => {
    const kernel = trader();
    kernel.fill('given', 3, 100);
    kernel.wish = 'flat';
    const [exit] = kernel.step(100);
    kernel.wish = 'hold';
    kernel.cancelled(exit?.clientOrderId ?? '');
    expect(brief(kernel.step(100))).toEqual(['exit sell 3']);
  });

  it('puts a lost stop back, for exactly what has lost it, in the group of the bracket', () => {
    const kernel = trader({ stopPoints: 10, rewardRisk: 2 });
    const { clientOrderId } = kernel.enter('long', 100);
    expect(kernel.step(100)).toEqual([]);
    kernel.broker.submitted.length = 0;
    kernel.cancelled(`${clientOrderId}-stop`);
    const [stop, ...none] = kernel.broker.submitted;
    expect(none).toEqual([]);
    expect(stop).toMatchObject({ role: 'stop', side: 'sell', quantity: 3, stopPrice: 90, reduceOnly: true, ocoGroup: clientOrderId });
    expect(kernel.step(100)).toEqual([]);
    kernel.say({ kind: 'modified', clientOrderId: stop?.clientOrderId ?? '', quantity: toQuantity(1), time: kernel.account.now });
    expect(brief(kernel.step(100))).toEqual(['stop sell 2']);
  });

  it('waits for a bracket that the venue has yet to activate', () => {
    const kernel = trader({ stopPoints: 10 });
    kernel.wish = 'long';
    const [entry] = kernel.step(100);
    kernel.fill(entry?.clientOrderId ?? '', 3, 100);
    expect(kernel.step(100)).toEqual([]);
  });

  it('takes back exits that guard nothing, but not those of an entry that goes on filling', () => {
    const kernel = trader({ stopPoints: 10, rewardRisk: 2 });
    const { clientOrderId } = kernel.enter('long', 100);
    kernel.fill('given', 3, 100, { side: 'sell' });
    kernel.step(100);
    expect([...kernel.broker.canceled].sort()).toEqual([`${clientOrderId}-stop`, `${clientOrderId}-target`]);
    kernel.step(100);
    expect(kernel.broker.canceled.length).toBe(2);

    const other = trader({ stopPoints: 10 });
    other.wish = 'long';
    const [entry] = other.step(100);
    other.fill(entry?.clientOrderId ?? '', 1, 100);
    other.activate(`${entry?.clientOrderId}-stop`, 1);
    other.fill('given', 1, 100, { side: 'sell' });
    other.wish = 'hold';
    other.step(100);
    expect(other.broker.canceled).toEqual([]);
  });

  it('takes entries back when a loss limit is met while they work', () => {
    const kernel = trader({}, 3, { config: { risk: { maxContracts: 2000, maxDrawdownFraction: 0.01 }, sizing: { use: 'fixed-quantity', quantity: 3 } } });
    Object.assign(kernel, { wish: 'long', details: { entry: 90 } });
    kernel.step(100);
    kernel.fill('given', 1000, 100);
    kernel.wish = 'hold';
    kernel.see(90);
    watchLosses(kernel.account);
    expect(kernel.broker.canceled).toEqual(['test-X-1']);
    expect(kernel.account.halted).toContain('maxDrawdownFraction');
  });
});

describe('plans', () => {
  it('come with an entry that fills after it was given up', () => {
    const kernel = trader({ stopPoints: 10 });
    Object.assign(kernel, { wish: 'long', details: { entry: 99 } });
    const [entry] = kernel.step(100);
    kernel.wish = 'hold';
    kernel.cancelled(entry?.clientOrderId ?? '');
    kernel.fill(entry?.clientOrderId ?? '', 3, 99);
    kernel.activate(`${entry?.clientOrderId}-stop`, 3);
    expect(kernel.desk.plan?.id).toBe(entry?.clientOrderId);
    expect(kernel.step(100)).toEqual([]);
  });

  it('come with the entry that filled although another was sent since', () => {
    const kernel = trader({ stopPoints: 10 });
    Object.assign(kernel, { wish: 'long', details: { entry: 90 } });
    kernel.step(100);
    Object.assign(kernel, { wish: 'short', details: { entry: 110 } });
    kernel.step(100);
    kernel.fill('test-X-1', 3, 90);
    expect(kernel.desk.plan).toMatchObject({ id: 'test-X-1', side: 'long' });
  });

  it('end with the position', () => {
    const kernel = trader({ stopPoints: 10 });
    const { clientOrderId } = kernel.enter('long', 100);
    kernel.fill(`${clientOrderId}-stop`, 3, 90);
    expect(kernel.desk.plan).toBeUndefined();
  });
});

describe('events of the venue', () => {
  it('count once when they are repeated', () => {
    const kernel = trader();
    kernel.wish = 'long';
    kernel.step(100);
    const fill = kernel.fill('test-X-1', 2, 100);
    kernel.say({ kind: 'fill', fill });
    expect(kernel.desk.position.quantity).toBe(2);
    const foreign = kernel.fill('liquidation-1', 1, 100, { side: 'sell', cause: 'liquidation' });
    kernel.say({ kind: 'fill', fill: foreign });
    expect(kernel.desk.position.quantity).toBe(1);
  });

  it('correct a fill: what is left is the replacement', () => {
    const kernel = trader({ stopPoints: 10 });
    kernel.wish = 'long';
    kernel.step(100);
    const fill = kernel.fill('test-X-1', 3, 100, { commission: 2 as never });
    kernel.say({ kind: 'fill-corrected', executionId: fill.executionId, replacement: { ...fill, executionId: 'new', price: toPrice(101), quantity: toQuantity(2) }, time: kernel.account.now });
    kernel.see(101);
    expect(kernel.desk.position).toMatchObject({ quantity: 2, averagePrice: 101 });
    expect(kernel.ledger.equity).toBeCloseTo(100_000 - 2, 9);
    expect(kernel.ledger.commissions.value).toBeCloseTo(2, 12);
    expect(kernel.desk.plan?.id).toBe('test-X-1');
  });

  it('end the plan when the fill that made the position is taken back', () => {
    const kernel = trader({ stopPoints: 10 });
    kernel.wish = 'long';
    kernel.step(100);
    const fill = kernel.fill('test-X-1', 3, 100);
    kernel.say({ kind: 'fill-corrected', executionId: fill.executionId, time: kernel.account.now });
    expect(kernel.desk.position.quantity).toBe(0);
    expect(kernel.desk.plan).toBeUndefined();
    expect(kernel.ledger.equity).toBe(100_000);
  });

  it('refuse a commission in a currency that the account cannot value, before anything is booked', () => {
    const kernel = trader();
    expect(() => kernel.fill('given', 1, 100, { commission: 1 as never, commissionCurrency: 'BNB' })).toThrow('charged in BNB');
    expect(kernel.desk.position.quantity).toBe(0);
    kernel.fill('given', 1, 100, { commissionCurrency: 'BNB' });
    expect(kernel.desk.position.quantity).toBe(1);
  });
});
