import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type DefaultTheme } from 'vitepress';

const REPOSITORY = 'https://github.com/keelson/keelson';
const docs = fileURLToPath(new URL('..', import.meta.url));

/** The sidebar is what docs/README.md lists: a page has one place, and it is written down once. */
function sidebar(): DefaultTheme.SidebarItem[] {
  const groups: DefaultTheme.SidebarItem[] = [];
  for (const line of readFileSync(`${docs}/README.md`, 'utf8').split('\n')) {
    const heading = /^## (.+)$/.exec(line)?.[1];
    if (heading !== undefined) groups.push({ text: heading, items: [] });
    for (const [, text = '', target = ''] of line.startsWith('- ') ? line.matchAll(/\[([^\]]+)\]\(([^)\s#]+\.md)\)/g) : []) {
      if (!target.startsWith('..')) groups.at(-1)?.items?.push({ text, link: `/${target.replace(/README\.md$/, '').replace(/\.md$/, '')}` });
    }
  }
  const api = apiPages();
  return api.length === 0 ? groups : [...groups, { text: 'API', collapsed: true, items: api }];
}

/** Pages that typedoc wrote beside the others, of core and of the contract suites; absent where the site is served without them. */
function apiPages(): DefaultTheme.SidebarItem[] {
  return ['api', 'api/contract-tests'].flatMap((folder) => {
    if (!existsSync(`${docs}/${folder}`)) return [];
    const modules = readdirSync(`${docs}/${folder}`).filter((file) => file.endsWith('.md') && file !== 'README.md');
    return [{ text: folder === 'api' ? 'All modules' : 'Contract tests', link: `/${folder}/` }, ...modules.map((file) => ({ text: file.replace(/\.md$/, ''), link: `/${folder}/${file.replace(/\.md$/, '')}` }))];
  });
}

export default defineConfig({
  title: 'Keelson',
  description: 'A plugin-based trading framework for Node.js: one kernel for backtest, paper and live.',
  cleanUrls: true,
  lastUpdated: false,
  vite: { build: { chunkSizeWarningLimit: 3_000 } }, // the index of the search is one file
  rewrites: (page) => page.replace(/(^|\/)README\.md$/, '$1index.md'),
  markdown: {
    html: false, // what looks like a tag is a type parameter
    config(markdown) {
      // marks of the tests that write parts of pages
      markdown.core.ruler.push('comments', ({ tokens }) => {
        for (let at = tokens.length - 3; at >= 0; at--) {
          if (tokens[at]?.type === 'paragraph_open' && /^<!--.*-->$/s.test(tokens[at + 1]?.content ?? '')) tokens.splice(at, 3);
        }
      });
      const { link_open: open } = markdown.renderer.rules;
      // files of the repository that are no pages are shown where the repository lies
      markdown.renderer.rules.link_open = (tokens, index, options, env: { relativePath?: string }, self) => {
        const token = tokens[index];
        const href = token?.attrGet('href');
        if (token !== undefined && href != null && href.startsWith('..')) {
          const path = posix.join('docs', posix.dirname(env.relativePath ?? ''), href);
          if (!path.startsWith('docs/')) token.attrSet('href', `${REPOSITORY}/blob/main/${path}`);
        }
        return open === undefined ? self.renderToken(tokens, index, options) : open(tokens, index, options, env, self);
      };
    },
  },
  themeConfig: {
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: 'local' },
    nav: [
      { text: 'Tutorial', link: '/tutorial/first-backtest' },
      { text: 'Concepts', link: '/concepts/laws' },
      { text: 'Account file', link: '/reference/account' },
      { text: 'Command', link: '/reference/command' },
    ],
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
  },
});
