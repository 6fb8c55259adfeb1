// @ts-check
import { describe, expect, it } from 'vitest';
import { checkFile } from './check-structure.mjs';

const PUBLIC = new Set(['@keelson/core', '@keelson/core/domain', '@keelson/core/ports', '@keelson/core/plugin', '@keelson/plugin-basics', '@keelson/plugin-simulated', '@keelson/runner']);

/** @param {string} path @param {string} text */
const rulesOf = (path, text) => checkFile(path, text, PUBLIC).map((finding) => finding.rule);

const CORE = 'packages/core/src';
const PLUGIN = 'packages/plugin-basics/src/x.ts';

describe('what is refused', () => {
  it.each([
    ['ports that import series', `${CORE}/ports/x.ts`, `import type { A } from '../series/a.js';`, 'import-direction'],
    ['domain that imports ports', `${CORE}/domain/x.ts`, `import { a } from '../ports/a.js';`, 'import-direction'],
    ['a deeper folder that imports upward', `${CORE}/domain/calendars/x.ts`, `import { a } from '../../engine/a.js';`, 'import-direction'],
    ['execution that imports pipeline', `${CORE}/execution/x.ts`, `export { a } from '../pipeline/a.js';`, 'import-direction'],
    ['pipeline that imports engine by import()', `${CORE}/pipeline/x.ts`, `const a = await import('../engine/a.js');`, 'import-direction'],
    ['plugin that imports engine by a type', `${CORE}/plugin/x.ts`, `type A = import('../engine/a.js').A;`, 'import-direction'],
    ['config that imports pipeline', `${CORE}/config/x.ts`, `import { a } from '../pipeline/a.js';`, 'import-direction'],
    ['errors that imports domain', `${CORE}/errors.ts`, `import { a } from './domain/a.js';`, 'import-direction'],
    ['a folder of core without a place', `${CORE}/extras/x.ts`, `import { a } from '../domain/a.js';`, 'import-direction'],
    ['a path out of the package', PLUGIN, `import { a } from '../../core/src/domain/units.js';`, 'package-boundary'],
    ['a path out of the package, in a test', 'packages/plugin-basics/src/x.test.ts', `import { a } from '../../core/src/domain/units.js';`, 'package-boundary'],
    ['a package that imports an application', PLUGIN, `import { main } from '@keelson/runner';`, 'package-boundary'],
    ['a plugin that imports another', PLUGIN, `import { a } from '@keelson/plugin-simulated';`, 'package-boundary'],
    ['core that imports a plugin', `${CORE}/engine/x.ts`, `import { a } from '@keelson/plugin-simulated';`, 'package-boundary'],
    ['core that imports the zod of its tests', `${CORE}/config/x.ts`, `import { z } from 'zod';`, 'own-zod'],
    ['a private subpath', PLUGIN, `import { a } from '@keelson/core/pipeline';`, 'public-subpath'],
    ['a path into dist', 'apps/runner/src/x.ts', `import { a } from '@keelson/core/dist/domain/units.js';`, 'public-subpath'],
    ['product code that imports a test', PLUGIN, `import { a } from './x.test.js';`, 'no-test-import'],
    ['product code that imports test helpers', PLUGIN, `import { a } from '../testing/make-bars.js';`, 'no-test-import'],
    ['an enum', PLUGIN, `enum A { One }`, 'no-enum'],
    ['a const enum', PLUGIN, `export const enum A { One }`, 'no-enum'],
    ['export *', PLUGIN, `export * from './a.js';`, 'no-export-star'],
    ['new Date() without a time', PLUGIN, `const now = new Date();`, 'no-ambient-time'],
    ['new Date without parentheses', PLUGIN, `const now = new Date;`, 'no-ambient-time'],
    ['Date() as a function', PLUGIN, `const now = Date();`, 'no-ambient-time'],
    ['new globalThis.Date()', PLUGIN, `const now = new globalThis.Date();`, 'no-ambient-time'],
    ['a cast to a unit', PLUGIN, `const p = 1 as Price;`, 'no-brand-cast'],
    ['a cast to a unit by way of unknown', PLUGIN, `const p = 1 as unknown as Money;`, 'no-brand-cast'],
    ['a cast to a unit with angle brackets', PLUGIN, `const p = <UtcMs>1;`, 'no-brand-cast'],
    ['a cast to a renamed unit', PLUGIN, `import type { Price as P } from '@keelson/core/domain'; const p = 1 as P;`, 'no-brand-cast'],
    ['a cast to a list of units', PLUGIN, `const p = [1] as readonly Price[];`, 'no-brand-cast'],
    ['a cast to a unit by its module', PLUGIN, `const p = 1 as import('@keelson/core/domain').Price;`, 'no-brand-cast'],
    ['a cast to a unit in the approval file', `${CORE}/pipeline/approve-orders.ts`, `const p = 1 as Price;`, 'no-brand-cast'],
    ['an approval outside its file', `${CORE}/pipeline/route-orders.ts`, `send(order as RiskApproved<OrderIntent>);`, 'one-door'],
    ['an approval in a plugin', PLUGIN, `import type { RiskApproved as Ok } from '@keelson/core/domain'; send(order as Ok<OrderIntent>);`, 'one-door'],
    ['a predicate that says approved', PLUGIN, `function ok(x: A): x is RiskApproved<A> { return true; }`, 'one-door'],
    ['an approval elsewhere in the suites', 'packages/contract-tests/src/suites/broker/broker-bench.ts', `send(order as RiskApproved<OrderIntent>);`, 'one-door'],
    ['an approval in the file of units', `${CORE}/domain/units.ts`, `const a = x as RiskApproved<A>;`, 'one-door'],
    ['more than 400 lines', PLUGIN, 'const a = 1;\n'.repeat(401), 'file-length'],
    ['a port of more than 60 lines', `${CORE}/ports/x.ts`, 'const a = 1;\n'.repeat(61), 'file-length'],
    ['a stage of more than 120 lines', `${CORE}/pipeline/x.ts`, 'const a = 1;\n'.repeat(121), 'file-length'],
  ])('refuses %s', (_title, path, text, rule) => {
    expect(rulesOf(path, text)).toEqual([rule]);
  });
});

