/* Runs in the report page: draws the charts with uPlot and fills the trade list. */
/* global uPlot, document, window, getComputedStyle, ResizeObserver, matchMedia, devicePixelRatio, Path2D */
(() => {
  'use strict';

  const data = JSON.parse(document.getElementById('report-data').textContent);
  const byId = (id) => document.getElementById(id);
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const MINUS = '\u2212';

  // numbers and times

  const number = (value, decimals) => value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).replace('-', MINUS);
  const quantity = (value) => value.toLocaleString('en-US', { maximumFractionDigits: 8 });
  const percent = (value, decimals = 2) => `${number(value * 100, decimals)}%`;
  const time = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ').replace(/:00$/, '');
  const held = (seconds) => {
    const parts = [[86400, 'd'], [3600, 'h'], [60, 'm'], [1, 's']];
    const at = parts.findIndex(([size]) => seconds >= size);
    if (at < 0) return '0m';
    const [size, unit] = parts[at];
    const first = Math.floor(seconds / size);
    const next = parts[at + 1];
    const rest = next ? Math.floor((seconds - first * size) / next[0]) : 0;
    return rest > 0 ? `${first}${unit} ${rest}${next[1]}` : `${first}${unit}`;
  };
  const times = (steps) => {
    let sum = 0;
    return steps.map((step) => (sum += step));
  };
  const compact = (value) => {
    const size = Math.abs(value);
    if (size >= 1e9) return `${number(value / 1e9, 2)}B`;
    if (size >= 1e7) return `${number(value / 1e6, 2)}M`;
    return number(value, size < 100 ? 2 : 0);
  };

  // charts

  const charts = new Map();
  let extent;
  /** What all charts show now; uPlot applies a change of scale only after the current task. */
  let view;

  /** A chart was zoomed with the pointer: the others follow. */
  function followZoom(source) {
    const { min, max } = source.scales.x;
    const mounted = [...charts.values()].some(({ plot }) => plot === source);
    if (mounted && min != null && (min !== view.min || max !== view.max)) zoomTo(min, max);
  }

  function zoomTo(min, max) {
    view = { min, max };
    for (const { plot } of charts.values()) if (plot.scales.x.min !== min || plot.scales.x.max !== max) plot.setScale('x', view);
  }

  const DAY = 86400;
  const date = ['\n{D} {MMM} {YYYY}', null, '\n{D} {MMM}', null, null, null, 1];
  // per smallest step of the axis: its label, and what is added where the year, the day … changes
  const timeLabels = [
    [365 * DAY, '{YYYY}', null, null, null, null, null, null, 1],
    [28 * DAY, '{MMM}', '\n{YYYY}', null, null, null, null, null, 1],
    [DAY, '{D} {MMM}', '\n{YYYY}', null, null, null, null, null, 1],
    [60, '{HH}:{mm}', ...date],
    [1, '{HH}:{mm}:{ss}', ...date],
  ];

  function axes(formatValue, extra = {}) {
    const common = { stroke: style('--soft'), font: '11px system-ui, sans-serif', grid: { stroke: style('--grid'), width: 1 }, ticks: { show: false } };
    return [
      { ...common, space: 80, values: timeLabels },
      { ...common, size: gutter, values: (_, splits) => splits.map((value) => (value == null ? '' : formatValue(value))), ...extra },
    ];
  }

  function options(element, height, series, valueAxis, more = {}) {
    return {
      width: element.clientWidth,
      height,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      cursor: { sync: { key: 'keelson' }, drag: { x: true, y: false }, points: { size: 6 }, bind: { dblclick: () => () => showAll() } },
      legend: { live: true },
      scales: { x: { time: true }, ...more.scales },
      series: [{ label: 'UTC', value: (_, seconds) => (seconds == null ? '\u2013' : time(seconds)) }, ...series],
      axes: valueAxis,
      hooks: { setScale: [(plot, key) => key === 'x' && followZoom(plot)], ...more.hooks },
    };
  }

  /** Makes a chart and makes it again with other colours or size; keeps what was zoomed to. */
  function mount(id, make) {
    const element = byId(id);
    if (!element) return;
    const entry = charts.get(id);
    if (entry) entry.plot.destroy();
    const { opts, columns } = make(element);
    const plot = new uPlot(opts, columns, element);
    charts.set(id, { plot, make, height: opts.height });
    plot.setScale('x', view);
    if (!entry) {
      new ResizeObserver(() => {
        const now = charts.get(id).plot;
        if (element.clientWidth > 0 && element.clientWidth !== now.width) now.setSize({ width: element.clientWidth, height: charts.get(id).height });
      }).observe(element);
      element.addEventListener('keydown', keys);
    }
  }

  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { min, max } = view;
    const width = max - min;
    const actions = {
      ArrowLeft: () => zoomTo(min - width * 0.1, max - width * 0.1),
      ArrowRight: () => zoomTo(min + width * 0.1, max + width * 0.1),
      '+': () => zoomTo(min + width * 0.2, max - width * 0.2),
      '=': () => zoomTo(min + width * 0.2, max - width * 0.2),
      '-': () => zoomTo(min - width / 3, max + width / 3),
      0: showAll,
      Home: showAll,
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  function showAll() {
    if (extent) zoomTo(extent.min, extent.max);
  }

  const equityTimes = times(data.equity.t);
  const exposureTimes = times(data.exposure.t);
  const prices = data.prices.map((series) => ({ ...series, t: times(series.t) }));
  const ends = [equityTimes, exposureTimes, ...prices.map((series) => series.t)].filter((list) => list.length > 0);
  if (ends.length > 0) {
    const min = Math.min(...ends.map((list) => list[0]));
    const max = Math.max(...ends.map((list) => list[list.length - 1]));
    extent = { min, max: max > min ? max : min + 60 };
    view = extent;
  }

  // one width for all value axes, so that the charts stand exactly below each other
  const gutter = Math.max(74, ...prices.map(({ h, decimals }) => 24 + 7 * number(h[0], decimals).length));

  function equityChart(element) {
    const money = (_, value) => (value == null ? '\u2013' : `${number(value, 2)} ${data.currency}`);
    const series = [{ label: 'Equity', stroke: style('--accent'), width: 1.75, fill: style('--accent-fill'), value: money, points: { show: false } }];
    const columns = [equityTimes, data.equity.value];
    if (data.equity.hold.length > 0) {
      series.push({ label: 'Buy and hold', stroke: style('--hold'), width: 1.25, dash: [5, 4], value: money, points: { show: false } });
      columns.push(data.equity.hold);
    }
    const scales = { y: { range: (_, min, max) => uPlot.rangeNum(min, max, 0.06, false) } };
    return { opts: options(element, 300, series, axes(compact), { scales }), columns };
  }

  function drawdownChart(element) {
    const series = [{ label: 'Drawdown', stroke: style('--loss'), width: 1.25, fill: style('--loss-fill'), value: (_, value) => (value == null ? '\u2013' : percent(value)), points: { show: false } }];
    const scales = { y: { range: (_, min) => [Math.min(min * 1.08, -0.001), 0] } };
    const digits = Math.max(...data.equity.drawdown) < 0.03 ? 1 : 0;
    return { opts: options(element, 140, series, axes((value) => percent(value, digits)), { scales }), columns: [equityTimes, data.equity.drawdown.map((depth) => -depth)] };
  }

  function exposureChart(element) {
    const stepped = uPlot.paths.stepped({ align: 1 });
    const share = (_, value) => (value == null ? '\u2013' : percent(Math.abs(value), 0));
    const shorts = data.exposure.short.some((value) => value > 0);
    const series = [{ label: 'Long', stroke: style('--long'), width: 1, fill: style('--accent-fill'), paths: stepped, value: share, points: { show: false } }];
    const columns = [exposureTimes, data.exposure.long];
    if (shorts) {
      series.push({ label: 'Short', stroke: style('--short'), width: 1, fill: style('--short') + '22', paths: stepped, value: share, points: { show: false } });
      columns.push(data.exposure.short.map((value) => -value));
    }
    const scales = { y: { range: () => [shorts ? -1.05 : 0, 1.05] } };
    const valueAxis = axes((value) => percent(Math.abs(value), 0), { splits: () => (shorts ? [-1, 0, 1] : [0, 0.5, 1]) });
    return { opts: options(element, shorts ? 130 : 110, series, valueAxis, { scales }), columns };
  }

  // price and trades

  const trades = data.trades.map(([instrument, long, size, entryTime, entryPrice, exitTime, exitPrice, net, commission, entryReason, exitReason], i) => ({
    index: i + 1, instrument: data.instruments[instrument], long: long === 1, size, entryTime, entryPrice, exitTime, exitPrice, net, commission,
    held: exitTime - entryTime, reasons: `${data.reasons[entryReason] || '\u2013'} \u2192 ${data.reasons[exitReason] || '\u2013'}`,
  }));
  let shown = 0;
  let marked;

  function priceChart(element) {
    const price = prices[shown];
    const format = (_, value) => (value == null ? '\u2013' : number(value, price.decimals));
    const hidden = (label) => ({ label, stroke: style('--soft'), paths: () => null, points: { show: false }, value: format });
    const own = trades.filter((trade) => trade.instrument === price.id);
    const hooks = { draw: [(plot) => drawBars(plot, price), (plot) => drawTrades(plot, own)] };
    const opts = options(element, 400, ['Open', 'High', 'Low', 'Close'].map(hidden), axes((value) => number(value, price.decimals)), { hooks });
    return { opts, columns: [price.t, price.o, price.h, price.l, price.c] };
  }

  function clipped(plot, draw) {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    draw(ctx);
    ctx.restore();
  }

  /** Bars: wicks where they are narrow, bodies too where there is room. */
  function drawBars(plot, price) {
    const [first, last] = plot.series[0].idxs;
    if (first == null || last == null) return;
    const steps = [];
    for (let i = Math.max(first, 1); i <= last && steps.length < 200; i++) steps.push(price.t[i] - price.t[i - 1]);
    steps.sort((a, b) => a - b);
    const step = steps.length > 0 ? steps[steps.length >> 1] : 60;
    const room = Math.abs(plot.valToPos(price.t[first] + step, 'x', true) - plot.valToPos(price.t[first], 'x', true));
    const body = Math.min(room * 0.7, 14 * devicePixelRatio);
    const y = (value) => plot.valToPos(value, 'y', true);
    clipped(plot, (ctx) => {
      for (const up of [true, false]) {
        const wicks = new Path2D();
        const bodies = new Path2D();
        for (let i = Math.max(first - 1, 0); i <= last + 1 && i < price.t.length; i++) {
          if (price.c[i] >= price.o[i] !== up) continue;
          const x = plot.valToPos(price.t[i], 'x', true) + room / 2;
          const high = y(price.h[i]);
          wicks.moveTo(x, high);
          wicks.lineTo(x, Math.max(y(price.l[i]), high + devicePixelRatio));
          if (body >= 3) {
            const top = y(Math.max(price.o[i], price.c[i]));
            bodies.rect(x - body / 2, top, body, Math.max(y(Math.min(price.o[i], price.c[i])) - top, 1));
          }
        }
        ctx.strokeStyle = ctx.fillStyle = style(up ? '--bar-up' : '--bar-down');
        ctx.lineWidth = Math.max(1, Math.min(body >= 3 ? 1 : room, 2)) * (body >= 3 ? devicePixelRatio : 1);
        ctx.stroke(wicks);
        ctx.fill(bodies);
      }
    });
  }

  /** Entries, exits and the line between them; only dots where there are too many to tell apart. */
  function drawTrades(plot, own) {
    const { min, max } = plot.scales.x;
    const inView = own.filter((trade) => trade.exitTime >= min && trade.entryTime <= max);
    const many = inView.length > 350;
    const size = (many ? 2 : inView.length > 120 ? 4 : 5.5) * devicePixelRatio;
    const colours = { long: style('--long'), short: style('--short'), gain: style('--gain'), loss: style('--loss') };
    const at = (seconds, value) => [plot.valToPos(seconds, 'x', true), plot.valToPos(value, 'y', true)];
    clipped(plot, (ctx) => {
      const alpha = many ? 0.6 : 1;
      ctx.lineWidth = devicePixelRatio;
      for (const trade of inView) {
        const [x1, y1] = at(trade.entryTime, trade.entryPrice);
        const [x2, y2] = at(trade.exitTime, trade.exitPrice);
        const result = trade.net >= 0 ? colours.gain : colours.loss;
        if (!many || trade === marked) {
          ctx.strokeStyle = result;
          ctx.globalAlpha = 0.75;
          ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
          ctx.beginPath();
          ctx.moveTo(x1, y1);
          ctx.lineTo(x2, y2);
          ctx.stroke();
          ctx.setLineDash([]);
        }
        ctx.globalAlpha = trade === marked ? 1 : alpha;
        const tip = trade.long ? -1 : 1;
        ctx.fillStyle = trade.long ? colours.long : colours.short;
        ctx.beginPath();
        ctx.moveTo(x1, y1);
        ctx.lineTo(x1 - size, y1 - tip * size * 1.6);
        ctx.lineTo(x1 + size, y1 - tip * size * 1.6);
        ctx.fill();
        ctx.fillStyle = result;
        ctx.beginPath();
        ctx.arc(x2, y2, size * 0.72, 0, 2 * Math.PI);
        ctx.fill();
        if (trade === marked) {
          ctx.strokeStyle = style('--ink');
          ctx.beginPath();
          ctx.arc(x1, y1, size * 2.2, 0, 2 * Math.PI);
          ctx.moveTo(x2 + size * 2.2, y2);
          ctx.arc(x2, y2, size * 2.2, 0, 2 * Math.PI);
          ctx.stroke();
        }
      }
    });
  }

  function showTrade(trade) {
    marked = trade;
    const index = prices.findIndex((price) => price.id === trade.instrument);
    if (index < 0) return;
    if (index !== shown) {
      shown = index;
      byId('instrument').value = String(index);
      mount('price', priceChart);
    }
    const { t } = prices[shown];
    const step = t.length > 1 ? (t[t.length - 1] - t[0]) / (t.length - 1) : 60;
    const margin = Math.max(trade.held * 1.5, step * 40);
    zoomTo(trade.entryTime - margin, trade.exitTime + margin);
    byId('price').scrollIntoView({ block: 'center' });
    byId('price').focus({ preventScroll: true });
  }

  // trade list

  const PAGE = 200;
  const keyOf = [
    (trade) => trade.index, (trade) => trade.instrument, (trade) => (trade.long ? 'long' : 'short'), (trade) => trade.size, (trade) => trade.entryTime,
    (trade) => trade.entryPrice, (trade) => trade.exitTime, (trade) => trade.exitPrice, (trade) => trade.held, (trade) => trade.net, (trade) => trade.commission, (trade) => trade.reasons,
  ];
  const filters = { all: () => true, won: (trade) => trade.net > 0, lost: (trade) => trade.net < 0, long: (trade) => trade.long, short: (trade) => !trade.long };
  const decimals = new Map(prices.map((price) => [price.id, price.decimals]));
  let listed = trades;
  let written = 0;

  function cell(row, text, kind) {
    const element = row.insertCell();
    element.textContent = text;
    if (kind) element.className = kind;
    return element;
  }

  function writeRows(rows) {
    for (const trade of listed.slice(written, written + PAGE)) {
      const row = rows.insertRow();
      const digits = decimals.get(trade.instrument) ?? 2;
      const show = document.createElement('button');
      show.type = 'button';
      show.textContent = String(trade.index);
      show.setAttribute('aria-label', `Show trade ${trade.index} on the price chart`);
      show.addEventListener('click', () => showTrade(trade));
      cell(row, '', 'number').append(show);
      cell(row, trade.instrument);
      cell(row, trade.long ? 'long' : 'short', `mark ${trade.long ? 'long' : 'short'}`);
      cell(row, quantity(trade.size), 'number');
      cell(row, time(trade.entryTime));
      cell(row, number(trade.entryPrice, digits), 'number');
      cell(row, time(trade.exitTime));
      cell(row, number(trade.exitPrice, digits), 'number');
      cell(row, held(trade.held), 'number');
      cell(row, number(trade.net, 2), `number ${trade.net > 0 ? 'gain' : trade.net < 0 ? 'loss' : ''}`);
      cell(row, number(trade.commission, 2), 'number');
      cell(row, trade.reasons, 'reasons');
    }
    written = Math.min(written + PAGE, listed.length);
  }

  function tradeList() {
    const rows = byId('trade-rows');
    if (!rows) return;
    const box = byId('trade-scroll');
    const headers = [...box.querySelectorAll('thead th')];
    let column = 0;
    let ascending = true;
    const refresh = () => {
      const key = keyOf[column];
      const sign = ascending ? 1 : -1;
      listed = trades.filter(filters[byId('trade-filter').value]).sort((a, b) => {
        const [x, y] = [key(a), key(b)];
        return x < y ? -sign : x > y ? sign : a.index - b.index;
      });
      headers.forEach((header, i) => (i === column ? header.setAttribute('aria-sort', ascending ? 'ascending' : 'descending') : header.removeAttribute('aria-sort')));
      byId('trade-count').textContent = listed.length === trades.length ? number(trades.length, 0) : `${number(listed.length, 0)} of ${number(trades.length, 0)}`;
      rows.replaceChildren();
      written = 0;
      box.scrollTop = 0;
      writeRows(rows);
    };
    headers.forEach((header, i) => {
      header.querySelector('button').addEventListener('click', () => {
        ascending = i === column ? !ascending : i < 3 || i > 10;
        column = i;
        refresh();
      });
    });
    byId('trade-filter').addEventListener('change', refresh);
    box.addEventListener('scroll', () => {
      if (written < listed.length && box.scrollTop + box.clientHeight > box.scrollHeight - 600) writeRows(rows);
    });
    refresh();
  }

  // start

  if (equityTimes.length > 0) {
    mount('equity', equityChart);
    mount('drawdown', drawdownChart);
  }
  if (exposureTimes.length > 0) mount('exposure', exposureChart);
  if (prices.length > 0) mount('price', priceChart);
  tradeList();

  byId('reset-zoom').addEventListener('click', () => {
    marked = undefined;
    showAll();
  });
  const instrument = byId('instrument');
  if (instrument) {
    instrument.addEventListener('change', () => {
      shown = Number(instrument.value);
      mount('price', priceChart);
    });
  }
  const repaint = () => {
    for (const [id, { make }] of charts) mount(id, make);
  };
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', repaint);
  byId('theme').addEventListener('click', () => {
    const root = document.documentElement;
    const now = root.dataset.theme || (dark.matches ? 'dark' : 'light');
    root.dataset.theme = now === 'dark' ? 'light' : 'dark';
    repaint();
  });
})();
