import { isoTime } from '@keelson/core/domain';
import type { BacktestOutcome } from './backtest-json.js';
import { formatMoney, formatNumber } from './money.js';

const WIDTH = 80;
const GAP = 4;
const COLUMN = (WIDTH - GAP) / 2;
const NOTHING = 'not enough data';

/** The result for people, in 80 columns. @param colour true to use ANSI styles */
export function backtestTable(outcome: BacktestOutcome, colour: boolean): string {
  const { result, elapsedMs, warnings } = outcome;
  const bold = (text: string): string => (colour ? `\u001b[1m${text}\u001b[0m` : text);
  const warn = (text: string): string => (colour ? `\u001b[33m${text}\u001b[0m` : text);
  const stats = result.statistics;
  const money = (amount: number | undefined): string => (amount === undefined ? NOTHING : formatMoney(amount, result.baseCurrency));
  const percent = (fraction: number | undefined): string => (fraction === undefined ? NOTHING : `${formatNumber(fraction * 100, 2)} %`);
  const ratio = (value: number | undefined): string => (value === undefined ? NOTHING : formatNumber(value, 2));

  const left: Row[] = [
    ['Start equity', money(stats.startEquity)],
    ['End equity', money(stats.endEquity)],
    ['Total return', percent(stats.totalReturn)],
    ['Buy and hold', percent(stats.buyAndHoldReturn)],
    ['Growth per year', percent(stats.cagr)],
    ['Volatility per year', percent(stats.annualVolatility)],
    ['Max drawdown', percent(stats.maxDrawdown)],
    ['Longest drawdown', stats.maxDrawdownDuration === undefined ? NOTHING : formatDuration(stats.maxDrawdownDuration)],
    ['Time in market', percent(stats.exposure)],
  ];
  const right: Row[] = [
    ['Trades', formatNumber(stats.trades, 0)],
    ['Winning trades', percent(stats.winRate)],
    ['Profit factor', ratio(stats.profitFactor)],
    ['Mean profit per trade', money(stats.expectancy)],
    ['Commission', money(stats.commission)],
    ['Slippage', money(stats.slippage)],
    ['Sharpe ratio', ratio(stats.sharpe)],
    ['Sortino ratio', ratio(stats.sortino)],
    ['Calmar ratio', ratio(stats.calmar)],
  ];
  const period = result.from === undefined || result.to === undefined ? 'no bars' : `${day(isoTime(result.from))} to ${day(isoTime(result.to))} UTC`;
  const lines = [
    ...(result.partial ? [warn('PARTIAL: the run was stopped before its end; this is what it had.'), ''] : []),
    ...(result.halted === undefined ? [] : [warn(`HALTED: ${result.halted}`), '']),
    `${bold(result.account)}   ${period}`,
    '',
    ...left.map((row, i) => `${cell(row)}${' '.repeat(GAP)}${cell(right[i] as Row)}`.trimEnd()),
    '',
  ];
  if (result.openPositions.length > 0) {
    lines.push(bold('Open positions'));
    for (const position of result.openPositions) {
      const side = position.quantity > 0 ? 'long' : 'short';
      lines.push(`  ${position.instrument.padEnd(12)} ${side.padEnd(5)} ${plain(Math.abs(position.quantity))} at ${plain(position.averagePrice)}, open ${money(position.unrealizedPnl)}`);
    }
    lines.push('');
  }
  lines.push(`${bold('Orders')}  ${formatNumber(result.orders, 0)}`, `  ${result.ordersHash}`);
  if (result.provenance.length > 0) lines.push(bold('Data'));
  for (const { instrument, source, hash } of result.provenance) lines.push(`  ${instrument}  ${source}`, `  ${hash}`);
  lines.push('', `${formatNumber(result.bars, 0)} bars in ${seconds(elapsedMs)}${speed(result.bars, elapsedMs)}`);
  if (warnings.length > 0) lines.push('', ...warnings.map((warning) => warn(`warning: ${warning}`)));
  return `${lines.join('\n')}\n`;
}

type Row = readonly [label: string, value: string];

/** Label to the left, value to the right of half the width. */
function cell([label, value]: Row): string {
  return label + value.padStart(Math.max(COLUMN - label.length, value.length + 1));
}

/** A price or quantity without the digits that only binary numbers have. */
const plain = (value: number): string => String(Number(value.toPrecision(12)));

const day = (iso: string): string => iso.slice(0, 16).replace('T', ' ');

/** `P3DT4H5M` as `3 d 4 h`: the two largest parts. */
function formatDuration(iso: string): string {
  const parts = [...iso.replace('T', '').matchAll(/([\d.]+)([DHMS])/g)].filter(([, count]) => Number(count) > 0).slice(0, 2);
  return parts.length === 0 ? 'none' : parts.map(([, count, unit]) => `${String(count)} ${{ D: 'd', H: 'h', M: 'min', S: 's' }[String(unit)]}`).join(' ');
}

const seconds = (ms: number): string => `${formatNumber(ms / 1000, ms < 10_000 ? 2 : 1)} s`;

/** ` (2.4 M bars/s)`; nothing for runs too short to tell. */
export function speed(bars: number, ms: number): string {
  if (ms < 1 || bars === 0) return '';
  const perSecond = (bars / ms) * 1000;
  const text = perSecond >= 1e6 ? `${formatNumber(perSecond / 1e6, 1)} M` : perSecond >= 1e3 ? `${formatNumber(perSecond / 1e3, 0)} k` : formatNumber(perSecond, 0);
  return ` (${text} bars/s)`;
}
