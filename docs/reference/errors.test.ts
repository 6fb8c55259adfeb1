import { readFileSync } from 'node:fs';
import { ERROR_CODES } from '@keelson/core/errors';
import { describe, expect, it } from 'vitest';

const page = readFileSync(new URL('./errors.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| ([^|]*) \| ([^|]*) \| (.*) \|$/gm)].map(([, code = '', meaning = '', message = '', remedy = '']) => ({ code, meaning, message, remedy }));

describe('the page of errors', () => {
  it('lists every code once, and no other', () => {
    expect(rows.map(({ code }) => code).sort()).toEqual(Object.keys(ERROR_CODES).sort());
  });

  it.each(Object.entries(ERROR_CODES))('gives %s the meaning that the code has', (code, meaning) => {
    const row = rows.find((candidate) => candidate.code === code);
    expect(row?.meaning).toBe(meaning);
    expect(row?.message).not.toBe('');
    expect(row?.remedy).not.toBe('');
  });
});
