import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the checkout. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A fenced block of code: its language as written after the fence, and where its first line stands. */
export type Block = { readonly page: string; readonly line: number; readonly language: string; readonly text: string };

/** A page of the documentation; `path` is relative to the root, with forward slashes. */
export type Page = { readonly path: string; readonly text: string };

const FOLDERS = ['docs', 'examples', 'golden', 'bench', 'packages', 'apps'];

/** Every Markdown page that people are meant to read; changelogs are made by a tool. */
export function readPages(): readonly Page[] {
  const files = [...readdirSync(ROOT).map((name) => join(ROOT, name)), ...FOLDERS.flatMap((folder) => filesOf(join(ROOT, folder)))];
  return files
    .filter((file) => file.endsWith('.md') && !file.endsWith('CHANGELOG.md'))
    .map((file) => ({ path: relative(ROOT, file).split(sep).join('/'), text: readFileSync(file, 'utf8') }));
}

/** Every file below a folder, without what is installed or built. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return [path];
    return entry.name === 'node_modules' || entry.name === 'dist' ? [] : filesOf(path);
  });
}

/** The fenced blocks of a page, in order. */
export function blocksOf({ path, text }: Page): readonly Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const open = /^(\s*)(`{3,})\s*(.*)$/.exec(lines[at] ?? '');
    if (open === null) continue;
    const [, indent = '', fence = '', language = ''] = open;
    const end = lines.findIndex((line, index) => index > at && line.trim() === fence);
    if (end < 0) throw new Error(`${path}:${at + 1}: a block that is never closed`);
    const body = lines.slice(at + 1, end).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
    blocks.push({ page: path, line: at + 2, language: language.trim(), text: body.join('\n') });
    at = end;
  }
  return blocks;
}

/** Where a block says that it belongs: the path after `//` in its first line, within a package that the page builds up. */
export function fileOf({ text }: Block): string | undefined {
  return /^\/\/ (src\/[\w./-]+\.ts)(?:, as .*)?$/.exec(text.split('\n', 1)[0] ?? '')?.[1];
}

/** A page without its code: what links are looked for in. */
export function proseOf({ text }: Page): string {
  return text.replace(/^(\s*)(`{3,})[^\n]*\n[\s\S]*?^\s*\2\s*$/gm, '').replace(/`[^`\n]*`/g, '``');
}

/** Anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(page: Page): ReadonlySet<string> {
  const anchors = new Set<string>();
  const seen = new Map<string, number>();
  const headings = page.text.replace(/^(\s*)(`{3,})[^\n]*\n[\s\S]*?^\s*\2\s*$/gm, '').matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm);
  for (const [, title = ''] of headings) {
    const slug = title.toLowerCase().replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    anchors.add(times === 0 ? slug : `${slug}-${times}`);
  }
  return anchors;
}
