import { describe, expect, it } from 'vitest';
import { decimalsOf, formatDuration, formatMoney, formatNumber, formatPercent, formatTime } from './format.js';
import { binsOf } from './histogram.js';
import { escapeHtml, html, scriptJson } from './html.js';

describe('formats', () => {
  it('writes money, percent and numbers for people', () => {
    expect(formatMoney(-1234567.891, 'USDT')).toBe('\u22121,234,567.89 USDT');
    expect(formatPercent(0.12345)).toBe('12.35%');
    expect(formatPercent(0.12345, true)).toBe('+12.35%');
    expect(formatPercent(-0.5, true)).toBe('\u221250.00%');
    expect(formatPercent(25)).toBe('2,500%');
    expect(formatNumber(-0.001, 2)).toBe('0.00');
    expect(formatTime(Date.UTC(2024, 0, 2, 15, 30))).toBe('2024-01-02 15:30');
    expect(formatTime(Date.UTC(2024, 0, 2, 15, 30, 5))).toBe('2024-01-02 15:30:05');
  });

  it('writes durations in their two largest units', () => {
    expect(formatDuration('P41DT3H20M')).toBe('41 days 3 hours');
    expect(formatDuration('PT1M')).toBe('1 minute');
    expect(formatDuration('P0D')).toBe('none');
  });

  it('knows the decimals of a tick', () => {
    expect([1, 0.25, 0.5, 0.00005, 1e-8, 5].map(decimalsOf)).toEqual([0, 2, 1, 5, 8, 0]);
  });
});

describe('html', () => {
  it('escapes what is put into it, once', () => {
    expect(html`<b title="${'"'}">${'<i>'}${[html`<u>${'&'}</u>`]}</b>`.markup).toBe('<b title="&quot;">&lt;i&gt;<u>&amp;</u></b>');
    expect(escapeHtml("'")).toBe('&#39;');
  });

  it('keeps JSON from ending its script element', () => {
    const text = scriptJson({ a: '</script><!--\u2028' });
    expect(text).not.toMatch(/[<\u2028]/);
    expect(JSON.parse(text)).toEqual({ a: '</script><!--\u2028' });
  });
});

describe('binsOf', () => {
  it('counts every value once, in equal bins with a border at 0', () => {
    const values = Array.from({ length: 1_000 }, (_, i) => Math.sin(i) * 50 + 3);
    const bins = binsOf([...values, 1e6, -1e6]);
    expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(1_002);
    expect(bins.some((bin) => bin.from === 0)).toBe(true);
    expect(bins.length).toBeLessThan(60);
  });

  it('survives equal values', () => {
    expect(binsOf([0, 0])).toEqual([{ from: 0, to: 0, count: 2 }]);
    expect(binsOf([5, 5]).reduce((sum, bin) => sum + bin.count, 0)).toBe(2);
    expect(binsOf([])).toEqual([]);
  });
});
