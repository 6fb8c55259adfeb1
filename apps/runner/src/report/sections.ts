import { ABSENT, formatDuration, formatMoney, formatNumber, formatPercent, formatTime } from './format.js';
import { histogram } from './histogram.js';
import { html, type Html } from './html.js';
import type { ReportData } from './report-data.js';
import { monthlyReturns, sessionReturnsOf } from './series.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

type Maybe = number | null | undefined;

function shown(value: Maybe, format: (value: number) => string): string {
  return value === null || value === undefined ? ABSENT : format(value);
}

function tone(value: Maybe): 'gain' | 'loss' | 'even' {
  return value === null || value === undefined || value === 0 ? 'even' : value > 0 ? 'gain' : 'loss';
}

const plus = (value: number): string => (value > 0 ? '+' : '');
const percent = (value: number): string => formatPercent(value);
const signedPercent = (value: number): string => formatPercent(value, true);
const ratio = (value: number): string => formatNumber(value, 2);

/** Notices above everything else: a run cut short, a halt, warnings. */
export function noticesSection(data: ReportData): Html {
  const partial = data.partial
    ? html`<div class="notice strong" role="status"><strong>Partial run.</strong> It was stopped before the data ended; everything below covers only what was run.</div>`
    : undefined;
  const halted = data.halted === undefined ? undefined : html`<div class="notice strong" role="status"><strong>Halted by a risk limit.</strong> ${data.halted}</div>`;
  const count = data.warnings.length;
  const warnings =
    count === 0
      ? undefined
      : html`<section id="warnings" class="notice"><h2>${count} ${count === 1 ? 'warning' : 'warnings'}</h2><ul>${data.warnings.slice(0, 50).map((text) => html`<li>${text}</li>`)}</ul>${count > 50 ? html`<p>The first 50 of ${formatNumber(count, 0)} are shown.</p>` : undefined}</section>`;
  return html`${partial}${halted}${warnings}`;
}

/** The figures that are asked for first. */
export function headlineSection({ statistics: s, baseCurrency }: ReportData): Html {
  const cards: readonly [string, string, string, string][] = [
    ['Total return', formatPercent(s.totalReturn, true), tone(s.totalReturn), `${plus(s.endEquity - s.startEquity)}${formatNumber(s.endEquity - s.startEquity, 0)} ${baseCurrency}`],
    ['Buy and hold', shown(s.buyAndHoldReturn, signedPercent), 'even', s.buyAndHoldReturn == null ? 'not stated' : `${plus(s.totalReturn - s.buyAndHoldReturn)}${formatNumber((s.totalReturn - s.buyAndHoldReturn) * 100, 2)} points against it`],
    ['Sharpe', shown(s.sharpe, ratio), 'even', `Sortino ${shown(s.sortino, ratio)}`],
    ['Greatest drawdown', s.maxDrawdown == null ? ABSENT : formatPercent(-s.maxDrawdown), tone(s.maxDrawdown == null ? 0 : -s.maxDrawdown), s.maxDrawdownDuration == null ? '' : `longest ${formatDuration(s.maxDrawdownDuration)}`],
    ['Trades', formatNumber(s.trades, 0), 'even', `${shown(s.winRate, percent)} won`],
    ['Profit factor', shown(s.profitFactor, ratio), 'even', s.expectancy == null ? '' : `${formatNumber(s.expectancy, 2)} ${baseCurrency} a trade`],
  ];
  return html`<section class="cards" aria-label="Key figures">${cards.map(([label, value, kind, note]) => html`<div class="card"><div class="label">${label}</div><div class="value ${kind}">${value}</div><div class="note">${note}</div></div>`)}</section>`;
}

