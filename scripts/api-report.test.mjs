// @ts-check
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { differences, surfaces } from './api-report.mjs';

let known = '';
let now = '';
beforeEach(() => {
  known = mkdtempSync(join(tmpdir(), 'keelson-api-known-'));
  now = mkdtempSync(join(tmpdir(), 'keelson-api-now-'));
});
afterEach(() => [known, now].forEach((folder) => rmSync(folder, { recursive: true, force: true })));

describe('the reports of the public surface', () => {
  it('cover every public subpath of the packages that plugins import', () => {
    const names = surfaces().map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['core.api.md', 'core-domain.api.md', 'core-plugin.api.md', 'core-ports.api.md', 'core-errors.api.md', 'contract-tests.api.md']));
    expect(new Set(names).size).toBe(names.length);
  });

  it('are equal where nothing changed', () => {
    for (const folder of [known, now]) writeFileSync(join(folder, 'a.api.md'), 'export type A = 1;\n');
    expect(differences(known, now)).toEqual([]);
  });

  it('show what changed, came and went', () => {
    writeFileSync(join(known, 'a.api.md'), 'export type A = 1;\n');
    writeFileSync(join(now, 'a.api.md'), 'export type A = 2;\n');
    writeFileSync(join(known, 'gone.api.md'), 'export type B = 1;\n');
    writeFileSync(join(now, 'new.api.md'), 'export type C = 1;\n');
    const found = differences(known, now);
    expect(found.map(({ name }) => name)).toEqual(['a.api.md', 'gone.api.md', 'new.api.md']);
    expect(found[0]?.text).toMatch(/^-export type A = 1;\n\+export type A = 2;$/m);
    expect(found[1]?.text).toContain('-export type B = 1;');
    expect(found[2]?.text).toContain('+export type C = 1;');
  });
});
