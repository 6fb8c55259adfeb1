import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { GOOD_ACCOUNT, Workbench } from '../../test-kit/captured-io.js';
import { PLUGIN_KINDS } from '../scaffold/plugin-kinds.js';

const root = dirname(dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url))))));
const bench = new Workbench();
afterAll(() => bench.remove());

const KINDS = Object.keys(PLUGIN_KINDS);
const folderOf = (kind: string): string => join(bench.folder, `keelson-plugin-my-${kind}`);
const read = (kind: string, file: string): string => readFileSync(join(folderOf(kind), file), 'utf8');
const node = (...args: readonly string[]): { status: number | null; output: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: bench.folder, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
};

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder, name)).isFile()).sort();
}

describe('keelson plugin new', () => {
  beforeAll(async () => {
    symlinkSync(join(root, 'node_modules'), join(bench.folder, 'node_modules'));
    for (const kind of KINDS) expect(await bench.keelson(['plugin', 'new', kind, `keelson-plugin-my-${kind}`])).toMatchObject({ status: 0, err: '' });
  });

  it('makes packages of all kinds that build, lint and pass their tests without an edit', () => {
    expect(KINDS).toHaveLength(8);
    const built = node(join(root, 'node_modules/typescript/bin/tsc'), '-b', ...KINDS.map((kind) => folderOf(kind)));
    expect(built).toEqual({ status: 0, output: '' });
    for (const kind of KINDS) {
      const linted = spawnSync(process.execPath, [join(root, 'node_modules/oxlint/bin/oxlint'), '--deny-warnings'], { cwd: folderOf(kind), encoding: 'utf8' });
      expect({ kind, status: linted.status, output: linted.stdout }).toEqual({ kind, status: 0, output: expect.stringContaining('Found 0 warnings and 0 errors') as string });
    }
    const tests = KINDS.flatMap((kind) => filesOf(join(folderOf(kind), 'dist')).filter((file) => file.endsWith('.test.js')).map((file) => join(folderOf(kind), 'dist', file)));
    expect(tests).toHaveLength(2 * KINDS.length);
    const { status, output } = node('--test', ...tests);
    expect(output).toMatch(/# fail 0\n/);
    expect(output).toMatch(/# skipped 0\n/); // what is skipped is not known
    expect(status, output).toBe(0);
    // the commands above are those of the package
    expect((JSON.parse(read('strategy', 'package.json')) as { scripts: object }).scripts).toMatchObject({ build: 'tsc -p .', lint: 'oxlint --deny-warnings', test: 'npm run build && node --test dist/*.test.js' });
  }, 180_000);

  it('leaves nothing to fill in, and nothing of the template behind', () => {
    for (const kind of KINDS) {
      const files = filesOf(folderOf(kind)).filter((file) => !file.startsWith('dist'));
      expect(files).toEqual(expect.arrayContaining(['.changeset/config.json', '.changeset/first-release.md', '.github/workflows/ci.yml', '.github/workflows/release.yml', '.gitignore', 'LICENSE', 'README.md', 'package.json', 'src/contract.test.ts', 'src/index.ts', 'tsconfig.json']));
      for (const file of files) expect(read(kind, file), `${kind}/${file}`).not.toMatch(/__[A-Z]+__|TODO/);
      for (const file of files) expect(file).not.toMatch(/dot_|template|_test/);
    }
  });

  it('asks for the versions that this repository is tested with', () => {
    const own = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { devDependencies: Record<string, string> }).devDependencies;
    const { dependencies, devDependencies } = JSON.parse(read('strategy', 'package.json')) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
    const third = Object.entries({ ...dependencies, ...devDependencies }).filter(([name]) => !name.startsWith('@keelson/'));
    expect(third.length).toBeGreaterThan(3);
    for (const [name, version] of third) expect(`${name}@${version}`).toBe(`${name}@${own[name]}`);
  });

  it('pins every action of its workflows to a commit, with the version beside it', () => {
    for (const file of ['ci.yml', 'release.yml']) {
      const text = read('strategy', `.github/workflows/${file}`);
      expect(parse(text)).toHaveProperty('jobs');
      const uses = [...text.matchAll(/uses: (.*)/g)].map((match) => match[1]);
      expect(uses.length).toBeGreaterThan(1);
      for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it('makes plugins that an account can name and run', async () => {
    bench.write('account.yaml', GOOD_ACCOUNT);
    const added = await bench.keelson(['plugin', 'add', './keelson-plugin-my-broker']);
    expect(added).toMatchObject({ status: 0, err: '' });
    const run = await bench.keelson(['backtest', 'account.yaml', '--json', '--set', 'broker={ use: my-broker, config: { perContract: 0.5 } }']);
    expect(run).toMatchObject({ status: 0, err: '' });
    const { trades, warnings } = JSON.parse(run.out) as { trades: Array<{ commission: number; quantity: number }>; warnings: string[] };
    expect(trades.length).toBeGreaterThan(10);
    for (const { commission, quantity } of trades) expect(commission).toBeCloseTo(quantity, 9);
    expect(warnings.join()).toContain('my-broker is a venue in memory');
  });

  it('are tested by keelson plugin test: by the contract of every plugin where a package has no tests of its own', async () => {
    const manifest = JSON.parse(read('strategy', 'package.json')) as { scripts: Record<string, string>; name: string; version: string };
    const { test: _, ...scripts } = manifest.scripts;
    bench.write('keelson-plugin-my-strategy/package.json', JSON.stringify({ ...manifest, scripts }));
    const sound = await bench.keelson(['plugin', 'test', 'keelson-plugin-my-strategy']);
    expect(sound).toMatchObject({ status: 0, err: '' });
    expect(sound.out).toMatch(/^passed  PLG-010 /m);
    expect(sound.out).toMatch(/^strategy my-strategy\npassed  STR-010 /m);
    expect(sound.out).toMatch(/^\d+ passed, 0 failed, \d+ skipped$/m);
    bench.write('keelson-plugin-my-strategy/package.json', JSON.stringify({ ...manifest, scripts, version: '9.9.9' }));
    const stale = await bench.keelson(['plugin', 'test', 'keelson-plugin-my-strategy']);
    expect(stale.status).toBe(1);
    expect(stale.out).toMatch(/^failed  PLG-020 .*9\.9\.9/m);
    const broker = JSON.parse(read('broker', 'package.json')) as object;
    bench.write('keelson-plugin-my-broker/package.json', JSON.stringify({ ...broker, scripts: {} }));
    expect((await bench.keelson(['plugin', 'test', 'keelson-plugin-my-broker'])).out).toMatch(/^not run: broker my-broker: its suite needs a session /m);
    expect((await bench.keelson(['plugin', 'test', 'nowhere'])).err).toMatch(/^CFG_USAGE: nowhere has no package.json that can be read/);
  });

  it('takes a scope, names its folder after the package, and its component without keelson-plugin', async () => {
    const run = await bench.keelson(['plugin', 'new', 'feature', '@me/keelson-plugin-levels']);
    expect(run).toMatchObject({ status: 0, err: '' });
    expect(run.out).toContain('Written to keelson-plugin-levels: a package @me/keelson-plugin-levels with the feature levels\n');
    expect(JSON.parse(readFileSync(join(bench.folder, 'keelson-plugin-levels/package.json'), 'utf8'))).toMatchObject({ name: '@me/keelson-plugin-levels' });
    expect((await bench.keelson(['plugin', 'new', 'feature', 'other', '--dir', 'deep/er'])).status).toBe(0);
    expect(existsSync(join(bench.folder, 'deep/er/src/index.ts'))).toBe(true);
  });

  it.each<[string, readonly string[], RegExp]>([
    ['a kind that is misspelt', ['stratgey', 'x'], /^CFG_USAGE: the kind was "stratgey", expected one of strategy, .*: did you mean strategy\?\n$/],
    ['a kind that is none', ['teapot', 'x'], /^CFG_USAGE: the kind was "teapot", expected one of .*: name one of these\n$/],
    ['a kind in another spelling', ['dataFeed', 'x'], /: did you mean data-feed\?\n$/],
    ['capital letters', ['strategy', 'MyLevels'], /^CFG_USAGE: the name was "MyLevels", which npm does not allow, .*: try mylevels\n$/],
    ['a path', ['strategy', '../levels'], /which npm does not allow/],
    ['a scope without a name', ['strategy', '@me/'], /which npm does not allow, .*: try keelson-plugin-NAME\n$/],
    ['a scope that is not ours to give', ['strategy', '@keelson/levels'], /scope of Keelson's own packages, .*: try keelson-plugin-levels\n$/],
    ['a module of Node', ['strategy', 'path'], /^CFG_USAGE: the name was "path", which is the name of something else, .*: try keelson-plugin-path\n$/],
    ['a name that is too long', ['strategy', 'x'.repeat(215)], /which is 215 characters long, expected at most 214/],
    ['a folder that is there', ['strategy', 'keelson-plugin-my-strategy'], /^CFG_USAGE: keelson-plugin-my-strategy is there already, expected nothing in the way: /],
    ['a folder that cannot be made', ['strategy', 'x', '--dir', 'account.yaml/x'], /^CFG_USAGE: account.yaml\/x cannot be written /],
  ])('refuses %s with one line and status 2, and writes nothing', async (_, words, line) => {
    bench.write('account.yaml', GOOD_ACCOUNT);
    const before = readdirSync(bench.folder);
    const run = await bench.keelson(['plugin', 'new', ...words]);
    expect(run.err).toMatch(line);
    expect(run).toMatchObject({ status: 2, out: '' });
    expect(readdirSync(bench.folder)).toEqual(before);
  });
});
