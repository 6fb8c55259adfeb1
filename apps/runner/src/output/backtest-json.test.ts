import type { RunResult } from '@keelson/core/engine';
import { describe, expect, it } from 'vitest';
import { backtestJson, type BacktestOutcome } from './backtest-json.js';
import { backtestTable } from './backtest-table.js';

const time = Date.parse('2024-03-04T10:05:00Z');

/** A run with the awkward numbers: sums that binary cannot hold, minus zero, nothing to say, long names. */
function outcome(changes: Record<string, unknown> = {}): BacktestOutcome {
  const result = {
    account: 'a',
    baseCurrency: 'USD',
    from: undefined,
    to: undefined,
    bars: 0,
    partial: false,
    halted: undefined,
    trades: [
      { instrument: 'A', side: 'long', quantity: 0.1 + 0.2, entryTime: time, entryPrice: 1.1, exitTime: time + 1, exitPrice: 1.2, pnl: 0.1 + 0.2, commission: -0, entryReason: 'a "quoted"\nreason', exitReason: '' },
    ],
    orders: 2,
    ordersHash: `sha256:${'0'.repeat(64)}`,
    openPositions: [{ instrument: 'A', quantity: -3, averagePrice: 1.1, unrealizedPnl: -1.005 }],
    provenance: [{ instrument: 'A', source: 'a.csv', hash: `sha256:${'1'.repeat(64)}` }],
    warnings: [],
    statistics: { startEquity: 1000.004, endEquity: 1.005, totalReturn: -0, sharpe: undefined, maxDrawdown: Number.NaN, maxDrawdownDuration: 'P2DT3H4M', trades: 1, expectancy: undefined, commission: 2.675, slippage: 1e-9 },
    ...changes,
  } as unknown as RunResult;
  return { result, configHash: 'sha256:c', elapsedMs: 12, warnings: ['look here'] };
}

describe('backtestJson', () => {
  it('rounds money to cents, writes null for what is not known, and no minus zero', () => {
    const text = backtestJson(outcome());
    expect(text).not.toContain('-0,');
    expect(JSON.parse(text)).toMatchObject({
      from: null,
      to: null,
      halted: null,
      stats: { startEquity: 1000, endEquity: 1.01, totalReturn: 0, sharpe: null, maxDrawdown: null, maxDrawdownDuration: 'P2DT3H4M', expectancy: null, commission: 2.68, slippage: 0 },
      trades: [{ quantity: 0.30000000000000004, pnl: 0.3, commission: 0, entryTime: '2024-03-04T10:05:00Z', exitTime: '2024-03-04T10:05:00.001Z', entryReason: 'a "quoted"\nreason' }],
      openPositions: [{ quantity: -3, unrealizedPnl: -1.01 }],
      warnings: ['look here'],
    });
  });

  it('rounds to the minor unit of the base currency', () => {
    expect(JSON.parse(backtestJson(outcome({ baseCurrency: 'JPY' })))).toMatchObject({ stats: { endEquity: 1, commission: 3 } });
    expect(JSON.parse(backtestJson(outcome({ baseCurrency: 'BTC' })))).toMatchObject({ stats: { endEquity: 1.005, commission: 2.675, slippage: 0 } });
  });
});

describe('backtestTable', () => {
  it('says plainly what there is not enough data for, lists open positions and warnings, and stays within 80 columns', () => {
    const text = backtestTable(outcome(), false);
    expect(text).toMatch(/Sharpe ratio +not enough data\n/);
    expect(text).toContain('a   no bars\n');
    expect(text).toMatch(/Longest drawdown +2 d 3 h /);
    expect(text).toContain('  A            short 3 at 1.1, open -1.01 USD\n');
    expect(text.endsWith('warning: look here\n')).toBe(true);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('uses colour only when asked to', () => {
    expect(backtestTable(outcome(), true)).toContain('\u001b[1m');
    expect(backtestTable(outcome(), false)).not.toContain('\u001b');
  });
});
