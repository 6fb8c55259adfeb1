import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { toMoney, toPrice, toQuantity, toUtcMs } from '@keelson/core/domain';
import type { Trade } from '@keelson/core/domain';
import { createRandom } from '@keelson/core/engine';
import { describe, expect, it } from 'vitest';
import { MAX_TRADES } from './chart-payload.js';
import { formatNumber } from './format.js';
import { PriceRecorder } from './price-recorder.js';
import { renderReport } from './render-report.js';
import type { ReportData } from './report-data.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const start = Date.UTC(2023, 0, 2);

/** A year of one-minute bars of a random walk with `count` trades that happened on it. */
function yearOf(count: number, more: Partial<ReportData> = {}): ReportData {
  const random = createRandom('report');
  const bars = 252 * 1_380;
  const every = Math.floor(bars / Math.max(1, count));
  const recorder = new PriceRecorder();
  const trades: Trade[] = [];
  const curve: { time: number[]; min: number[]; max: number[]; last: number[] } = { time: [], min: [], max: [], last: [] };
  const sessionTimes: number[] = [];
  const sessionEquity: number[] = [];
  let price = 5_000;
  let cash = 50_000;
  let entry: { price: number; time: number; sign: number } | undefined;
  for (let i = 0; i < bars; i++) {
    const day = Math.floor(i / 1_380);
    const time = start + (Math.floor(day / 5) * 7 + (day % 5)) * DAY_MS + (i % 1_380) * MINUTE_MS;
    const open = price;
    const points = [0, 1, 2].map(() => (price = Math.max(1, Math.round((price + random.normal() * 0.8 + 0.0012) * 4) / 4)));
    recorder.record(time, open, Math.max(open, ...points), Math.min(open, ...points), price, 100);
    if (count > 0 && i % every === 0) entry = { price: open, time, sign: random.next() < 0.55 ? 1 : -1 };
    if (entry !== undefined && i % every === Math.floor(every * 0.6)) {
      const pnl = (open - entry.price) * entry.sign * 5 + 4;
      cash += pnl - 1.24;
      trades.push({
        instrument: 'MES', side: entry.sign > 0 ? 'long' : 'short', quantity: toQuantity(1), entryTime: toUtcMs(entry.time), entryPrice: toPrice(entry.price), exitTime: toUtcMs(time), exitPrice: toPrice(open),
        pnl: toMoney(pnl), commission: toMoney(1.24), entryReason: entry.sign > 0 ? 'fast above slow' : 'fast below slow', exitReason: pnl > 0 ? 'target' : 'stop',
      });
      entry = undefined;
    }
    const equity = cash + (entry === undefined ? 0 : (price - entry.price) * entry.sign * 5);
    if (i % 85 === 84) {
      curve.time.push(time + MINUTE_MS);
      curve.min.push(equity - 20);
      curve.max.push(equity + 20);
      curve.last.push(equity);
    }
    if (i % 1_380 === 1_379) {
      sessionTimes.push(time + MINUTE_MS);
      sessionEquity.push(equity);
    }
  }
  return {
    account: 'mes-sma', baseCurrency: 'USD', version: '0.1.0', timeframe: '1m', from: toUtcMs(start), to: toUtcMs(sessionTimes.at(-1) as number), bars, partial: false, halted: undefined,
    statistics: {
      startEquity: 50_000, endEquity: cash, totalReturn: cash / 50_000 - 1, buyAndHoldReturn: price / 5_000 - 1, cagr: cash / 50_000 - 1, annualVolatility: 0.081, sharpe: 1.12, sortino: 1.61, calmar: 0.9,
      maxDrawdown: 0.0712, maxDrawdownDuration: 'P41DT3H20M', trades: trades.length, winRate: 0.531, profitFactor: 1.18, expectancy: 2.41, exposure: 0.6, commission: 2_480, slippage: 1_310.5,
    },
    curve: { length: curve.time.length, ...curve }, sessionTimes, sessionEquity, trades, openPositions: [{ instrument: 'MES', quantity: -1, averagePrice: 5_120.25, unrealizedPnl: -37.5 }],
    prices: [{ instrument: 'MES', tickSize: 0.25, currency: 'USD', bars: recorder.bars() }],
    orders: trades.length * 3, ordersHash: `sha256:${'a1b2c3d4'.repeat(8)}`, configYaml: 'account: mes-sma\nmode: backtest\ninitialCash: 50000\n',
    provenance: [{ instrument: 'MES', source: 'synthetic 1m, seed keelson', hash: `sha256:${'0f1e2d3c'.repeat(8)}` }], warnings: [], ...more,
  };
}

