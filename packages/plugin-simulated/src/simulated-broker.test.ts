import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isKeelsonError } from '@keelson/core/errors';
import { describe, expect, it } from 'vitest';
import { toPrice } from '@keelson/core/domain';
import { VenueHarness, at, dailyCalendar, instrumentOf, type HarnessOptions } from '../testing/venue-harness.js';
import { simulatedParams } from './config.js';

const DATA = process.env['KEELSON_DATA_DIR'];

/** The code and line of the error that making the broker gives. */
function fault(options: HarnessOptions): string {
  try {
    new VenueHarness(options);
  } catch (error) {
    if (isKeelsonError(error)) return error.line;
    throw error;
  }
  return 'none';
}

describe('an order that was decided after the last bar that the venue saw', () => {
  // with finer bars for the venue, the last of them may close before the bar that was decided on
  const decidedAt = at('2024-01-02T21:00Z');
  const calendars = { '24/7': dailyCalendar(14, 21) };

  it('is for the session after its decision', () => {
    const venue = new VenueHarness({ calendars, start: at('2024-01-02T20:57Z') });
    venue.bar([100, 101, 99, 100]);
    venue.submit({ clientOrderId: 'A', quantity: 1, type: 'limit', limitPrice: toPrice(98), timeInForce: 'day', decidedAt });
    venue.bar([97, 98, 96, 97], { time: at('2024-01-03T14:00Z') });
    expect(venue.take().map((event) => event.kind)).toEqual(['accepted', 'fill']);
  });

  it('waits for its latency from its decision on, and trades on a close no earlier than it', () => {
    const late = new VenueHarness({ settings: { latency: { ms: 60_000 } }, start: at('2024-01-02T20:57Z') });
    late.bar([100, 101, 99, 100]);
    late.submit({ clientOrderId: 'A', quantity: 1, decidedAt });
    late.bar([100, 101, 99, 100], { time: decidedAt });
    expect(late.take().map((event) => event.kind)).toEqual(['accepted']);

    const close = new VenueHarness({ settings: { fill: 'same-close' }, start: at('2024-01-02T20:57Z') });
    close.bar([100, 101, 99, 100]);
    close.submit({ clientOrderId: 'A', quantity: 1, decidedAt });
    expect(close.take()).toMatchObject([{ kind: 'accepted', time: decidedAt }, { kind: 'fill', fill: { price: 100, time: decidedAt } }]);
  });
});

describe('making the simulated broker', () => {
  it('refuses settings of an instrument that the account does not have', () => {
    expect(fault({ settings: { instruments: { ES: {} } } })).toMatch(/^CFG_REFERENCE: .*has ES, expected one of X/);
  });

  it('refuses margin in a currency without a rate, and takes it with one', () => {
    const instruments = [instrumentOf({ currency: 'EUR' })];
    expect(fault({ instruments })).toMatch(/^CFG_REFERENCE: .*EUR.*expected one.*rates/);
    expect(fault({ instruments, rates: { EUR: 1.1 } })).toBe('none');
    expect(fault({ instruments, settings: { margin: { none: true } } })).toBe('none');
  });

  it('refuses a margin table that is not there or not one', () => {
    const instruments = [instrumentOf({ type: 'future' })];
    const baseDir = mkdtempSync(join(tmpdir(), 'keelson-'));
    const write = (text: string): HarnessOptions => {
      writeFileSync(join(baseDir, 'margins.csv'), text);
      return { instruments, baseDir, settings: { margin: { table: 'margins.csv' } } };
    };
    expect(fault({ instruments, baseDir, settings: { margin: { table: 'none.csv' } } })).toMatch(/^CFG_FILE: none.csv/);
    expect(fault(write('date,initial\n20240101,5\n'))).toMatch(/^CFG_TYPE: .*expected date, initial, maintenance/);
    expect(fault(write('date,initial,maintenance\n'))).toMatch(/^CFG_TYPE: .*no row/);
    expect(fault(write('date,initial,maintenance\n20240132,5,4\n'))).toMatch(/^CFG_TYPE: .*20240132/);
    expect(fault(write('date,initial,maintenance\n20240102,5,4\n20240101,5,4\n'))).toMatch(/^CFG_TYPE: .*ascending/);
    expect(fault(write('date,initial,maintenance\n20240101,x,4\n'))).toMatch(/^CFG_TYPE: .*positive/);
    expect(fault(write('date,initial,maintenance\r\n20240101,5,4\r\n\r\n'))).toBe('none');
  });

  it.each([
    ['two commission models', { commission: { perContract: 1, fraction: 0.1 } }],
    ['a maker fee without a taker fee', { commission: { makerBps: 1 } }],
    ['tiers that do not start at 0', { commission: { tiers: [{ from: 1, perContract: 1 }] } }],
    ['two slippage models', { slippage: { ticks: 1, bps: 1 } }],
    ['two margin rules', { margin: { initial: 1, leverage: 2 } }],
    ['margin without a rule', { margin: {} }],
    ['intraday amounts beside a leverage', { margin: { leverage: 2, intraday: { initial: 1, maintenance: 1 } } }],
    ['latency in two units', { latency: { bars: 1, ms: 1 } }],
    ['a key that is not known', { comission: {} }],
  ])('refuses %s', (_what, settings) => {
    expect(simulatedParams.safeParse(settings).success).toBe(false);
  });

  it.skipIf(DATA === undefined)('reads the dated margins of an exchange (needs KEELSON_DATA_DIR)', () => {
    const harness = new VenueHarness({
      instruments: [instrumentOf({ type: 'future', multiplier: 5, tickSize: 0.25 })],
      settings: { margin: { table: 'cme-margins/MES.csv' } },
      baseDir: DATA ?? '',
      start: Date.parse('2020-03-18T12:00:00Z'),
    });
    const margin = (quantity: number) => harness.broker.margin(harness.instruments[0] as never, quantity, 2400);
    // rows 2020-03-17: 1166, 1060 and 2020-03-19: 1320, 1200
    expect(margin(2)).toEqual({ initial: 2332, maintenance: 2120, currency: 'USD' });
    harness.bar([2400, 2400, 2400, 2400], { time: Date.parse('2020-03-19T12:00:00Z') });
    expect(margin(2)).toEqual({ initial: 2640, maintenance: 2400, currency: 'USD' });
  });
});

