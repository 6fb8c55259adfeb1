// @ts-check
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const PACKAGE = 'packages/sample/src';

/** One bad file per ban: title, path, text, rule. */
const BAD = /** @type {const} */ ([
  ['Date.now', PACKAGE, `export const a = Date.now();`, 'eslint(no-restricted-properties)'],
  ['Date.now taken apart', PACKAGE, `const { now } = Date;\nexport const a = now();`, 'eslint(no-restricted-properties)'],
  ['performance.now', PACKAGE, `export const a = performance.now();`, 'eslint(no-restricted-globals)'],
  ['process.hrtime', PACKAGE, `export const a = process.hrtime();`, 'eslint(no-restricted-properties)'],
  ['setTimeout', PACKAGE, `setTimeout(() => undefined, 1);`, 'eslint(no-restricted-globals)'],
  ['setInterval', PACKAGE, `setInterval(() => undefined, 1);`, 'eslint(no-restricted-globals)'],
  ['globalThis.setTimeout', PACKAGE, `globalThis.setTimeout(() => undefined, 1);`, 'eslint(no-restricted-properties)'],
  ['timers imported', PACKAGE, `import { setTimeout } from 'node:timers/promises';\nexport const a = setTimeout;`, 'eslint(no-restricted-imports)'],
  ['Math.random', PACKAGE, `export const a = Math.random();`, 'eslint(no-restricted-properties)'],
  ['crypto.randomUUID', PACKAGE, `export const a = crypto.randomUUID();`, 'eslint(no-restricted-properties)'],
  ['randomBytes imported', PACKAGE, `import { randomBytes } from 'node:crypto';\nexport const a = randomBytes(1);`, 'eslint(no-restricted-imports)'],
  ['any', PACKAGE, `export const a = (b: any): number => b;`, 'typescript(no-explicit-any)'],
  ['the global container', PACKAGE, `import { container } from 'tsyringe';\nexport const a = container;`, 'eslint(no-restricted-imports)'],
  ['the global container by namespace', PACKAGE, `import * as di from 'tsyringe';\nexport const a = di.container;`, 'eslint(no-restricted-imports)'],
  ['@singleton', 'apps/sample/src', `import { singleton } from 'tsyringe';\n@singleton()\nexport class A {}`, 'eslint(no-restricted-imports)'],
  ['a floating promise', PACKAGE, `const work = async (): Promise<number> => 1;\nexport function a(): void {\n  work();\n}`, 'typescript(no-floating-promises)'],
  ['a promise where a void is wanted', PACKAGE, `export const a = (): void => [1].forEach(async (b) => { await Promise.resolve(b); });`, 'typescript(no-misused-promises)'],
  ['a promise as a condition', PACKAGE, `const work = async (): Promise<boolean> => true;\nexport const a = (): number => { if (work()) return 1; return 2; };`, 'typescript(no-misused-promises)'],
  ['an unexplained @ts-ignore', PACKAGE, `// @ts-ignore\nexport const a: number = 'x';`, 'typescript(ban-ts-comment)'],
  ['a namespace', PACKAGE, `export namespace A { export const b = 1; }`, 'typescript(no-namespace)'],
]);
const GOOD = /** @type {const} */ ([
  ['clocks and timers in an application', 'apps/sample/src', `export const a = (): number => Date.now();\nsetTimeout(() => undefined, 1);`],
  ['timers in a test', PACKAGE, `export const a = Date.now();`, '.test.ts'],
  ['hashing', PACKAGE, `import { createHash } from 'node:crypto';\nexport const a = createHash('sha256');`],
  ['the root container where it is wrapped', 'packages/core/src/plugin', `import { container } from 'tsyringe';\nexport const a = container;`, 'container.ts'],
]);

/** @type {Map<string, string[]>} */
const found = new Map();
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-lint-'));
  cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { strict: true, module: 'NodeNext', types: ['node'], experimentalDecorators: true, skipLibCheck: true }, include: ['packages', 'apps'] }));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  /** @param {string} path @param {string} text */
  const write = (path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${text}\n`);
  };
  BAD.forEach(([, place, text], index) => write(`${place}/bad-${index}.ts`, text));
  GOOD.forEach(([, place, text, name], index) => write(`${place}/${goodName(index, name)}`, text));
  write(`${PACKAGE}/cycle-a.ts`, `import { b } from './cycle-b.js';\nexport const a = (): number => b();`);
  write(`${PACKAGE}/cycle-b.ts`, `import { a } from './cycle-a.js';\nexport const b = (): number => a();`);
  const run = spawnSync(process.execPath, [join(root, 'node_modules/oxlint/bin/oxlint'), '--type-aware', '--no-ignore', '-f', 'json'], { cwd: folder, encoding: 'utf8' });
  const report = JSON.parse(run.stdout);
  for (const { filename, code } of report.diagnostics) {
    const path = String(filename).replaceAll('\\', '/');
    found.set(path, [...(found.get(path) ?? []), String(code)]);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** @param {number} index @param {string | undefined} name */
const goodName = (index, name) => (name === undefined ? `good-${index}.ts` : name.startsWith('.') ? `good-${index}${name}` : name);

describe('what the linter refuses in packages', () => {
  it.each(BAD.map(([title, place, , rule], index) => ({ title, path: `${place}/bad-${index}.ts`, rule })))('refuses $title', ({ path, rule }) => {
    expect(found.get(path)).toContain(rule);
  });

  it('refuses an import cycle', () => {
    expect(found.get(`${PACKAGE}/cycle-a.ts`)).toContain('import(no-cycle)');
  });
});

describe('what the linter allows', () => {
  it.each(GOOD.map(([title, place, , name], index) => ({ title, path: `${place}/${goodName(index, name)}` })))('allows $title', ({ path }) => {
    expect(found.get(path)).toBeUndefined();
  });
});
