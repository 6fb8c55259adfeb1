import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** What each package exports, by the name it is imported with, as the source that it is built from: tests need no build. */
const sources = ['packages', 'apps'].flatMap((group) =>
  readdirSync(new URL(group, import.meta.url)).flatMap((folder) => {
    const home = new URL(`${group}/${folder}/`, import.meta.url);
    const manifest = JSON.parse(readFileSync(new URL('package.json', home), 'utf8')) as { name: string; exports: Record<string, string | { default: string }> };
    return Object.entries(manifest.exports).flatMap(([subpath, target]) => {
      const built = typeof target === 'string' ? undefined : /^\.\/dist\/(.*)\.js$/.exec(target.default)?.[1];
      return built === undefined ? [] : [{ find: new RegExp(`^${manifest.name}${subpath.slice(1)}$`), replacement: fileURLToPath(new URL(`src/${built}.ts`, home)) }];
    });
  }),
);

export default defineConfig({
  resolve: { alias: sources },
  test: {
    include: ['{packages,apps}/*/src/**/*.test.ts', '{examples,golden,docs,bench}/**/*.test.ts', 'scripts/*.test.mjs'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000, // folders of a journal that syncs are slow to remove on a busy disk
  },
});
