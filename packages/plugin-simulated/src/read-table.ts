import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError, messageOf } from '@keelson/core/errors';

/**
 * Rows of a small CSV file with a header line; only the named columns, as text.
 * @param path relative to `baseDir`
 * @throws ConfigError CFG_FILE when the file cannot be read, CFG_TYPE when a column is absent or there is no row
 */
export function readTable(path: string, baseDir: string, columns: readonly string[]): readonly (readonly string[])[] {
  const file = resolve(baseDir, path);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError('CFG_FILE', `${path} cannot be read (${messageOf(cause)}), expected a CSV file`, { hint: `give a path relative to ${baseDir}`, cause });
  }
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const header = (lines[0] ?? '').split(',').map((name) => name.trim().toLowerCase());
  const at = columns.map((name) => {
    const index = header.indexOf(name);
    if (index < 0) throw new ConfigError('CFG_TYPE', `${path} has the columns ${header.join(', ')}, expected ${columns.join(', ')}`, { hint: 'name them in its first line' });
    return index;
  });
  if (lines.length < 2) throw new ConfigError('CFG_TYPE', `${path} has no row, expected at least one`, { hint: 'add a row below the header' });
  return lines.slice(1).map((line) => {
    const cells = line.split(',');
    return at.map((index) => (cells[index] ?? '').trim());
  });
}
