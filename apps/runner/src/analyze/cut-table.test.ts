import { describe, expect, it } from 'vitest';
import { cutTable } from './cut-table.js';

const at = (text: string): number => Date.parse(text);
const cut = (text: string, time: string, known: 'open' | 'close' | 'step' = 'step', zone = 'UTC') => cutTable(text, at(time), { known, zone });

describe('cutTable', () => {
  it.each([
    ['ISO stamps', ['2024-03-04T10:00:00Z,1', '2024-03-04T11:00:00Z,2', '2024-03-04T12:00:00Z,3', '2024-03-04T13:00:00Z,4']],
    ['stamps of another column', ['A,2024-03-04 10:00,1', 'A,2024-03-04 11:00,2', 'A,2024-03-04 12:00,3', 'A,2024-03-04 13:00,4']],
    ['dates and times of day', ['2024.03.04;10:00;1', '2024.03.04;11:00;2', '2024.03.04;12:00;3', '2024.03.04;13:00;4']],
    ['seconds', ['1709546400,1', '1709550000,2', '1709553600,3', '1709557200,4']],
    ['milliseconds', ['1709546400000\t1', '1709550000000\t2', '1709553600000\t3', '1709557200000\t4']],
  ])('keeps the rows whose hour has passed: %s', (_, rows) => {
    expect(cut(`head,er\n${rows.join('\n')}\n`, '2024-03-04T12:00:00Z')).toBe(`head,er\n${rows.slice(0, 2).join('\n')}\n`);
    expect(cut(`${rows.join('\n')}\n`, '2024-03-04T12:59:59Z')).toBe(`${rows.slice(0, 2).join('\n')}\n`);
  });

  it('cuts JSON Lines by the key that holds ascending times', () => {
    const rows = [['b, c', 10], ['d', 11], ['e', 12], ['f', 13]].map(([title, hour], i) => JSON.stringify(i % 2 === 0 ? { title, size: 1, time: `2024-03-04T${hour}:00:00Z` } : { time: `2024-03-04T${hour}:00:00Z`, title, size: 1 }));
    expect(cut(`${rows.join('\n')}\n`, '2024-03-04T12:00:00Z')).toBe(`${rows.slice(0, 2).join('\n')}\n`);
    const seconds = [0, 1, 2, 3].map((i) => JSON.stringify({ id: i, at: 1709546400 + 3_600 * i }));
    expect(cut(seconds.join('\n'), '2024-03-04T12:00:00Z', 'close')).toBe(seconds.slice(0, 3).join('\n'));
    expect(cut('{"a":1}\n{"a":2}\n', '2024-03-04T12:00:00Z')).toBeUndefined();
  });

  it('takes rows by their stamp where it is known what that means', () => {
    const text = 'time,close\n2024-03-04 10:00,1\n2024-03-04 11:00,2\n2024-03-04 12:00,3\n';
    expect(cut(text, '2024-03-04T11:00:00Z', 'open')).toBe('time,close\n2024-03-04 10:00,1\n');
    expect(cut(text, '2024-03-04T11:00:00Z', 'close')).toBe('time,close\n2024-03-04 10:00,1\n2024-03-04 11:00,2\n');
    expect(cut(text, '2024-03-04T16:00:00Z', 'open', 'America/New_York')).toBe('time,close\n2024-03-04 10:00,1\n');
  });

  it('takes events without a step as known when they happen', () => {
    const text = 'time,event\n2024-03-01T13:30:00Z,NFP\n2024-03-12T12:30:00Z,CPI\n2024-03-20T18:00:00Z,FOMC\n2024-04-30T18:00:00Z,FOMC\n';
    expect(cut(text, '2024-03-20T18:00:00Z')?.trim().split('\n')).toHaveLength(4);
  });

  it('leaves alone what is no table with times', () => {
    expect(cut('just,words\nand,more\n', '2024-03-04T11:00:00Z')).toBeUndefined();
    expect(cut('1,2\n3,4\n', '2024-03-04T11:00:00Z')).toBeUndefined();
    expect(cut('', '2024-03-04T11:00:00Z')).toBeUndefined();
  });
});
