import { describe, expect, it } from 'vitest';
import type { OrderIntent } from '../domain/order.js';
import { toMoney, toPrice, toQuantity, toUtcMs } from '../domain/units.js';
import { everyDay, instrumentOf, Kernel, MINUTE, type KernelOptions } from '../../testing/kernel.js';
import { calendarById } from '../domain/calendars/index.js';
import type { SessionCalendar } from '../domain/session-calendar.js';
import { approveOrder } from './approve-orders.js';
import type { Desk } from './desk.js';
import { routeOrders } from './route-orders.js';
import { TradingHours } from './trading-hours.js';

let ids = 0;
function intentOf(kernel: Kernel, quantity: number, fields: Partial<OrderIntent> = {}, desk = kernel.desk): OrderIntent {
  return { clientOrderId: `i${++ids}`, instrument: desk.instrument.id, role: 'entry', side: 'buy', quantity: toQuantity(quantity), type: 'market', timeInForce: 'gtc', reduceOnly: false, decidedAt: kernel.account.now, decisionPrice: toPrice(100), reason: 'test', ...fields };
}

/** What the door lets through of an intent: the quantity, or the reason of the refusal. */
function verdict(kernel: Kernel, intent: OrderIntent, desk: Desk = kernel.desk): number | string {
  const approval = approveOrder(intent, desk, kernel.account);
  return 'refused' in approval ? approval.refused : approval.approved.quantity;
}

/** Two instruments at 100, of multiplier 1: one lot is worth 100. */
function withRisk(risk: Record<string, unknown>, options: KernelOptions = {}): Kernel {
  const kernel = new Kernel({ instruments: [instrumentOf(), instrumentOf({ id: 'Y' })], ...options, config: { risk: { maxContracts: 1000, ...risk } } });
  kernel.see(100);
  for (const desk of kernel.desks.slice(1)) kernel.put(100, desk);
  return kernel;
}

function send(kernel: Kernel, desk: Desk, ...intents: OrderIntent[]): number {
  const before = kernel.broker.submitted.length;
  desk.intents.push(...intents);
  routeOrders(desk, kernel.account);
  return kernel.broker.submitted.slice(before).reduce((sum, each) => sum + each.quantity, 0);
}

function hold(kernel: Kernel, lots: number, price = 100): void {
  kernel.fill(`given${++ids}`, Math.abs(lots), price, { side: lots > 0 ? 'buy' : 'sell' });
}

const second = (kernel: Kernel): Desk => kernel.desks[1] as Desk;
const exitOf = (kernel: Kernel, quantity: number): OrderIntent => intentOf(kernel, quantity, { role: 'exit', side: 'sell', reduceOnly: true });

