import { readFileSync } from 'node:fs';
import { describe, it, mock } from 'node:test';
import { declareSuite, notifierSuite, pluginSuite, type NotifierOutside } from '@keelson/contract-tests';
import plugin, { notifier } from './index.js';

const packageJson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as object;

declareSuite(pluginSuite, { describe, it }, { plugin, packageJson, main: new URL('./index.js', import.meta.url) }, { of: '__PACKAGE__' });

/** A webhook in memory, in the place of the network, and a time limit that a card lets pass. */
function webhook(): NotifierOutside {
  const texts: string[] = [];
  const limit = new AbortController();
  let state: 'well' | 'failing' | 'silent' = 'well';
  mock.method(AbortSignal, 'timeout', () => limit.signal);
  mock.method(globalThis, 'fetch', async (_address: string, { body, signal }: { readonly body: string; readonly signal: AbortSignal }) => {
    if (state === 'failing') return new Response(null, { status: 500 });
    if (state === 'silent') await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    texts.push(body);
    return new Response(null, { status: 204 });
  });
  return {
    arrived: () => texts,
    fail: () => void (state = 'failing'),
    heal: () => void (state = 'well'),
    hang: () => void (state = 'silent'),
    letTimePass: () => limit.abort(new DOMException('no answer', 'TimeoutError')),
  };
}

declareSuite(notifierSuite, { describe, it }, { definition: notifier, params: { webhookUrl: 'https://example.com/my-secret', minSeverity: 'info' }, outside: webhook, secrets: ['my-secret'] }, { of: '__ID__' });
