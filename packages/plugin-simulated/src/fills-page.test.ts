import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { playExample, readExamples } from '../testing/fills-page.js';

const here = dirname(fileURLToPath(import.meta.url));
const page = readFileSync(join(here, '../../../docs/concepts/fills.md'), 'utf8');
const examples = readExamples(page);

describe('the fills page', () => {
  it('has at least 60 examples, each with an id of its own and a block', () => {
    const headings = [...page.matchAll(/^#### (F-\d{3})/gm)].map((match) => match[1]);
    expect(examples.map((example) => example.id)).toEqual(headings);
    expect(new Set(headings).size).toBe(headings.length);
    expect(headings.length).toBeGreaterThanOrEqual(60);
  });

  it.each(examples.map((example) => [example.id, example.title, example] as const))('%s %s', async (_id, _title, example) => {
    const { expected, actual } = await playExample(example.lines, join(here, '../testing'));
    expect(actual).toEqual(expected);
  });
});