describe('what is allowed', () => {
  it.each([
    ['downward imports', `${CORE}/engine/x.ts`, `import { a } from '../pipeline/a.js'; import { b } from '../domain/b.js'; import { c } from '../errors.js';`],
    ['imports within a folder', `${CORE}/domain/calendars/x.ts`, `import { a } from '../units.js';`],
    ['config and errors from anywhere', `${CORE}/ports/x.ts`, `import type { A } from '../config/a.js'; import { b } from '../errors.js';`],
    ['config that imports domain', `${CORE}/config/x.ts`, `import { a } from '../domain/a.js';`],
    ['a test across the folders of its package', `${CORE}/domain/x.test.ts`, `import { a } from '../engine/a.js';`],
    ['public subpaths of core in a plugin', PLUGIN, `import { a } from '@keelson/core/domain'; import { b } from '@keelson/core/plugin';`],
    ['an application that imports plugins', 'apps/runner/src/x.ts', `import a from '@keelson/plugin-basics';`],
    ['a date of a given time', PLUGIN, `const d = new Date(0); const p = Date.parse('2024-01-01');`],
    ['casts to units in their file', `${CORE}/domain/units.ts`, `export const toPrice = (value: number): Price => value as Price;`],
    ['the approval in its file', `${CORE}/pipeline/approve-orders.ts`, `return intent as RiskApproved<OrderIntent>;`],
    ['the suite of brokers, in its one file', 'packages/contract-tests/src/suites/broker/forge-approval.ts', `return order as RiskApproved<OrderIntent>;`],
    ['a fixture that approves, in a test', 'packages/plugin-simulated/src/x.test.ts', `const a = order as RiskApproved<OrderIntent>;`],
    ['as const', PLUGIN, `const a = ['x'] as const;`],
    ['400 lines', PLUGIN, 'const a = 1;\n'.repeat(400)],
  ])('allows %s', (_title, path, text) => {
    expect(rulesOf(path, text)).toEqual([]);
  });
});

it('names file, line and remedy', () => {
  expect(checkFile(PLUGIN, `\nconst p = 1 as Price;\n`, PUBLIC)).toEqual([
    { path: PLUGIN, line: 2, rule: 'no-brand-cast', severity: 'error', message: 'a cast to Price; use toPrice of @keelson/core/domain' },
  ]);
});
