// @ts-check
/**
 * Holds what the linter cannot express: the direction of imports, who may cast to a brand, and a few
 * banned forms of syntax. `npm run lint` runs it after oxlint; `check-structure.test.mjs` shows that
 * each rule bites.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';

/** @typedef {{ path: string, line: number, rule: string, severity: 'error' | 'warning', message: string }} Finding */

/** What each folder of packages/core/src may import, besides itself. */
const LAYERS = ['domain', 'ports', 'series', 'portfolio', 'execution', 'pipeline', 'plugin', 'engine'];
/** @type {Readonly<Record<string, readonly string[]>>} */
const MAY_IMPORT = {
  errors: [],
  config: ['domain', 'errors'],
  ...Object.fromEntries(LAYERS.map((layer, index) => [layer, [...LAYERS.slice(0, index), 'config', 'errors']])),
};

const UNITS_FILE = 'packages/core/src/domain/units.ts';
const APPROVAL_FILE = 'packages/core/src/pipeline/approve-orders.ts';
/** The broker's suite drives a venue without a kernel; what it forges it does not export. */
const FORGERY_FILE = 'packages/contract-tests/src/suites/broker/forge-approval.ts';
const UNIT_BRANDS = new Set(['Price', 'Quantity', 'Money', 'Fraction', 'UtcMs']);
const APPROVAL_BRAND = 'RiskApproved';

/** Longest file by place, in lines; more is a warning: two ideas in one file. */
const LENGTHS = /** @type {const} */ ([
  [/^packages\/core\/src\/ports\//, 60],
  [/^packages\/core\/src\/pipeline\//, 120],
  [/./, 400],
]);

/** @param {string} path */
const isTest = (path) => /\.test(-d)?\.m?ts$/.test(path) || /^packages\/[^/]+\/testing\//.test(path);

/**
 * Checks one file by its text alone.
 * @param {string} path from the root, with forward slashes
 * @param {string} text
 * @param {ReadonlySet<string>} publicSubpaths what packages may import: `@keelson/core/domain`, …
 * @returns {Finding[]}
 */
export function checkFile(path, text, publicSubpaths) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const test = isTest(path);
  const inPackage = path.startsWith('packages/') && !test;
  /** @type {Finding[]} */
  const findings = [];
  /** @param {ts.Node} node @param {string} rule @param {string} message */
  const report = (node, rule, message) => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    findings.push({ path, line, rule, severity: 'error', message });
  };
  const imported = importedNames(source);

  /** @param {ts.Node} node */
  const visit = (node) => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) {
      const fault = importFault(path, specifier.text, test, publicSubpaths);
      if (fault !== undefined) report(specifier, fault.rule, fault.message);
    }
    if (ts.isEnumDeclaration(node)) report(node, 'no-enum', 'an enum; write a union of strings');
    if (ts.isExportDeclaration(node) && node.exportClause === undefined) report(node, 'no-export-star', 'export *; name what is exported');
    if (inPackage && isAmbientDate(node)) report(node, 'no-ambient-time', 'the machine clock; take the time from Clock');
    if (!test && (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node) || ts.isTypePredicateNode(node)) && node.type !== undefined) {
      for (const name of namesIn(node.type, imported)) {
        if (UNIT_BRANDS.has(name) && path !== UNITS_FILE) report(node, 'no-brand-cast', `a cast to ${name}; use to${name} of @keelson/core/domain`);
        if (name === APPROVAL_BRAND && path !== APPROVAL_FILE && path !== FORGERY_FILE) report(node, 'one-door', `a cast to ${name}; only ${APPROVAL_FILE} approves orders`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);

  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  const limit = LENGTHS.find(([place]) => place.test(path))?.[1] ?? 400;
  if (lines > (test ? 400 : limit)) {
    findings.push({ path, line: 1, rule: 'file-length', severity: 'warning', message: `${lines} lines, expected at most ${test ? 400 : limit}: split it by idea` });
  }
  return findings;
}

/**
 * The string after `from`, in `import()` or in `typeof import()`.
 * @param {ts.Node} node
 * @returns {ts.StringLiteralLike | undefined}
 */
function specifierOf(node) {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined && ts.isStringLiteralLike(node.moduleSpecifier)) return node.moduleSpecifier;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const first = node.arguments[0];
    return first !== undefined && ts.isStringLiteralLike(first) ? first : undefined;
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteralLike(node.argument.literal)) return node.argument.literal;
  return undefined;
}

/**
 * @param {string} path
 * @param {string} specifier
 * @param {boolean} test tests may reach across layers and to other packages, not out of their own by a path
 * @param {ReadonlySet<string>} publicSubpaths
 * @returns {{ rule: string, message: string } | undefined}
 */
