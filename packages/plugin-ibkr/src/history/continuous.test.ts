import type { ContractDetails } from '@stoqey/ib';
import { describe, expect, it } from 'vitest';
import { adjustmentsOf, segmentsOf } from './continuous.js';

const expiry = (conId: number, day: string): ContractDetails => ({ contract: { conId, lastTradeDateOrContractMonth: day } });

describe('segmentsOf', () => {
  it('gives each expiry the time from the roll of the one before to its own, up to the present one', () => {
    const chain = [expiry(3, '20261218'), expiry(1, '20260619'), expiry(2, '20260918'), expiry(4, '20270319')];
    const day = (time: number | undefined): string | undefined => (time === undefined ? undefined : new Date(time).toISOString().slice(0, 10));
    expect(segmentsOf(chain, chain[0] as ContractDetails, 8).map(({ details, from, to }) => [details.contract.conId, day(from), day(to)])).toEqual([
      [1, undefined, '2026-06-11'],
      [2, '2026-06-11', '2026-09-10'],
      [3, '2026-09-10', undefined],
    ]);
  });
});

describe('adjustmentsOf', () => {
  it('leaves the present contract as it is, and moves each older one by all steps after it', () => {
    expect(adjustmentsOf([2, -0.5])).toEqual([1.5, -0.5, 0]);
    expect(adjustmentsOf([])).toEqual([0]);
  });
});
