// @ts-check
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Every file of an installed package, without those of packages inside it.
 * @param {string} folder
 */
export function filesIn(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => !name.split('/').includes('node_modules') && statSync(join(folder, name)).isFile());
}

/**
 * Source maps of an installed package that name a source which it does not hold.
 * @param {string} folder
 */
export function mapsWithoutSources(folder) {
  return filesIn(folder).filter((name) => {
    if (!name.endsWith('.map')) return false;
    const { sources } = /** @type {{ sources: string[] }} */ (JSON.parse(readFileSync(join(folder, name), 'utf8')));
    return !sources.every((source) => existsSync(join(folder, dirname(name), source)));
  });
}