function importFault(path, specifier, test, publicSubpaths) {
  const home = /^(packages|apps)\/[^/]+/.exec(path)?.[0];
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(path), specifier);
    if (home !== undefined && !target.startsWith(`${home}/`)) return { rule: 'package-boundary', message: `${specifier} leaves ${home}; import the package by name` };
    if (test) return undefined;
    if (isTest(target.replace(/\.js$/, '.ts'))) return { rule: 'no-test-import', message: `${specifier} is test code` };
    return layerFault(path, target, specifier);
  }
  if (specifier === 'zod' && home === 'packages/core' && !test) return { rule: 'own-zod', message: 'zod is no dependency of core; import the part that core holds: #zod' };
  if (!specifier.startsWith('@keelson/')) return undefined;
  if (home !== undefined && home.startsWith('packages/') && /^@keelson\/runner(\/|$)/.test(specifier)) {
    return { rule: 'package-boundary', message: `${specifier}: a package never imports an application` };
  }
  if (!publicSubpaths.has(specifier)) return { rule: 'public-subpath', message: `${specifier} is not a public subpath of its package` };
  if (test || home === undefined || home.startsWith('apps/')) return undefined;
  if (home === 'packages/core') return { rule: 'package-boundary', message: `${specifier}: core imports no other package of the project` };
  const other = /^@keelson\/(plugin-[^/]+)/.exec(specifier)?.[1];
  if (other !== undefined && home !== `packages/${other}` && home.startsWith('packages/plugin-')) {
    return { rule: 'package-boundary', message: `${specifier}: no plugin imports another` };
  }
  return undefined;
}

/**
 * @param {string} path
 * @param {string} target
 * @param {string} specifier
 */
function layerFault(path, target, specifier) {
  const from = coreFolder(path);
  const to = coreFolder(target);
  if (from === undefined || to === undefined || from === to || from === 'index') return undefined;
  const allowed = MAY_IMPORT[from];
  if (allowed === undefined) return { rule: 'import-direction', message: `packages/core/src/${from} has no place in the order of folders` };
  if (allowed.includes(to)) return undefined;
  return { rule: 'import-direction', message: `${from} imports ${to} (${specifier}); ${from} may import ${allowed.length === 0 ? 'nothing' : allowed.join(', ')}` };
}

/** @param {string} path */
const coreFolder = (path) => /^packages\/core\/src\/([^/.]+)/.exec(path)?.[1];

/**
 * `new Date()` and `Date()`, which read the machine's clock.
 * @param {ts.Node} node
 */
function isAmbientDate(node) {
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return false;
  const callee = node.expression;
  const date = (ts.isIdentifier(callee) && callee.text === 'Date') || (ts.isPropertyAccessExpression(callee) && callee.name.text === 'Date');
  return date && (ts.isCallExpression(node) || (node.arguments ?? []).length === 0);
}

/**
 * Local names to the names they were exported under, so that a renamed brand is still seen.
 * @param {ts.SourceFile} source
 */
function importedNames(source) {
  /** @type {Map<string, string>} */
  const names = new Map();
  for (const statement of source.statements) {
    const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    for (const element of bindings.elements) names.set(element.name.text, (element.propertyName ?? element.name).text);
  }
  return names;
}

/**
 * Every type name that stands in a type, by its exported name.
 * @param {ts.TypeNode} type
 * @param {ReadonlyMap<string, string>} imported
 * @returns {Set<string>}
 */
function namesIn(type, imported) {
  /** @type {Set<string>} */
  const names = new Set();
  /** @param {ts.Node} node */
  const visit = (node) => {
    const name = ts.isTypeReferenceNode(node) ? node.typeName : ts.isImportTypeNode(node) ? node.qualifier : undefined;
    if (name !== undefined) {
      const last = ts.isIdentifier(name) ? name.text : name.right.text;
      names.add(imported.get(last) ?? last);
    }
    ts.forEachChild(node, visit);
  };
  visit(type);
  return names;
}

/**
 * Every name that an import of one of our packages may use.
 * @param {string} root
 */
export function publicSubpathsOf(root) {
  /** @type {Set<string>} */
  const subpaths = new Set();
  for (const group of ['packages', 'apps']) {
    for (const folder of readdirSync(join(root, group), { withFileTypes: true })) {
      if (!folder.isDirectory()) continue;
      const manifest = JSON.parse(readFileSync(join(root, group, folder.name, 'package.json'), 'utf8'));
      for (const subpath of Object.keys(manifest.exports ?? {})) subpaths.add(posix.join(manifest.name, subpath));
    }
  }
  return subpaths;
}

/**
 * Checks every TypeScript file of the project.
 * @param {string} root
 */
export function checkTree(root) {
  const subpaths = publicSubpathsOf(root);
  return ['packages', 'apps', 'examples', 'golden', 'bench', 'docs']
    .flatMap((folder) => sourceFiles(join(root, folder)))
    .flatMap((file) => checkFile(relative(root, file).split(sep).join('/'), readFileSync(file, 'utf8'), subpaths));
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function sourceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'dist', 'vendor'].includes(entry.name) ? [] : sourceFiles(path);
    return /\.m?ts$/.test(entry.name) ? [path] : [];
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const findings = checkTree(dirname(dirname(fileURLToPath(import.meta.url))));
  for (const { path, line, severity, rule, message } of findings) console.log(`${path}:${line}: ${severity} ${rule}: ${message}`);
  const errors = findings.filter((finding) => finding.severity === 'error').length;
  console.log(`structure: ${errors} errors, ${findings.length - errors} warnings`);
  if (errors > 0) process.exitCode = 1;
}
