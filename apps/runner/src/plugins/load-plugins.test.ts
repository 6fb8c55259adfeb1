import { afterAll, describe, expect, it } from 'vitest';
import { pluginFile, Workbench } from '../../test-kit/captured-io.js';
import { loadPlugins, pluginRequestsOf, SHIPPED_PLUGINS } from './load-plugins.js';
import { entryOfFolder, findPackage } from './resolve-package.js';

const bench = new Workbench();
afterAll(() => bench.remove());

async function load(...uses: readonly string[]): Promise<{ names: string[]; lines: string[] }> {
  const { plugins, faults } = await loadPlugins(pluginRequestsOf({ plugins: uses }), bench.folder);
  return { names: plugins.map(({ plugin }) => plugin.name).filter((name) => !name.startsWith('@keelson/')), lines: faults.map((fault) => fault.line.replaceAll(bench.folder, 'FOLDER')) };
}

describe('loadPlugins', () => {
  it('brings the shipped plugins without being asked, each once and with its settings when it is listed', async () => {
    const { plugins, faults } = await loadPlugins(pluginRequestsOf({ plugins: [{ use: '@keelson/plugin-strategies', config: { a: 1 } }] }), bench.folder);
    expect(faults).toEqual([]);
    expect(plugins.map(({ source }) => source)).toEqual(SHIPPED_PLUGINS);
    expect(plugins.find(({ source }) => source === '@keelson/plugin-strategies')?.config).toEqual({ a: 1 });
    // where the file names it, and nowhere for one that it does not name
    expect(plugins.map(({ path }) => path)).toEqual(SHIPPED_PLUGINS.map((use) => (use === '@keelson/plugin-strategies' ? 'plugins.0' : undefined)));
  });

  it('takes a file, a folder with package.json, a folder with index.js and a package beside the account', async () => {
    bench.write('one.mjs', pluginFile({ name: 'one' }));
    bench.write('two/package.json', JSON.stringify({ type: 'module', exports: { '.': { types: './x.d.ts', import: './lib/main.js' } } }));
    bench.write('two/lib/main.js', pluginFile({ name: 'two' }));
    bench.write('three/index.mjs', pluginFile({ name: 'three' }));
    bench.write('node_modules/@acme/four/package.json', JSON.stringify({ name: '@acme/four', type: 'module', main: './main.js' }));
    bench.write('node_modules/@acme/four/main.js', pluginFile({ name: 'four' }));
    expect(await load('./one.mjs', './two', './three', '@acme/four')).toEqual({ names: ['one', 'two', 'three', 'four'], lines: [] });
  });

  it('finds a package in a folder above the account', async () => {
    expect(findPackage('@acme/four', `${bench.folder}/deep/er`)).toBe(`${bench.folder}/node_modules/@acme/four`);
    expect(findPackage('../four', bench.folder)).toBeUndefined();
    expect(entryOfFolder(`${bench.folder}/node_modules/@acme/four`)).toBe(`${bench.folder}/node_modules/@acme/four/main.js`);
  });

  it('reports all that cannot be loaded in one pass', async () => {
    bench.write('node_modules/keelson-plugin-levels/package.json', '{}');
    bench.write('throws.mjs', "throw new Error('no way');");
    bench.write('needs.mjs', "import 'some-absent-package';");
    bench.write('nothing.mjs', 'export const x = 1;');
    bench.write('plain.mjs', 'export default { name: "x" };');
    bench.write('hollow/readme.txt', '');
    bench.write('unbuilt/package.json', '{ "exports": { ".": { "types": "./dist/index.d.ts", "default": "./dist/index.js" } } }');
    const { lines } = await load('keelson-plugin-levles', './noething.mjs', './throws.mjs', './needs.mjs', './nothing.mjs', './plain.mjs', './hollow', './plain.mjs', './unbuilt');
    expect(lines).toEqual([
      'CFG_CONFLICT: plugins.7 was ./plain.mjs for the second time, expected each plugin once: remove one of the entries',
      'PLG_MISSING: plugin keelson-plugin-levles is not installed, expected an installed package or a path that starts with a dot: did you mean keelson-plugin-levels? Or run "npm install keelson-plugin-levles" in FOLDER',
      'PLG_MISSING: plugin ./noething.mjs does not exist (looked for FOLDER/noething.mjs), expected a file or folder: did you mean ./nothing.mjs?',
      'PLG_MANIFEST: plugin ./throws.mjs threw while it was imported (no way), expected a module that only defines things: correct the plugin; --debug shows where it threw',
      expect.stringMatching(/^PLG_MANIFEST: plugin \.\/needs\.mjs threw while it was imported \(Cannot find package 'some-absent-package'.*: run "npm install" where the plugin lies, so that some-absent-package is found$/) as string,
      'PLG_MANIFEST: plugin ./nothing.mjs has no default export, expected "export default definePlugin({ ... })": export the result of definePlugin as default',
      'PLG_MANIFEST: plugin ./plain.mjs has a default export that definePlugin did not make, expected "export default definePlugin({ ... })": export the result of definePlugin as default',
      'PLG_MISSING: plugin ./hollow is a folder without an entry, expected package.json with "exports" or "main", or index.js: name the file itself',
      'PLG_MISSING: plugin ./unbuilt is a folder whose package.json names ./dist/index.js, which is not there, expected a package that is built: run "npm run build" in it',
    ]);
  });

  it('says to write ./ for a file that stands beside the account', async () => {
    bench.write('local.mjs', pluginFile({}));
    expect((await load('local.mjs')).lines[0]).toContain('for the file beside the account write ./local.mjs');
  });
});
