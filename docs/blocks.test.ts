import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountSchema } from '@keelson/core/config';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT, blocksOf, fileOf, readPages, type Block } from './testing/pages.js';
import { commandFaults } from './testing/command-faults.js';
import { templateOf } from './testing/template-blocks.js';

const LANGUAGES = ['ts', 'yaml', 'sh', 'json', 'csv', 'text', 'md', 'mermaid'];
const blocks = readPages().flatMap(blocksOf);

/** What `keelson plugin new` writes, and pages do not repeat. */
const GIVEN = { 'src/version.ts': `export const VERSION = '0.0.0';` };

/** Type errors of blocks, `page:line: message`; each block is a module of its own, or the file of the page's package that it names. */
function typeErrors(snippets: readonly Block[]): string[] {
  const configPath = join(ROOT, 'tsconfig.check.json');
  const { config } = ts.readConfigFile(configPath, (path) => readFileSync(path, 'utf8')) as { config: { extends: string; compilerOptions: object } };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, ROOT, undefined, configPath);
  const folderOf = ({ page }: Block): string => `${ROOT}/docs/snippets/${page.replace(/\W+/g, '-')}`;
  const texts = new Map(snippets.map((block, index) => [`${folderOf(block)}/${fileOf(block) ?? `snippet-${index}.ts`}`, block]));
  const given = new Map<string, string>(snippets.flatMap((block) => Object.entries({ ...GIVEN, ...templateOf(block.text)?.files }).map(([path, text]) => [`${folderOf(block)}/${path}`, text] as const)));
  const textOf = (path: string): string | undefined => texts.get(path)?.text ?? given.get(path);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  delete host.directoryExists; // the folders are none
  host.fileExists = (path) => textOf(path) !== undefined || fileExists(path);
  host.readFile = (path) => textOf(path) ?? readFile(path);
  host.getSourceFile = (path, target, ...rest) => {
    const text = textOf(path);
    return text === undefined ? getSourceFile(path, target, ...rest) : ts.createSourceFile(path, `${text}\nexport {};\n`, target);
  };
  const program = ts.createProgram([...texts.keys()], { ...options, noEmit: true, noUnusedLocals: false, noUnusedParameters: false }, host);
  return [...texts].flatMap(([path, block]) => {
    const source = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(({ start, messageText }) => {
      const line = source === undefined || start === undefined ? 0 : source.getLineAndCharacterOfPosition(start).line;
      return `${block.page}:${block.line + line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  });
}

/** What is wrong with an account that stands in a page; variables without default get a value. */
function accountFaults(text: string): string[] {
  const filled = text.replace(/\$\{[A-Z0-9_]+(?::-([^}]*))?\}/g, (_match, value: string | undefined) => value ?? 'sample');
  const result = accountSchema.safeParse(parse(filled));
  return result.success ? [] : result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

const placeOf = (block: Block): string => `${block.page}:${block.line}`;

describe('code in the documentation', () => {
  it('names only languages that are checked, without exceptions', () => {
    expect(blocks.filter((block) => !LANGUAGES.includes(block.language)).map((block) => `${placeOf(block)}: "${block.language}"`)).toEqual([]);
  });

  it('type-checks every ts block against the packages', () => {
    expect(typeErrors(blocks.filter((block) => block.language === 'ts'))).toEqual([]);
  });

  it.each(blocks.filter((block) => block.language === 'yaml').map((block) => [placeOf(block), block] as const))('%s is YAML, and an account that validates if it is one', (_place, block) => {
    const document: unknown = parse(block.text.replace(/\$\{[^}]*\}/g, 'sample'));
    expect(document).toBeTypeOf('object');
    if (/^(#.*\n|\s*\n)*account:/.test(block.text)) expect(accountFaults(block.text)).toEqual([]);
  });

  it('is JSON where it says so', () => {
    for (const block of blocks.filter((candidate) => candidate.language === 'json')) expect(() => JSON.parse(block.text), placeOf(block)).not.toThrow();
  });

  it('calls keelson only with commands and options that exist', () => {
    expect(blocks.filter((block) => block.language === 'sh').flatMap((block) => commandFaults(block.text).map((fault) => `${placeOf(block)}: ${fault}`))).toEqual([]);
  });
});

describe('the checks themselves', () => {
  const block = (text: string): Block => ({ page: 'docs/x.md', line: 10, language: 'ts', text });

  it('report a type error by page and line', () => {
    expect(typeErrors([block(`import { toPrice } from '@keelson/core/domain';\n\nconst price: string = toPrice(1);`)])).toEqual([expect.stringMatching(/^docs\/x\.md:12: Type 'Price' is not assignable/)]);
  });

  it('report an import that does not exist', () => {
    expect(typeErrors([block(`import { nothing } from '@keelson/core/domain';`), block(`import '@keelson/core/pipeline';`)])).toHaveLength(2);
  });

  it('let a block be a file that others of its page import', () => {
    const [file, good, bad] = [`// src/a.ts\nexport const a = 1;`, `// src/b.ts\nimport { a } from './a.js';\nexport const b: number = a;`, `// src/c.ts\nimport { a } from './a.js';\nexport const c: string = a;`];
    expect(typeErrors([block(file), block(good), block(bad)])).toEqual([expect.stringMatching(/^docs\/x\.md:12: Type 'number' is not assignable/)]);
  });

  it('report an unknown key of an account', () => {
    expect(accountFaults('account: a\nnonsense: 1\n')).toContainEqual(expect.stringContaining('nonsense'));
  });

  it('report a command or an option that keelson does not have', () => {
    expect(commandFaults('npm ci\nnpx keelson backtest a.yaml --set x=1 --json | jq --raw .stats\nKEELSON_DATA_DIR=/x keelson validate a.yaml > out\n# keelson: a comment\nkeelson --version\nkeelson journal tail j.db -n 5 && keelson plugin new strategy x')).toEqual([]);
    expect(commandFaults('keelson backtset a.yaml\nkeelson plugin nwe strategy x\nkeelson backtest a.yaml \\\n  --nonsense\nkeelson init a && keelson run a/account.yaml --liev')).toEqual(['keelson backtset', 'keelson plugin nwe', 'keelson backtest --nonsense', 'keelson run --liev']);
  });
});
