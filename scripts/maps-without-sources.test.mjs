import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mapsWithoutSources } from './maps-without-sources.mjs';

it('names maps whose sources are not in the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keelson-maps-'));
  try {
    for (const name of ['dist', 'src', 'node_modules/other']) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'src/kept.ts'), '');
    writeFileSync(join(folder, 'dist/kept.js.map'), JSON.stringify({ sources: ['../src/kept.ts'] }));
    writeFileSync(join(folder, 'dist/lost.js.map'), JSON.stringify({ sources: ['../src/lost.ts'] }));
    writeFileSync(join(folder, 'node_modules/other/alien.js.map'), JSON.stringify({ sources: ['alien.ts'] }));
    expect(mapsWithoutSources(folder)).toEqual([join('dist', 'lost.js.map')]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
