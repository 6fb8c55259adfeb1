import { readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PLUGIN_API_VERSION } from '@keelson/core/plugin';
import { afterAll, describe, expect, it } from 'vitest';
import { GOOD_ACCOUNT, pluginFile, Workbench } from '../../test-kit/captured-io.js';

const bench = new Workbench();
afterAll(() => bench.remove());

const CONFIGURED = `import { z } from 'zod';
export default Object.freeze({
  [Symbol.for('keelson.plugin')]: true,
  name: 'keelson-plugin-levels', version: '2.1.0', api: '^1.0.0', provides: ['strategy'],
  config: z.strictObject({ path: z.string().describe('Where levels are kept.'), decay: z.number().min(0).max(1).default(0.9), apiKey: z.string(), note: z.string().optional() }),
  register({ add }) {
    add({ port: 'strategy' }, 'levels', { params: z.strictObject({ lookbackBars: z.int().min(1).default(20).describe('How far back.') }), create: () => ({ onBar() {} }) });
  },
});
`;

function install(name: string, manifest: object, module: string): void {
  bench.write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '2.1.0', type: 'module', exports: './index.js', ...manifest }));
  bench.write(`node_modules/${name}/index.js`, module);
}

bench.write('node_modules/.keep', '');
symlinkSync(dirname(createRequire(import.meta.url).resolve('zod/package.json')), join(bench.folder, 'node_modules/zod'));
install('keelson-plugin-levels', { peerDependencies: { '@keelson/core': '*' } }, CONFIGURED);
install('@acme/breakout', { keywords: ['keelson-plugin'] }, pluginFile({ name: '@acme/breakout', id: 'acme-breakout' }));
install('future', { keywords: ['keelson-plugin'] }, pluginFile({ name: 'future', api: '^99.0.0' }));
install('broken', { keywords: ['keelson-plugin'] }, "throw new Error('no way');");
install('helper-library', { peerDependencies: { '@keelson/core': '*' } }, 'export const x = 1;');
install('stranger', {}, "throw new Error('a package that says nothing of plugins was imported');");

type Listing = { name: string; from: string; version: string | null; api: string | null; compatible: boolean; reason: string | null; provides: Record<string, string[] | null> };

describe('keelson plugin list', () => {
  it('lists what comes with the command and what is installed here, with ports, ids and verdict', async () => {
    const run = await bench.keelson(['plugin', 'list', '--json']);
    expect(run).toMatchObject({ status: 0, err: '' });
    const { pluginApi, plugins } = JSON.parse(run.out) as { pluginApi: string; plugins: Listing[] };
    expect(pluginApi).toBe(PLUGIN_API_VERSION);
    expect(plugins[0]).toEqual({ name: '@keelson/plugin-simulated', from: 'runner', version: expect.any(String) as string, api: '^1.0.0', compatible: true, reason: null, provides: { broker: ['simulated'], 'data-feed': ['synthetic'] } });
    const here = plugins.filter(({ from }) => from === 'folder');
    expect(here).toEqual([
      { name: '@acme/breakout', from: 'folder', version: '1.0.0', api: '^1.0.0', compatible: true, reason: null, provides: { strategy: ['acme-breakout'] } },
      { name: 'broken', from: 'folder', version: '2.1.0', api: null, compatible: false, reason: expect.stringContaining('no way') as string, provides: {} },
      { name: 'future', from: 'folder', version: '1.0.0', api: '^99.0.0', compatible: false, reason: `future 1.0.0 works with plugin API ^99.0.0, found ${PLUGIN_API_VERSION}`, provides: { strategy: null } },
      { name: 'keelson-plugin-levels', from: 'folder', version: '2.1.0', api: '^1.0.0', compatible: true, reason: 'ids are known once it has settings', provides: { strategy: null } },
    ]);
  });

  it('says the same in words', async () => {
    const { out } = await bench.keelson(['plugin', 'list']);
    expect(out).toContain('\n@acme/breakout 1.0.0, plugin API ^1.0.0, compatible, installed here\n  strategy: acme-breakout\n');
    expect(out).toContain(`\nfuture 1.0.0, plugin API ^99.0.0, NOT COMPATIBLE, installed here\n  future 1.0.0 works with plugin API ^99.0.0, found ${PLUGIN_API_VERSION}\n`);
  });
});

