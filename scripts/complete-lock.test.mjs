// @ts-check
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { missingEntries, platformOf } from './complete-lock.mjs';

describe('the lock file', () => {
  const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));

  it('holds every optional package that it names, so that npm ci accepts it on any platform', () => {
    expect(Object.keys(missingEntries(lock.packages))).toEqual([]);
  });

  it('names no registry', () => {
    expect(Object.entries(lock.packages).filter(([, entry]) => /^[a-z+]+:/.test(entry.resolved ?? '')).map(([place]) => place)).toEqual([]);
  });
});

describe('missingEntries', () => {
  it('adds what no folder on the way out holds, for its platform only', () => {
    const entries = {
      'node_modules/tool': { version: '1.0.0', dev: true, optionalDependencies: { '@tool/binding-linux-x64-gnu': '1.0.0', '@tool/binding-darwin-arm64': '1.0.0' } },
      'node_modules/@tool/binding-linux-x64-gnu': { version: '1.0.0' },
      'node_modules/tool/node_modules/inner': { version: '2.0.0', optionalDependencies: { '@tool/binding-linux-x64-gnu': '1.0.0' } },
    };
    expect(missingEntries(entries)).toEqual({ 'node_modules/@tool/binding-darwin-arm64': { version: '1.0.0', os: ['darwin'], cpu: ['arm64'], dev: true, optional: true } });
  });
});

describe('platformOf', () => {
  it.each([
    ['@turbo/darwin-64', { os: ['darwin'], cpu: ['x64'] }],
    ['@turbo/windows-arm64', { os: ['win32'], cpu: ['arm64'] }],
    ['@oxlint/binding-linux-arm-musleabihf', { os: ['linux'], cpu: ['arm'] }],
    ['@oxlint/binding-linux-x64-musl', { os: ['linux'], cpu: ['x64'], libc: ['musl'] }],
    ['@duckdb/node-bindings-win32-x64', { os: ['win32'], cpu: ['x64'] }],
  ])('reads %s', (name, platform) => {
    expect(platformOf(name)).toEqual(platform);
  });

  it('refuses a name without a platform', () => {
    expect(() => platformOf('some-tool')).toThrow('some-tool was found');
  });
});
