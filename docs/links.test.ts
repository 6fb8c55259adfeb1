import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, anchorsOf, proseOf, readPages, type Page } from './testing/pages.js';

const pages = readPages();

/** Links of a page that lead nowhere. */
function brokenLinks(page: Page, all: readonly Page[], exists: (path: string) => boolean): string[] {
  const targets = [...proseOf(page).matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => {
    if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return false;
    const [file = '', anchor] = target.split('#');
    const path = file === '' ? page.path : posix.normalize(posix.join(posix.dirname(page.path), decodeURI(file)));
    if (path.startsWith('..') || !exists(path)) return true;
    if (anchor === undefined) return false;
    const goal = all.find((candidate) => candidate.path === path);
    return goal !== undefined && !anchorsOf(goal).has(anchor);
  });
}

describe('links of the documentation', () => {
  it.each(pages.map((page) => [page.path, page] as const))('%s has no broken link', (_path, page) => {
    expect(brokenLinks(page, pages, (path) => existsSync(`${ROOT}/${path}`))).toEqual([]);
  });

  it('sees a missing file, a missing heading and a path out of the project', () => {
    const page = { path: 'docs/a.md', text: '# One two\n[a](./b.md) [b](#one-two) [c](#three) [d](../../x.md) [e](https://example.org) `[f](./g.md)`\n```md\n[h](./i.md)\n```\n' };
    expect(brokenLinks(page, [page], (path) => path === 'docs/a.md')).toEqual(['./b.md', '#three', '../../x.md']);
  });

  it('reaches every page of the docs from the index', () => {
    const reached = new Set<string>();
    const visit = (path: string): void => {
      const page = pages.find((candidate) => candidate.path === path);
      if (page === undefined || reached.has(path)) return;
      reached.add(path);
      for (const [, target = ''] of proseOf(page).matchAll(/\]\(([^)\s#]+)/g)) visit(posix.normalize(posix.join(posix.dirname(path), target)));
    };
    visit('docs/README.md');
    expect(pages.map((page) => page.path).filter((path) => path.startsWith('docs/') && !reached.has(path))).toEqual([]);
  });
});
