import type { Instrument } from '@keelson/core/domain';
import { describe, expect, it } from 'vitest';
import { mes, startRig } from '../../testing/rig.js';

async function resolved(instrument: Instrument, held: readonly { conId: number; symbol: string; secType: never }[] = []) {
  const { connection } = await startRig({}, {}, [instrument]);
  await connection.gateway.connect();
  await connection.resolve([instrument], held);
  return connection.contractOf(instrument.id);
}

describe('resolving a contract', () => {
  it('finds the expiry to trade, with its conId and zone', async () => {
    const found = await resolved(mes);
    expect(found).toMatchObject({ timeZone: 'America/Chicago', contract: { symbol: 'MES', secType: 'FUT', exchange: 'CME', localSymbol: 'MESM6', lastTradeDateOrContractMonth: '20260618' } });
    expect(found?.contract.conId).toBeGreaterThan(0);
  });

  it.each([
    [{ ...mes, id: 'ES1!', multiplier: 50 }, 'ESM6'],
    [{ ...mes, id: 'NQ1!', multiplier: 20 }, 'NQM6'],
    [{ ...mes, id: 'EURUSD', multiplier: 125_000, tickSize: 0.00005 }, '6EM6'],
    [{ ...mes, id: 'XAUUSD', multiplier: 100, tickSize: 0.1, venue: 'COMEX' }, 'GCM6'],
    [{ ...mes, id: 'AAPL', type: 'stock', multiplier: 1, tickSize: 0.01, calendar: 'us-equity' } as Instrument, 'AAPL'],
  ])('finds what $id stands for', async (instrument, name) => {
    expect((await resolved(instrument))?.contract.localSymbol).toBe(name);
  });

  it('refuses numbers that are not the venue\'s: money would be wrong', async () => {
    await expect(resolved({ ...mes, multiplier: 50 })).rejects.toMatchObject({ code: 'CFG_CONFLICT', message: expect.stringContaining('multiplier is 5 there and 50 here') });
    await expect(resolved({ ...mes, tickSize: 0.1 })).rejects.toMatchObject({ code: 'CFG_CONFLICT', message: expect.stringContaining('tickSize is 0.25 there and 0.1 here') });
  });

  it('says what it looked for when nothing is there', async () => {
    await expect(resolved({ ...mes, id: 'XYZZ' })).rejects.toMatchObject({ code: 'CFG_REFERENCE', message: 'XYZZ was looked for as FUT XYZZ on CME in USD, and no such contract is known' });
  });

  it('takes a month that is named, and does not find a contract that has expired', async () => {
    await expect(resolved({ ...mes, symbols: { ibkr: { contractMonth: '202606', exchange: 'CME' } } })).resolves.toMatchObject({ contract: { localSymbol: 'MESM6' } });
    await expect(resolved({ ...mes, symbols: { ibkr: { localSymbol: 'MESH6' } } })).rejects.toMatchObject({ code: 'CFG_REFERENCE' });
  });

  it('keeps an expiry that the account still holds', async () => {
    const { connection } = await startRig();
    await connection.gateway.connect();
    const other = { ...mes, id: 'other', symbols: { ibkr: { symbol: 'MES', contractMonth: '202609' } } };
    await connection.resolve([other]);
    const held = connection.contractOf('other')?.contract;
    await connection.resolve([mes], held === undefined ? [] : [held]);
    expect(connection.contractOf('MES')?.contract.localSymbol).toBe('MESU6');
  });
});
