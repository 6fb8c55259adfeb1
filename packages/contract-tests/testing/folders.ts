import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Makes empty folders that go with the tests of the file. */
export function folders(): () => string {
  const root = mkdtempSync(join(tmpdir(), 'keelson-suite-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return () => mkdtempSync(join(root, 'at-'));
}
