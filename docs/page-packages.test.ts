import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ROOT, blocksOf, fileOf, readPages, type Block } from './testing/pages.js';

const run = promisify(execFile);
const FOLDER = join(ROOT, '.tmp', 'page-packages');
const KEELSON = join(ROOT, 'apps/runner/bin/keelson.js');

/** Pages whose blocks make up a package with tests; what a template holds is tested with the templates. */
const packages = readPages()
  .map((page) => ({ page: page.path, blocks: blocksOf(page) }))
  .filter(({ blocks }) => blocks.some((block) => fileOf(block)?.endsWith('.test.ts') === true && !/^.*, as /.test(block.text)));

const shell = (blocks: readonly Block[]): readonly string[] => blocks.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.split('\n'));

/** Does what a page tells its reader to do, up to the build. @returns the folder of the package */
async function build(page: string, blocks: readonly Block[]): Promise<string> {
  const lines = shell(blocks);
  const [, kind, name = page.replace(/\W+/g, '-')] = lines.map((line) => /(?:keelson|@keelson\/runner) plugin new (\S+) (\S+)/.exec(line)).find((match) => match !== null) ?? [];
  const folder = join(FOLDER, name);
  rmSync(folder, { recursive: true, force: true });
  if (kind === undefined) write(folder, 'package.json', JSON.stringify({ name, version: '0.0.0', type: 'module', exports: './dist/index.js' }));
  else await run(process.execPath, [KEELSON, 'plugin', 'new', kind, name, '--dir', folder]);
  for (const line of lines) if (line.startsWith('rm ')) rmSync(join(folder, line.slice(3)));
  for (const block of blocks) {
    const file = fileOf(block);
    if (file !== undefined) write(folder, file, block.text);
  }
  for (const file of ts.sys.readDirectory(join(folder, 'src'), ['.ts'])) {
    const { outputText } = ts.transpileModule(ts.sys.readFile(file) ?? '', { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } });
    write(folder, file.slice(folder.length + 1).replace(/^src/, 'dist').replace(/\.ts$/, '.js'), outputText);
  }
  return folder;
}

function write(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

describe('packages that pages build up', () => {
  it('are there', () => {
    expect(packages.map(({ page }) => page)).toContain('docs/tutorial/first-plugin.md');
  });

  it.each(packages)('$page: keep their contracts, and run in the account of the page', async ({ page, blocks }) => {
    const folder = await build(page, blocks);
    const tests = blocks.map(fileOf).filter((file) => file?.endsWith('.test.ts') === true).map((file) => (file as string).replace(/^src/, 'dist').replace(/\.ts$/, '.js'));
    const { stdout } = await run(process.execPath, ['--test', '--test-reporter=tap', ...tests], { cwd: folder, maxBuffer: 1 << 26 }).catch((error: { stdout: string }) => error);
    expect(stdout.split('\n').filter((line) => /^\s*not ok /.test(line))).toEqual([]);
    expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(5);
    const account = blocks.find(({ language, text }) => language === 'yaml' && text.startsWith('account:') && text.includes(`../`));
    if (account === undefined) return;
    write(join(FOLDER, 'account'), 'account.yaml', account.text);
    const backtest = await run(process.execPath, [KEELSON, 'backtest', 'account.yaml', '--json'], { cwd: join(FOLDER, 'account'), maxBuffer: 1 << 26 });
    expect((JSON.parse(backtest.stdout) as { trades: readonly unknown[] }).trades.length).toBeGreaterThan(10);
  });
});
