import { describe, expect, it } from 'vitest';
import { parseDate } from './parse-date.js';

describe('parseDate', () => {
  it.each([
    ['2024-03-15', '2024-03-15T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2024-03-15T14:30:00Z', '2024-03-15T14:30:00.000Z'],
    ['2024-03-15 14:30+01:00', '2024-03-15T13:30:00.000Z'],
    ['2024-03-15T14:30:00-0500', '2024-03-15T19:30:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(new Date(parseDate('--from', text) as number).toISOString()).toBe(expected);
  });

  it.each(['2024-13-01', '2023-02-29', '15.3.2024', '2024-03-15T14:30:00', 'yesterday', ''])('refuses %j', (text) => {
    expect(() => parseDate('--from', text)).toThrow(expect.objectContaining({ code: 'CFG_USAGE' }));
  });
});
