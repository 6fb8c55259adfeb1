// @ts-check
import { expect, it } from 'vitest';
import { pluginVersions } from './stamp-versions.mjs';

it.each(pluginVersions())('$name states its package version in its manifest', ({ found, expected }) => {
  expect(found).toBe(expected);
});