const page = renderReport(yearOf(2_000));
/** The page without its own style and scripts. */
function markupOf(text: string): string {
  return text.replace(/<(style|script)[^>]*>.*?<\/\1>/gs, '');
}

const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));

describe('the report', () => {
  it('holds every section', () => {
    for (const id of ['equity', 'drawdown', 'exposure', 'price', 'monthly', 'distribution', 'statistics', 'trades', 'open', 'configuration']) expect(page).toContain(`id="${id}"`);
    expect(page).toContain('mes-sma');
    expect(page).toContain('a1b2c3d4'.repeat(8));
    expect(page).toContain('0f1e2d3c'.repeat(8));
    expect(page).toContain('initialCash: 50000');
    expect(markupOf(page)).not.toMatch(/undefined|NaN|Infinity/);
  });

  it('loads nothing from anywhere: it holds no address, and its policy forbids every request', () => {
    expect(page.match(/https?:|\/\/[a-z0-9-]+\.[a-z]{2,}|@import|url\(|fetch\(|XMLHttpRequest|WebSocket|<link|<img|<iframe/gi)).toBeNull();
    expect(page).not.toMatch(/\s(src|href)="(?!#)/);
    expect(page).toMatch(/Content-Security-Policy" content="default-src &#39;none&#39;/);
  });

  it('runs no markup that came with the data', () => {
    const evil = '<script>alert(1)</script>"\'><img onerror=x>';
    const base = yearOf(3);
    const data: ReportData = {
      ...base, account: evil, halted: evil, configYaml: evil, warnings: [evil], ordersHash: evil, timeframe: evil, baseCurrency: evil, version: evil,
      trades: base.trades.map((trade) => ({ ...trade, instrument: evil, entryReason: evil, exitReason: evil })),
      prices: [{ ...(base.prices[0] as ReportData['prices'][number]), instrument: evil }, { ...(base.prices[0] as ReportData['prices'][number]), instrument: `${evil}2`, currency: evil }],
      provenance: [{ instrument: evil, source: evil, hash: evil }], openPositions: [{ instrument: evil, quantity: 1, averagePrice: 1, unrealizedPnl: 1 }],
    };
    const text = renderReport(data);
    expect(text).not.toContain('<script>alert');
    expect(text).not.toContain('<img');
    expect(text.match(/<script/g)).toHaveLength(3);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('says when the run is partial, was halted or has warnings', () => {
    expect(page).not.toContain('Partial run');
    const text = renderReport(yearOf(1, { partial: true, halted: 'daily loss 2.1% reached the limit of 2%', warnings: ['3 gaps'] }));
    expect(text).toContain('Partial run');
    expect(text).toContain('daily loss 2.1% reached the limit of 2%');
    expect(text).toContain('<li>3 gaps</li>');
  });

  it('stays below 1.5 MB for a year of minutes with 2,000 trades', () => {
    expect(Buffer.byteLength(page)).toBeLessThan(1_500_000);
  });

  it('says how many trades it lists when there are too many', () => {
    const base = yearOf(1);
    const many = renderReport({ ...base, trades: Array.from({ length: MAX_TRADES + 1 }, () => base.trades[0] as Trade) });
    expect(many).toContain('The newest 5,000 of 5,001 trades');
    expect(page).not.toContain('The newest');
  });

  it('is the same page for the same data', () => {
    expect(renderReport(yearOf(2_000))).toBe(page);
  });

  it('stands without bars, trades and statistics', () => {
    const empty = new Float64Array(0);
    const text = renderReport({
      ...yearOf(0), from: undefined, to: undefined, bars: 0, sessionTimes: [], sessionEquity: [], prices: [], openPositions: [], provenance: [],
      curve: { length: 0, time: empty, min: empty, max: empty, last: empty },
      statistics: {
        startEquity: 1, endEquity: 1, totalReturn: 0, buyAndHoldReturn: null, cagr: null, annualVolatility: null, sharpe: null, sortino: null, calmar: null, maxDrawdown: null, maxDrawdownDuration: null,
        trades: 0, winRate: null, profitFactor: null, expectancy: null, exposure: null, commission: 0, slippage: 0,
      },
    });
    expect(text).toContain('No trade was closed.');
    expect(text).toContain('No session was completed.');
    expect(markupOf(text)).not.toMatch(/undefined|NaN|null|Infinity/);
  });
});

describe.skipIf(chromium === undefined)('the report in a browser', () => {
  /** The page's DOM and console after its script ran, by headless Chromium. */
  async function open(text: string): Promise<{ dom: string; console: string }> {
    const folder = mkdtempSync(join(tmpdir(), 'keelson-report-'));
    try {
      const file = join(folder, 'report.html');
      writeFileSync(file, text);
      const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--enable-logging=stderr', '--v=0', `--user-data-dir=${join(folder, 'profile')}`, '--window-size=1400,3000', '--virtual-time-budget=5000', '--dump-dom'];
      const { stdout, stderr } = await promisify(execFile)(chromium as string, [...flags, pathToFileURL(file).href], { maxBuffer: 64 * 1024 * 1024 });
      return { dom: stdout, console: stderr.split('\n').filter((line) => line.includes('CONSOLE')).join('\n') };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  it('draws all charts and lists trades without an error or a refused request', async () => {
    const { dom, console } = await open(page);
    expect(console).toBe('');
    expect(dom.match(/class="uplot /g)).toHaveLength(4);
    expect(dom.match(/Show trade \d+ on the price chart/g)).toHaveLength(200);
  });

  it('sorts and filters the trade list, and zooms from a trade and from the keyboard', async () => {
    const script = `
      const click = (selector) => document.querySelector(selector).click();
      click('#trades thead th:nth-child(10) button');
      const filter = document.querySelector('#trade-filter');
      filter.value = 'lost';
      filter.dispatchEvent(new Event('change'));
      click('#trade-rows tr:nth-child(3) button');
      document.querySelector('#price').dispatchEvent(new KeyboardEvent('keydown', { key: '+', bubbles: true, cancelable: true }));
      document.title = [...document.querySelectorAll('#trade-rows tr')].slice(0, 3).map((row) => row.cells[9].textContent).join(' ');`;
    const data = yearOf(60);
    const { dom, console } = await open(renderReport(data).replace(/<meta http-equiv[^>]*>/, '').replace('</body>', `<script>${script}</script></body>`));
    const losses = data.trades.map((trade) => trade.pnl - trade.commission).filter((net) => net < 0).sort((a, b) => b - a);
    expect(console).toBe('');
    expect(dom).toContain(`<title>${losses.slice(0, 3).map((net) => formatNumber(net, 2)).join(' ')}</title>`);
    expect(dom).toContain(`${losses.length} of 60`);
    expect(dom).toMatch(/<th scope="col" class="number" aria-sort="descending"><button type="button" data-column="9">/);
  });

  it('reports an error of the page, so that the test above can fail', async () => {
    expect((await open(page.replace('id="reset-zoom"', 'id="other"'))).console).toContain('Uncaught');
  });
});