describe('limits of quantity', () => {
  // 4 are held on X and 2 work on Y; 10 more are asked for on X
  it.each<[string, Record<string, unknown>, number]>([
    ['maxOrderQuantity', { maxOrderQuantity: 3 }, 3],
    ['maxContracts', { maxContracts: 9 }, 5],
    ['maxTotalContracts', { maxTotalContracts: 9 }, 3],
    ['maxNotional', { maxNotional: 949 }, 5],
    ['maxExposure', { maxExposure: 949 }, 3],
    ['maxExposureFraction', { maxExposureFraction: 0.00949 }, 3],
    ['margin', { marginBuffer: 0.1 }, 3],
  ])('%s leaves what is left of it, or refuses where it is set to reject', (limit, risk, left) => {
    for (const whenExceeded of ['reduce', 'reject', { [limit === 'margin' ? 'marginBuffer' : limit]: 'reject' }]) {
      const kernel = withRisk({ ...risk, whenExceeded });
      if (limit === 'margin') kernel.broker.marginPerUnit = 10_000; // 90 000 carry nine
      hold(kernel, 4);
      expect(send(kernel, second(kernel), intentOf(kernel, 2, { type: 'limit', limitPrice: toPrice(90) }, second(kernel)))).toBe(2);
      const asked = verdict(kernel, intentOf(kernel, 10));
      if (whenExceeded === 'reduce') expect(asked).toBe(left);
      else expect(asked).toContain(limit);
      expect(verdict(kernel, intentOf(kernel, left))).toBe(left);
    }
  });

  it('journals what was wanted beside what was left of it, and notes why', () => {
    const kernel = withRisk({ maxContracts: 3 }, { journal: true });
    const intent = intentOf(kernel, 5);
    expect(send(kernel, kernel.desk, intent)).toBe(3);
    const records = kernel.journal.records.filter(({ kind }) => kind === 'refusal' || kind === 'intent');
    expect(records).toMatchObject([{ kind: 'refusal', data: { intent: { quantity: 5 }, reason: 'maxContracts 3', reducedTo: 3 } }, { kind: 'intent', data: { clientOrderId: intent.clientOrderId, quantity: 3 } }]);
    expect(kernel.notes).toBe('entry order on X reduced: maxContracts 3');
  });

  it('journals a refusal with its reason', () => {
    const kernel = withRisk({ maxContracts: 3, whenExceeded: 'reject' }, { journal: true });
    expect(send(kernel, kernel.desk, intentOf(kernel, 5))).toBe(0);
    expect(kernel.journal.records).toMatchObject([{ kind: 'refusal', data: { intent: { quantity: 5 }, reason: 'maxContracts 3' } }]);
    expect(kernel.notes).toBe('entry order on X refused: maxContracts 3');
  });

  it('takes the limits of a single instrument in the place of the account, larger ones too', () => {
    const kernel = withRisk({ maxContracts: 5, maxNotional: 600, instruments: { Y: { maxContracts: 8, maxNotional: 5000 }, X: { maxOrderQuantity: 2 } } });
    expect(verdict(kernel, intentOf(kernel, 9))).toBe(2);
    expect(verdict(kernel, intentOf(kernel, 9, {}, second(kernel)), second(kernel))).toBe(8);
  });

  it('asks a venue again whose margin grows faster than the quantity', () => {
    const kernel = withRisk({ marginBuffer: 0 });
    const asked: number[] = [];
    kernel.broker.margin = (_instrument, quantity) => {
      asked.push(quantity);
      return { initial: toMoney(1000 * quantity * quantity), maintenance: toMoney(0), currency: 'USD' };
    };
    const allowed = verdict(kernel, intentOf(kernel, 40)) as number; // 1 600 000 asked, 100 000 there
    expect(1000 * allowed * allowed).toBeLessThanOrEqual(100_000);
    expect(allowed).toBeGreaterThan(0);
    expect(asked.at(-1)).toBe(allowed);
  });

  it('refuses what cannot be valued', () => {
    for (const risk of [{ maxNotional: 1000 }, { maxExposure: 1000 }, { maxExposureFraction: 1 }]) {
      const kernel = withRisk(risk);
      kernel.see(Number.NaN);
      expect(verdict(kernel, intentOf(kernel, 1))).toContain(Object.keys(risk)[0]);
    }
  });

  it('holds 200 signals at once to a cap of 5 over all instruments, whatever is on its way', () => {
    const instruments = Array.from({ length: 40 }, (_, i) => instrumentOf({ id: `I${i}` }));
    const kernel = withRisk({ maxContracts: 5, maxTotalContracts: 5, maxOpenOrders: 500 }, { instruments });
    let sent = 0;
    for (let round = 0; round < 5; round++) for (const desk of kernel.desks) sent += send(kernel, desk, intentOf(kernel, 1, { side: desk.index % 2 === 0 ? 'buy' : 'sell' }, desk));
    expect(sent).toBe(5);
  });

  it('holds 200 signals at once on one instrument to a cap of 5', () => {
    const kernel = withRisk({ maxContracts: 5, maxOpenOrders: 500 });
    expect(send(kernel, kernel.desk, ...Array.from({ length: 200 }, () => intentOf(kernel, 1)))).toBe(5);
  });
});

