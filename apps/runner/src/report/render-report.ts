import { MAX_TRADES, chartPayload } from './chart-payload.js';
import { formatNumber } from './format.js';
import { Html, html, scriptJson } from './html.js';
import { cspHash, loadPageAssets } from './page-assets.js';
import type { ReportData } from './report-data.js';
import { distributionSection, headerSection, headlineSection, monthlySection, noticesSection, openPositionsSection, provenanceSection, statisticsSection } from './sections.js';

/**
 * One self-contained HTML page: nothing is loaded from anywhere, and its policy forbids it. Equal data give an equal
 * page. Charts need the page's script; figures, tables and histograms stand without it.
 */
export function renderReport(data: ReportData): string {
  const assets = loadPageAssets();
  const policy = `default-src 'none'; style-src ${cspHash(assets.style)}; script-src ${cspHash(assets.chartLibrary)} ${cspHash(assets.script)}; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${data.account}: Keelson backtest</title>
<style>${new Html(assets.style)}</style>
</head>
<body>
<a class="skip" href="#statistics">Skip to the statistics</a>
<main>
${headerSection(data)}
${noticesSection(data)}
${headlineSection(data)}
${chartsSection(data)}
${monthlySection(data)}
${distributionSection(data)}
${statisticsSection(data)}
${tradesSection(data)}
${openPositionsSection(data)}
${provenanceSection(data)}
<footer>Keelson ${data.version}. All times are UTC. Past results of a simulation promise nothing.</footer>
</main>
<script type="application/json" id="report-data">${new Html(scriptJson(chartPayload(data)))}</script>
<script>${new Html(assets.chartLibrary)}</script>
<script>${new Html(assets.script)}</script>
</body>
</html>
`;
  return page.markup;
}

function chartsSection(data: ReportData): Html {
  const chart = (id: string, label: string): Html => html`<div class="chart" id="${id}" tabindex="0" role="group" aria-label="${label}" aria-describedby="chart-keys"></div>`;
  const choice =
    data.prices.length > 1 ? html`<label class="choice">Instrument <select id="instrument">${data.prices.map(({ instrument }, i) => html`<option value="${i}">${instrument}</option>`)}</select></label>` : undefined;
  return html`<section id="equity-section"><div class="title"><h2>Equity <small>${data.baseCurrency}, against buy and hold</small></h2><button type="button" class="quiet" id="reset-zoom">Show all</button></div>
<noscript><p class="empty">The charts and the trade list need JavaScript; nothing is loaded for it.</p></noscript>
${chart('equity', 'Equity against buy and hold')}
<h3>Drawdown</h3>${chart('drawdown', 'Drawdown below the highest equity')}
<h3>Exposure <small>share of time in a position, short below the line</small></h3>${chart('exposure', 'Share of time in a position')}
<p class="hint" id="chart-keys">Drag to zoom all charts, double-click to show all. With the keyboard, in a chart: arrows move, + and \u2212 zoom, 0 shows all.</p></section>
<section id="prices"><div class="title"><h2>Entries and exits <small>on the price</small></h2>${choice}</div>
${data.prices.length === 0 ? html`<p class="empty">No prices were recorded.</p>` : chart('price', 'Price with entries and exits')}
<p class="hint key"><span class="mark long">\u25b2</span> long entry <span class="mark short">\u25bc</span> short entry <span class="mark gain">\u25cf</span> exit with a gain <span class="mark loss">\u25cf</span> exit with a loss</p></section>`;
}

function tradesSection({ trades, baseCurrency }: ReportData): Html {
  const count = trades.length;
  if (count === 0) return html`<section id="trades"><h2>Trades</h2><p class="empty">No trade was closed.</p></section>`;
  const note = count > MAX_TRADES ? html`<p class="hint">The newest ${formatNumber(MAX_TRADES, 0)} of ${formatNumber(count, 0)} trades are listed and drawn; all of them count in the figures, and <code>--json</code> prints all.</p>` : undefined;
  const columns: readonly [string, boolean][] = [
    ['#', true], ['Instrument', false], ['Side', false], ['Quantity', true], ['Entry', false], ['Entry price', true], ['Exit', false], ['Exit price', true],
    ['Held', true], [`Net, ${baseCurrency}`, true], ['Commission', true], ['Reasons', false],
  ];
  const heads = columns.map(([name, numeric], i) => html`<th scope="col"${new Html(numeric ? ' class="number"' : '')}${new Html(i === 0 ? ' aria-sort="ascending"' : '')}><button type="button" data-column="${i}">${name}</button></th>`);
  return html`<section id="trades"><div class="title"><h2>Trades <small id="trade-count">${formatNumber(count, 0)}</small></h2><label class="choice">Show <select id="trade-filter"><option value="all">all</option><option value="won">with a gain</option><option value="lost">with a loss</option><option value="long">long</option><option value="short">short</option></select></label></div>${note}
<div class="scroll tall" id="trade-scroll" tabindex="0" role="region" aria-label="Trades"><table class="list"><thead><tr>${heads}</tr></thead><tbody id="trade-rows"></tbody></table></div>
<p class="hint">Times in UTC. Net is after commission. Choose a trade's number to see it on the price chart.</p></section>`;
}