describe('keelson plugin add', () => {
  const account = (): string => readFileSync(join(bench.folder, 'account.yaml'), 'utf8');

  it('writes the plugin with its defaults and what they mean, and shows how to use what it provides', async () => {
    bench.write('account.yaml', GOOD_ACCOUNT.replace('instruments:', 'plugins:\n  - "@acme/breakout" # mine\n\ninstruments:'));
    const run = await bench.keelson(['plugin', 'add', 'keelson-plugin-levels']);
    expect(run).toMatchObject({ status: 0, err: '' });
    expect(account()).toContain(
      [
        '  - "@acme/breakout" # mine',
        '  - use: keelson-plugin-levels',
        '    config:',
        '      path: # required: text. Where levels are kept.',
        '      decay: 0.9 # a number from 0 to 1',
        '      apiKey: ${API_KEY} # required: text',
        '      # note: # text',
        '',
        'instruments:',
      ].join('\n'),
    );
    expect(run.out).toContain('Fill in path of its config before it runs.');
  });

  it('leaves an account that is valid, and shows the settings of each component', async () => {
    bench.write('account.yaml', GOOD_ACCOUNT);
    const run = await bench.keelson(['plugin', 'add', '@acme/breakout']);
    expect(run.out).toContain('@acme/breakout 1.0.0 was added to plugins: in account.yaml\n\nTo use its strategy acme-breakout:\n\n  strategies:\n    - use: acme-breakout\n');
    expect((await bench.keelson(['validate', 'account.yaml'])).status).toBe(0);
    expect((await bench.keelson(['validate', 'account.yaml', '--set', 'strategies.0={ use: acme-breakout }'])).status).toBe(0);
  });

  it('writes a file with the path that the account needs', async () => {
    bench.write('accounts/one.yaml', GOOD_ACCOUNT);
    bench.write('mine.mjs', pluginFile({ name: 'mine' }));
    expect((await bench.keelson(['plugin', 'add', './mine.mjs', '--account', 'accounts/one.yaml'])).status).toBe(0);
    expect(readFileSync(join(bench.folder, 'accounts/one.yaml'), 'utf8')).toContain('plugins:\n  - ../mine.mjs\n');
    expect((await bench.keelson(['validate', 'accounts/one.yaml'])).status).toBe(0);
  });

  it.each<[string, readonly string[], RegExp]>([
    ['what is not installed', ['keelson-plugin-levles'], /^PLG_MISSING: plugin keelson-plugin-levles is not installed, .*did you mean keelson-plugin-levels\? Or run "npm install keelson-plugin-levles" in /],
    ['what is no plugin', ['helper-library'], /^PLG_MANIFEST: plugin helper-library has no default export, /],
    ['a plugin for another API', ['future'], /^PLG_API: future cannot be used: future 1\.0\.0 works with plugin API \^99\.0\.0, found 1\.\d+\.\d+: install a version of it for plugin API /],
    ['what comes with the command', ['@keelson/plugin-basics'], /^CFG_CONFLICT: @keelson\/plugin-basics comes with keelson, /],
    ['an account that is not there', ['@acme/breakout', '--account', 'none.yaml'], /^CFG_FILE: none.yaml does not exist, /],
    ['a plugin that is listed already', ['@acme/breakout'], /^CFG_CONFLICT: account.yaml lists @acme\/breakout already, /],
  ])('refuses %s, and changes nothing', async (_, words, line) => {
    const before = GOOD_ACCOUNT.replace('instruments:', 'plugins: ["@acme/breakout"]\ninstruments:');
    bench.write('account.yaml', before);
    const run = await bench.keelson(['plugin', 'add', ...words]);
    expect(run.err).toMatch(line);
    expect(run).toMatchObject({ status: 2, out: '' });
    expect(account()).toBe(before);
  });

  it('names its commands when none is given', async () => {
    expect((await bench.keelson(['plugin'])).err).toMatch(/^CFG_USAGE: no command was named after plugin, expected .*list/);
  });
});
