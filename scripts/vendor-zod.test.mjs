// @ts-check
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
// what is published: the built core, with its own zod
import { durationSchema, instrumentSchema, jsonSchemaOf, schemaFaults } from '../packages/core/dist/config/index.js';
import { VENDORED, ZOD, specifiers, vendoredFiles } from './vendor-zod.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const work = mkdtempSync(join(tmpdir(), 'keelson-vendor-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** @param {string} folder @param {Readonly<Record<string, string>>} files */
function write(folder, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

describe('the part of zod in core', () => {
  const held = new Map(readdirSync(VENDORED, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(VENDORED.length + 1), readFileSync(path, 'utf8')];
  }));

  it('is what the script copies from the pinned zod, byte for byte', () => {
    const expected = vendoredFiles(ZOD);
    expect([...held.keys()].sort()).toEqual([...expected.keys()].sort());
    expect([...expected].filter(([path, text]) => held.get(path) !== text).map(([path]) => `${path}: run npm run vendor`)).toEqual([]);
  });

  it('is the version that core is tested with, and says so', () => {
    const core = JSON.parse(readFileSync(join(root, 'packages/core/package.json'), 'utf8'));
    expect(JSON.parse(held.get('package.json') ?? '')).toMatchObject({ name: 'zod', version: core.devDependencies.zod, license: 'MIT' });
    expect(held.get('LICENSE')).toContain('Permission is hereby granted');
    expect(core.dependencies).not.toHaveProperty('zod');
  });

  it('speaks English only, and is less than 0.8 MB', () => {
    expect([...held.keys()].filter((path) => path.includes('locales/') && path.endsWith('.js')).sort()).toEqual(['v4/locales/en.js', 'v4/locales/index.js']);
    expect([...held.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0)).toBeLessThan(800_000);
  });
});

describe('vendoredFiles', () => {
  it('reads every way to name another module', () => {
    expect(specifiers('import "./a.js";\nimport * as b from "./b.js";\nexport * from \'./c.js\';\nexport {\n  d,\n} from "./d.js";\ntype E = import("./e.js").E;\n')).toEqual(['./a.js', './b.js', './c.js', './d.js', './e.js']);
  });

  it('refuses a zod that needs another package', () => {
    const zod = join(work, 'zod');
    cpSync(VENDORED, zod, { recursive: true });
    writeFileSync(join(zod, 'v4/core/doc.js'), 'import { trim } from "lodash";\n');
    expect(() => vendoredFiles(zod)).toThrow(/^v4\/core\/doc.js of zod .* imports lodash, expected a file of its own/);
  });
});

describe('schemas of core among those of a plugin with a zod of its own', () => {
  const settings = z.strictObject({ every: durationSchema.default('5m').describe('How often.'), instruments: z.array(instrumentSchema).min(1), note: z.string().optional() });
  const instrument = { id: 'MES', type: 'future', currency: 'USD', tickSize: 0.25 };

  it('are made by the other copy', () => {
    expect(durationSchema.constructor).not.toBe(z.string().constructor);
  });

  it('fill in defaults and transform', () => {
    const parsed = settings.parse({ instruments: [{ ...instrument, expiry: '2026-12-18T14:30:00Z' }] });
    expect(parsed.every).toBe('5m');
    expect(parsed.instruments[0]).toMatchObject({ multiplier: 1, calendar: '24/7', expiry: Date.UTC(2026, 11, 18, 14, 30) });
  });

  it('give errors that name the place, what was found and what is known there', () => {
    const value = { every: 'soon', instruments: [{ ...instrument, tikSize: 1 }] };
    const result = settings.safeParse(value);
    const faults = schemaFaults('CFG_TYPE', 'data', result.error?.issues ?? [], value, settings);
    expect(faults.map(({ message, hint }) => `${message}: ${hint}`)).toEqual([
      'data.every was "soon", expected a span of time such as 30s, 5m, 1h or 4d: change every',
      'data.instruments.0.tikSize was found, expected a key of data.instruments.0: did you mean tickSize?',
    ]);
  });

  it('are described in the JSON schema, by core as by the zod of the plugin', () => {
    const described = jsonSchemaOf(settings);
    expect(described?.properties?.['every']).toMatchObject({ type: 'string', default: '5m', description: 'How often.' });
    expect(described?.properties?.['instruments']?.items?.properties?.['tickSize']).toEqual({ type: 'number', exclusiveMinimum: 0, description: 'Smallest price step.' });
    const own = /** @type {{ properties: Record<string, unknown> }} */ (z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' }));
    expect(own.properties['instruments']).toEqual(described?.properties?.['instruments']);
  });
});

describe('types of core beside the zod of a plugin', () => {
  const plugin = `import type { Bar } from '@keelson/core/domain';
import { durationSchema, instrumentSchema } from '@keelson/core/config';
import { z } from 'zod';

export type Shown = Bar;
export const settings = z.strictObject({ every: durationSchema.default('5m'), instruments: z.array(instrumentSchema).min(1), first: instrumentSchema.optional() });
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Settings = z.output<typeof settings>;
export const every: Same<Settings['every'], string> = true;
export const tickSize: Same<Settings['instruments'][number]['tickSize'], number> = true;
export const asked: Same<z.input<typeof settings>['every'], string | undefined> = true;
// @ts-expect-error a tick size is a number
export const wrong: Same<Settings['instruments'][number]['tickSize'], string> = true;
`;

  // the declarations of the libraries themselves are checked by the journey through the registry: it takes a while
  it('compose, and can be named in the declarations of the plugin', () => {
    const folder = write(join(work, 'plugin'), { 'package.json': '{ "name": "a-plugin", "version": "1.0.0", "type": "module" }', 'src/settings.ts': plugin, 'node_modules/@keelson/.keep': '' });
    symlinkSync(ZOD, join(folder, 'node_modules/zod'));
    symlinkSync(join(root, 'packages/core'), join(folder, 'node_modules/@keelson/core'));
    const program = ts.createProgram([join(folder, 'src/settings.ts')], { target: ts.ScriptTarget.ES2022, lib: ['lib.es2023.d.ts'], rootDir: folder, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, strict: true, skipLibCheck: true, types: [], declaration: true, emitDeclarationOnly: true, outDir: join(folder, 'dist') });
    let declarations = '';
    const { diagnostics } = program.emit(undefined, (_path, text) => (declarations += text));
    expect([...ts.getPreEmitDiagnostics(program), ...diagnostics].map(({ messageText, file }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)).toEqual([]);
    expect(declarations).toContain('every: import("@keelson/core/zod").ZodDefault<import("@keelson/core/zod").ZodString>');
  });
});
