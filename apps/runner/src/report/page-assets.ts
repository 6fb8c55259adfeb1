import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
// The page's own style and script ship as source: the path is the same from `src` and from `dist`.
const page = new URL('../../src/report/page/', import.meta.url);

/** Style and scripts that go into the page, as text. */
export type PageAssets = { readonly style: string; readonly chartLibrary: string; readonly script: string };

export function loadPageAssets(): PageAssets {
  const library = (file: string): string => readFileSync(require.resolve(`uplot/dist/${file}`), 'utf8');
  return {
    style: `${library('uPlot.min.css').trim()}\n${readFileSync(new URL('report.css', page), 'utf8')}`,
    // the notice names the project without an address: the page is to hold none
    chartLibrary: library('uPlot.iife.min.js').replace(/^\/\*!.*?\*\//s, '/*! uPlot, (c) Leon Sorokin, MIT licence */').trim(),
    script: readFileSync(new URL('report-client.js', page), 'utf8'),
  };
}

/** The source expression of a content security policy that lets exactly `text` run. */
export function cspHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