/** All statistics in groups, each with what it means. */
export function statisticsSection(data: ReportData): Html {
  const { statistics: s, baseCurrency, trades } = data;
  const nets = trades.map((trade) => trade.pnl - trade.commission);
  const money = (value: number): string => formatMoney(value, baseCurrency);
  const best = nets.length === 0 ? undefined : nets.reduce((a, b) => Math.max(a, b));
  const worst = nets.length === 0 ? undefined : nets.reduce((a, b) => Math.min(a, b));
  const groups: readonly [string, readonly [string, string, string][]][] = [
    ['Return', [
      ['Start equity', money(s.startEquity), ''],
      ['End equity', money(s.endEquity), 'open positions at the last price'],
      ['Total return', signedPercent(s.totalReturn), ''],
      ['Buy and hold', shown(s.buyAndHoldReturn, signedPercent), 'equal parts, no leverage, no costs'],
      ['Yearly growth (CAGR)', shown(s.cagr, signedPercent), 'over calendar time, from about a year on'],
    ]],
    ['Risk', [
      ['Yearly volatility', shown(s.annualVolatility, percent), 'of session returns, from 30 on'],
      ['Greatest drawdown', shown(s.maxDrawdown, percent), 'below the highest equity, over all bars'],
      ['Longest drawdown', s.maxDrawdownDuration == null ? ABSENT : formatDuration(s.maxDrawdownDuration), 'from a peak to its recovery or the end'],
      ['Exposure', shown(s.exposure, percent), 'bars with an open position'],
    ]],
    ['Return for risk', [
      ['Sharpe', shown(s.sharpe, ratio), 'yearly, risk-free return 0; from 10 trades on'],
      ['Sortino', shown(s.sortino, ratio), 'yearly, target 0; from 10 trades on'],
      ['Calmar', shown(s.calmar, ratio), 'yearly growth by greatest drawdown'],
    ]],
    ['Trades', [
      ['Trades', formatNumber(s.trades, 0), 'closed'],
      ['Won', shown(s.winRate, percent), 'with a profit after commission'],
      ['Profit factor', shown(s.profitFactor, ratio), 'net profits by net losses'],
      ['Expectancy', shown(s.expectancy, money), 'mean net profit of a trade'],
      ['Best trade', shown(best, money), ''],
      ['Worst trade', shown(worst, money), ''],
    ]],
    ['Costs', [
      ['Commission', money(s.commission), 'all fills'],
      ['Slippage', money(s.slippage), 'adverse is positive'],
      ['Orders', formatNumber(data.orders, 0), 'that left the pipeline'],
    ]],
  ];
  return html`<section id="statistics"><h2>Statistics</h2><div class="groups">${groups.map(([title, rows]) => html`<table class="stats"><caption>${title}</caption><tbody>${rows.map(([name, value, note]) => html`<tr><th scope="row">${name}${note === '' ? undefined : html`<small>${note}</small>`}</th><td>${value}</td></tr>`)}</tbody></table>`)}</div>
<p class="hint">A dash stands where the sample cannot support a number.</p></section>`;
}

/** Months by years; the depth of the colour follows the size of the return. */
export function monthlySection({ statistics, sessionTimes, sessionEquity }: ReportData): Html {
  const years = monthlyReturns(statistics.startEquity, sessionTimes, sessionEquity);
  const cell = (value: number | undefined, total = false): Html =>
    value === undefined ? html`<td></td>` : html`<td class="${total ? 'total ' : ''}heat ${heatClass(value)}">${formatNumber(value * 100, Math.abs(value) < 0.9995 ? 1 : 0)}</td>`;
  const table = html`<div class="scroll" tabindex="0" role="region" aria-label="Monthly returns"><table class="heatmap"><thead><tr><th scope="col">Year</th>${MONTHS.map((month) => html`<th scope="col">${month}</th>`)}<th scope="col">Year</th></tr></thead><tbody>${years.map(({ year, months, total }) => html`<tr><th scope="row">${year}</th>${months.map((value) => cell(value))}${cell(total, true)}</tr>`)}</tbody></table></div>`;
  return html`<section id="monthly"><h2>Monthly returns <small>percent, by session closes in UTC</small></h2>${years.length === 0 ? html`<p class="empty">No session was completed.</p>` : table}</section>`;
}