describe('limits that refuse', () => {
  it('names the instruments that may be entered', () => {
    const kernel = withRisk({ allowInstruments: ['Y'] });
    expect(verdict(kernel, intentOf(kernel, 1))).toBe('allowInstruments does not name X');
    expect(verdict(kernel, intentOf(kernel, 1, {}, second(kernel)), second(kernel))).toBe(1);
  });

  it('counts the orders of the last minute, exits too, and refuses entries only', () => {
    const kernel = withRisk({ maxOrdersPerMinute: 3 });
    hold(kernel, 5);
    expect(send(kernel, kernel.desk, intentOf(kernel, 1), exitOf(kernel, 1), exitOf(kernel, 1), intentOf(kernel, 1), exitOf(kernel, 1))).toBe(4);
    expect(verdict(kernel, intentOf(kernel, 1))).toBe('maxOrdersPerMinute 3 was reached');
    kernel.account.now = toUtcMs(kernel.account.now + MINUTE - 1);
    expect(verdict(kernel, intentOf(kernel, 1))).toBe('maxOrdersPerMinute 3 was reached');
    kernel.account.now = toUtcMs(kernel.account.now + 1);
    expect(verdict(kernel, intentOf(kernel, 1))).toBe(1);
  });

  const bracket = (stop: number, target: number): Partial<OrderIntent> => ({
    bracket: [
      { clientOrderId: 's', role: 'stop', type: 'stop', stopPrice: toPrice(stop) },
      { clientOrderId: 't', role: 'target', type: 'limit', limitPrice: toPrice(target) },
    ],
  });

  it.each<[Partial<OrderIntent>, number | string]>([
    [{ type: 'limit', limitPrice: toPrice(95) }, 1],
    [{ type: 'limit', limitPrice: toPrice(94.75) }, 'priceCollar.entryFraction 0.05: the limit price is farther from the last close'],
    [{ type: 'limit', limitPrice: toPrice(105.25) }, 'priceCollar.entryFraction 0.05: the limit'],
    [{ type: 'stop', stopPrice: toPrice(106) }, 'priceCollar.entryFraction 0.05: the trigger'],
    [bracket(80, 120), 1],
    [bracket(79, 120), 'priceCollar.exitFraction 0.2: the stop price'],
    [bracket(80, 121), 'priceCollar.exitFraction 0.2: the target price'],
    [bracket(Number.NaN, 120), 'the stop price was NaN'],
    [{ type: 'limit', limitPrice: toPrice(Number.POSITIVE_INFINITY) }, 'the limit price was Infinity'],
  ])('holds the prices of %j against the last close of 100', (fields, expected) => {
    const kernel = withRisk({ priceCollar: { entryFraction: 0.05, exitFraction: 0.2 } });
    const asked = verdict(kernel, intentOf(kernel, 1, fields));
    if (typeof expected === 'number') expect(asked).toBe(expected);
    else expect(asked).toContain(expected);
  });

  it('refuses a price that is no number without any collar', () => {
    const kernel = withRisk({});
    expect(verdict(kernel, intentOf(kernel, 1, { type: 'limit', limitPrice: toPrice(Number.NaN) }))).toContain('the limit price was NaN');
  });

  it('refuses an entry when the last bar is too old, or there is none', () => {
    const kernel = withRisk({ priceCollar: { maxAgeMinutes: 2 } });
    kernel.account.now = toUtcMs(kernel.account.now + 2 * MINUTE);
    expect(verdict(kernel, intentOf(kernel, 1))).toBe(1);
    kernel.account.now = toUtcMs(kernel.account.now + 1);
    expect(verdict(kernel, intentOf(kernel, 1))).toBe('priceCollar.maxAgeMinutes 2: the last bar is older');
    hold(kernel, 1);
    expect(verdict(kernel, exitOf(kernel, 1))).toBe(1);
    const fresh = new Kernel({ config: { risk: { priceCollar: { maxAgeMinutes: 2 } } } });
    expect(verdict(fresh, intentOf(fresh, 1))).toContain('maxAgeMinutes');
  });
});

describe('TradingHours', () => {
  const at = (text: string): ReturnType<typeof toUtcMs> => toUtcMs(Date.parse(text));
  const cme = calendarById('cme-equity-index') as SessionCalendar;
  const day = { days: ['mon', 'tue', 'wed', 'thu', 'fri'] as ('mon' | 'tue' | 'wed' | 'thu' | 'fri')[] };

  // Chicago is UTC-6 in winter and UTC-5 in summer; 2024-01-08 is a Monday
  it.each<[string, string, boolean]>([
    ['08:30 in winter', '2024-01-08T14:30:00Z', true],
    ['a minute before', '2024-01-08T14:29:59.999Z', false],
    ['15:00, the end', '2024-01-08T21:00:00Z', false],
    ['the last moment', '2024-01-08T20:59:59.999Z', true],
    ['08:30 in summer', '2024-07-08T13:30:00Z', true],
    ['the winter hour in summer, still open', '2024-07-08T19:59:00Z', true],
    ['15:00 in summer', '2024-07-08T20:00:00Z', false],
    ['a Sunday', '2024-01-07T15:00:00Z', false],
  ])('opens by the wall clock of its zone: %s', (_what, time, open) => {
    const hours = new TradingHours({ sessions: false, zone: 'America/Chicago', windows: [{ ...day, from: '08:30', to: '15:00' }] });
    expect(hours.objection(everyDay, at(time)) === undefined).toBe(open);
  });

  it.each<[string, boolean]>([
    ['2024-01-12T23:00:00Z', true], // Friday evening
    ['2024-01-13T01:59:00Z', true], // Saturday morning belongs to it
    ['2024-01-13T02:00:00Z', false],
    ['2024-01-13T23:00:00Z', false], // Saturday evening is none of the days
    ['2024-01-08T01:00:00Z', false], // Monday morning would belong to Sunday
  ])('goes over midnight with the day it began on: %s', (time, open) => {
    const hours = new TradingHours({ sessions: false, zone: 'UTC', windows: [{ ...day, from: '22:00', to: '02:00' }] });
    expect(hours.objection(everyDay, at(time)) === undefined).toBe(open);
  });

  it('keeps to the sessions of the calendar, their close excluded', () => {
    const hours = new TradingHours({ sessions: true });
    expect(hours.objection(cme, at('2024-01-09T21:59:00Z'))).toBeUndefined();
    expect(hours.objection(cme, at('2024-01-09T22:00:00Z'))).toBe('tradingHours: cme-equity-index is closed');
  });

  it('stops entries at the door, and no exit', () => {
    const kernel = withRisk({ tradingHours: { zone: 'UTC', windows: [{ from: '00:00', to: '00:01' }] } });
    hold(kernel, 2);
    expect(verdict(kernel, intentOf(kernel, 1))).toBe('tradingHours: outside of the windows in UTC');
    expect(verdict(kernel, exitOf(kernel, 2))).toBe(2);
  });
});