describe('the snapshot of the simulated broker', () => {
  it('tells orders, positions and cash as the venue has them', async () => {
    const harness = new VenueHarness({ settings: { volumeLimit: 0.1 }, initialCash: 10_000 });
    harness.bar([100, 100, 100, 100, 40]);
    harness.submit({ clientOrderId: 'a', quantity: 6, bracket: [{ clientOrderId: 's', role: 'stop', type: 'stop', stopPrice: 90 as never }] });
    harness.submit({ clientOrderId: 'b', quantity: 1, type: 'limit', limitPrice: 80, bracket: [{ clientOrderId: 't', role: 'stop', type: 'stop', stopPrice: 70 as never }] });
    harness.bar([100, 100, 100, 100, 40]);
    const snapshot = await harness.broker.snapshot();
    expect(snapshot.orders).toEqual([
      { clientOrderId: 'a', instrument: 'X', side: 'buy', quantity: 6, filled: 4, status: 'partially-filled' },
      { clientOrderId: 's', instrument: 'X', side: 'sell', quantity: 4, filled: 0, status: 'working', stopPrice: 90 },
      { clientOrderId: 'b', instrument: 'X', side: 'buy', quantity: 1, filled: 0, status: 'working', limitPrice: 80 },
      { clientOrderId: 't', instrument: 'X', side: 'sell', quantity: 0, filled: 0, status: 'held', stopPrice: 70 },
    ]);
    expect(snapshot.positions).toEqual([{ instrument: 'X', quantity: 4, averagePrice: 100 }]);
    expect(snapshot.cash).toEqual([{ currency: 'USD', amount: 9_600 }]);
  });

  it('tells fills from a time on, oldest first', async () => {
    const harness = new VenueHarness();
    harness.bar([100, 100, 100, 100]);
    harness.submit({ clientOrderId: 'a', quantity: 1 });
    harness.bar([101, 101, 101, 101]);
    harness.submit({ clientOrderId: 'b', quantity: 1 });
    harness.bar([102, 102, 102, 102]);
    const start = Date.parse('2024-01-02T00:00:00Z');
    const idsSince = async (time: number): Promise<string[]> => (await harness.broker.executionsSince(time as never)).map((fill) => fill.clientOrderId);
    expect(await idsSince(start)).toEqual(['a', 'b']);
    expect(await idsSince(start + 60_001)).toEqual(['b']);
    expect(await idsSince(start + 120_001)).toEqual([]);
  });

  it('stays correct when an event is answered with a new order', async () => {
    const harness = new VenueHarness();
    const { broker } = harness;
    await broker.connect((event) => {
      harness.events.push(event);
      if (event.kind === 'fill' && event.fill.clientOrderId === 'a') harness.submit({ clientOrderId: 'b', quantity: 1, side: 'sell', role: 'exit', reduceOnly: true });
    });
    harness.bar([100, 100, 100, 100]);
    harness.submit({ clientOrderId: 'a', quantity: 1 });
    harness.bar([101, 105, 100, 104]);
    harness.bar([103, 103, 103, 103]);
    const fills = harness.events.flatMap((event) => (event.kind === 'fill' ? [[event.fill.clientOrderId, event.fill.price]] : []));
    expect(fills).toEqual([['a', 101], ['b', 103]]);
  });
});