/** Steps at 0.5, 2, 5 and 10 percent, either way. */
function heatClass(value: number): string {
  const size = Math.abs(value);
  const depth = size >= 0.1 ? 5 : size >= 0.05 ? 4 : size >= 0.02 ? 3 : size >= 0.005 ? 2 : size > 0 ? 1 : 0;
  return depth === 0 ? 'even' : `${value > 0 ? 'up' : 'down'}${depth}`;
}

/** Histograms of the trades' results and of session returns. */
export function distributionSection(data: ReportData): Html {
  const nets = data.trades.map((trade) => trade.pnl - trade.commission);
  const widest = nets.reduce((most, net) => Math.max(most, Math.abs(net)), 0);
  const sessions = sessionReturnsOf(data.statistics.startEquity, data.sessionEquity);
  return html`<section id="distribution"><h2>Distribution of returns</h2><div class="pair">${histogram(`Net profit of trades, ${data.baseCurrency}`, nets, (value) => formatNumber(value, widest < 100 ? 2 : 0))}${histogram('Session returns', sessions, (value) => formatPercent(value))}</div></section>`;
}

/** Positions that the run left open. */
export function openPositionsSection({ openPositions, baseCurrency }: ReportData): Html | undefined {
  if (openPositions.length === 0) return undefined;
  return html`<section id="open"><h2>Open at the end</h2><div class="scroll" tabindex="0" role="region" aria-label="Open positions"><table class="list"><thead><tr><th scope="col">Instrument</th><th scope="col" class="number">Quantity</th><th scope="col" class="number">Average price</th><th scope="col" class="number">Open profit, ${baseCurrency}</th></tr></thead><tbody>${openPositions.map((position) => html`<tr><td>${position.instrument}</td><td class="number">${formatNumber(position.quantity, 8, 0)}</td><td class="number">${formatNumber(position.averagePrice, 8, 2)}</td><td class="number ${tone(position.unrealizedPnl)}">${formatNumber(position.unrealizedPnl, 2)}</td></tr>`)}</tbody></table></div></section>`;
}

/** What it takes to run this again and to know that it is the same run. */
export function provenanceSection(data: ReportData): Html {
  const sources = data.provenance.map(({ instrument, source, hash }) => html`<tr><th scope="row">${instrument}</th><td>${source}</td><td><code>${hash}</code></td></tr>`);
  return html`<section id="configuration"><h2>Configuration and data</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Hashes"><table class="list hashes"><thead><tr><th scope="col">What</th><th scope="col">From</th><th scope="col">Hash</th></tr></thead><tbody><tr><th scope="row">Orders and fills</th><td>equal hashes mean the same run</td><td><code>${data.ordersHash}</code></td></tr>${sources}</tbody></table></div>
<details open><summary>Account file <small>without secrets</small></summary><pre tabindex="0"><code>${data.configYaml}</code></pre></details></section>`;
}

export function headerSection(data: ReportData): Html {
  const instruments = data.prices.map(({ instrument }) => instrument);
  const names = instruments.length > 6 ? `${instruments.slice(0, 6).join(', ')} and ${instruments.length - 6} more` : instruments.join(', ');
  const period = data.from === undefined || data.to === undefined ? 'no bars' : `${formatTime(data.from)} to ${formatTime(data.to)} UTC`;
  return html`<header><div><p class="brand">Keelson backtest</p><h1>${data.account}</h1><p class="about">${[names, `${data.timeframe} bars`, period, `${formatNumber(data.bars, 0)} bars`].filter((text) => text !== '').map((text) => html`<span>${text}</span>`)}</p></div><button id="theme" type="button" class="quiet" aria-label="Change between light and dark">Light / dark</button></header>`;
}
