// @ts-check
import { describe, expect, it } from 'vitest';
import { tarballFaults } from './check-packages.mjs';

const manifest = { exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } }, bin: { sample: './bin/sample.js' } };
const complete = ['package.json', 'README.md', 'LICENSE', 'dist/index.d.ts', 'dist/index.js', 'bin/sample.js'];

describe('tarballFaults', () => {
  it('finds none in a complete package', () => {
    expect(tarballFaults(complete, manifest)).toEqual([]);
  });

  it.each(complete)('misses %s', (file) => {
    expect(tarballFaults(complete.filter((name) => name !== file), manifest)).toEqual([expect.stringContaining(`${file} is`)]);
  });

  it.each(['src/index.test.ts', 'dist/index.test.js', 'dist/.tsbuildinfo', 'testing/make-bars.ts'])('refuses %s', (file) => {
    expect(tarballFaults([...complete, file], manifest)).toEqual([`${file} does not belong in the package`]);
  });
});
