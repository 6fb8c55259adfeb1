import { readFileSync } from 'node:fs';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toUtcMs } from '@keelson/core/domain';
import { isKeelsonError } from '@keelson/core/errors';
import type { ProposalSource } from '@keelson/core/ports';
import { parse, silentLogger } from '../../testing/support.js';
import { fileProposals } from './file-proposals.js';
import { parseProposals } from './parse-proposals.js';

const whole = { id: 'p1', instrument: 'MES', action: 'long', entry: 4990, stop: 4980.25, target: 5020, confidence: 0.7, rationale: 'pullback', origin: 'anna', createdAt: '2024-03-15T13:30:00Z', expiresAt: '2024-03-15T10:30:00-04:00' };
const text = (...lines: unknown[]): string => lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
const faultOf = (lines: string): string => {
  try {
    parseProposals('p.jsonl', lines);
  } catch (error) {
    return isKeelsonError(error) ? error.line : String(error);
  }
  return 'nothing was thrown';
};

describe('a file of proposals', () => {
  it('has one proposal a line, with times in any zone', () => {
    const { createdAt, expiresAt, ...rest } = whole;
    expect(parseProposals('p.jsonl', text(whole, '', { ...whole, id: 'p2', action: 'flat', entry: undefined, stop: undefined, target: undefined }).trimEnd())).toEqual([
      { ...rest, createdAt: Date.parse(createdAt), expiresAt: Date.UTC(2024, 2, 15, 14, 30) },
      { id: 'p2', instrument: 'MES', action: 'flat', confidence: 0.7, rationale: 'pullback', origin: 'anna', createdAt: Date.parse(createdAt), expiresAt: Date.parse(expiresAt) },
    ]);
    expect(parseProposals('p.jsonl', '')).toEqual([]);
  });

  it('is as the documentation shows it', () => {
    const page = readFileSync(new URL('../../../../docs/concepts/proposals.md', import.meta.url), 'utf8');
    const example = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    expect(parseProposals('page', example)).toEqual([expect.objectContaining({ id: '2024-03-15-a', createdAt: Date.UTC(2024, 2, 15, 13, 30) })]);
  });

  it.each([
    { what: 'what is not JSON', line: '{"id": "p1",', fault: /^DATA_FORMAT: p\.jsonl:2 is not JSON \(.*\), expected one proposal a line: correct the line$/ },
    { what: 'an unknown key', line: { ...whole, tgt: 1 }, fault: /^DATA_FORMAT: p\.jsonl:2: tgt was found, expected a key of the line/ },
    { what: 'another action', line: { ...whole, action: 'buy' }, fault: /^DATA_FORMAT: p\.jsonl:2: action was "buy", expected one of long, short, flat/ },
    { what: 'a confidence above 1', line: { ...whole, confidence: 70 }, fault: /^DATA_FORMAT: p\.jsonl:2: confidence was 70, expected a number from 0 to 1/ },
    { what: 'a missing expiry', line: { ...whole, expiresAt: undefined }, fault: /^DATA_FORMAT: p\.jsonl:2: expiresAt is missing/ },
    { what: 'a time without a zone', line: { ...whole, createdAt: '2024-03-15T13:30:00' }, fault: /^DATA_FORMAT: p\.jsonl:2: createdAt was "2024-03-15T13:30:00", expected/ },
    { what: 'an expiry before its making', line: { ...whole, expiresAt: '2024-03-15T13:30:00Z' }, fault: /^DATA_FORMAT: p\.jsonl:2: expiresAt was 2024-03-15T13:30:00Z, expected a time after createdAt/ },
    { what: 'a price in quotes', line: { ...whole, stop: '4980' }, fault: /^DATA_FORMAT: p\.jsonl:2: stop was "4980", expected a number/ },
    { what: 'an origin with a blank', line: { ...whole, origin: 'anna b' }, fault: /^DATA_FORMAT: p\.jsonl:2: origin was "anna b", expected 1 to 40 letters/ },
    { what: 'a list', line: [whole], fault: /^DATA_FORMAT: p\.jsonl:2: / },
  ])('is refused with $what, and the line is named', ({ line, fault }) => {
    expect(faultOf(text(whole, line))).toMatch(fault);
  });

  describe('as a source', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'keelson-proposals-'));
    });
    afterAll(() => rm(folder, { recursive: true }));
    const source = (path: string): ProposalSource => fileProposals.create({ params: parse(fileProposals.params, { path, everyMs: 1000 }), baseDir: folder, clock: { now: () => toUtcMs(0) }, logger: silentLogger });
    const idsOf = async (from: ProposalSource): Promise<string[]> => (await from.poll(toUtcMs(0), new AbortController().signal)).map(({ id }) => id);

    it('is read from the folder of the account, and again only when it changed', async () => {
      await writeFile(join(folder, 'a.jsonl'), text(whole));
      const from = source('a.jsonl');
      expect(from.schedule).toEqual({ everyMs: 1000, latencyMs: 0 });
      expect(await idsOf(from)).toEqual(['p1']);
      expect(await idsOf(from)).toEqual([]);
      await appendFile(join(folder, 'a.jsonl'), text({ ...whole, id: 'p2' }));
      expect(await idsOf(from)).toEqual(['p1', 'p2']);
    });

    it('fails while a line is wrong, and goes on when it was mended', async () => {
      await writeFile(join(folder, 'b.jsonl'), `${text(whole)}{"id":`);
      const from = source('b.jsonl');
      await expect(idsOf(from)).rejects.toThrow(/^b\.jsonl:2 is not JSON/);
      await expect(idsOf(from)).rejects.toThrow(/^b\.jsonl:2 is not JSON/);
      await writeFile(join(folder, 'b.jsonl'), text(whole));
      expect(await idsOf(from)).toEqual(['p1']);
    });

    it('fails where there is no file', async () => {
      await expect(idsOf(source('none.jsonl'))).rejects.toThrow('none.jsonl does not exist, expected a file with proposals');
    });
  });
});
