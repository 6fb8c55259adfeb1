import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { at, contextFeed, never, withServer } from '../../testing/support.js';
import { httpJson } from './http-json.js';

const definition = httpJson((url, init) => fetch(url, init));
const NOW = at('2024-01-02T12:00:00Z');

/** Asks a server of this machine once. */
function ask(listener: RequestListener, params: Record<string, unknown>, cancel = never) {
  return withServer(listener, (address) => contextFeed(definition, { value: 'value', ...params, url: `${address}${String(params['url'] ?? '/key-in-path?apikey=hush')}` }, { now: () => NOW }).read({ time: NOW }, cancel));
}

const answer = (body: string, status = 200, headers: Record<string, string> = {}): RequestListener => (_, response) => response.writeHead(status, headers).end(body);

describe('http-json', () => {
  it.each([
    ['{"value": 52.3}', {}, { value: 52.3, time: NOW }],
    ['{"value": "52.3"}', {}, { value: 52.3, time: NOW }],
    ['{"data":[{"a/b":1,"t":1704196800}]}', { value: '/data/0/a~1b', time: 'data.0.t' }, { value: 1, time: at('2024-01-02T12:00:00Z') }],
    ['{"value":1,"at":"2024-01-02T11:00:00+02:00"}', { time: 'at' }, { value: 1, time: at('2024-01-02T09:00:00Z') }],
  ])('finds the number in %s', async (body, params, point) => {
    expect(await ask(answer(body), params)).toEqual(point);
  });

  it.each<[string, RequestListener, Record<string, unknown>, RegExp]>([
    ['a status of 500', answer('oops', 500), {}, /127\.0\.0\.1:\d+ answered with status 500, expected a document$/],
    ['no JSON', answer('<html>hush</html>'), {}, /answered with text that is no JSON/],
    ['JSON that is cut off', answer('{"value": 1'), {}, /no JSON/],
    ['text instead of a number', answer('{"value":"n/a"}'), {}, /has text at 'value', expected a number/],
    ['a mapping instead of a number', answer('{"value":{}}'), {}, /has a mapping at 'value'/],
    ['nothing there', answer('{}'), {}, /has nothing at 'value'/],
    ['null', answer('{"value":null}'), {}, /has null at 'value'/],
    ['a time without a zone', answer('{"value":1,"at":"2024-01-02 10:00"}'), { time: 'at' }, /has text at 'at', expected a time such as/],
    ['an endless redirect', (_, response) => response.writeHead(302, { location: '/again' }).end(), {}, /redirected more than 5 times/],
    ['an answer that breaks off', (_, response) => { response.writeHead(200, { 'content-length': '100' }); response.write('{"value":'); response.destroy(); }, {}, /broke off its answer|could not be reached/],
  ])('fails for %s and shows neither path nor key', async (_, listener, params, said) => {
    const error = await ask(listener, params).catch((thrown: Error) => thrown);
    expect((error as Error).message).toMatch(said);
    expect(JSON.stringify([(error as Error).message, error])).not.toMatch(/hush|key-in-path/);
  });

  it('fails when nobody listens', async () => {
    const address = await withServer(answer(''), async (each) => each);
    await expect(contextFeed(definition, { url: `${address}/?apikey=hush`, value: 'v' }).read({ time: NOW }, never)).rejects.toThrow(/^127\.0\.0\.1:\d+ could not be reached \(ECONNREFUSED\), expected a document$/);
  });

  it('gives up a server that does not answer when it is told to', async () => {
    const cancel = new AbortController();
    await expect(ask(() => cancel.abort(), {}, cancel.signal)).rejects.toThrow('could not be reached (it took too long)');
  });

  it('gives a stale value with its own time, so that it expires', async () => {
    expect(await ask(answer('{"value":1,"at":"2020-01-01T00:00:00Z"}'), { time: 'at' })).toEqual({ value: 1, time: at('2020-01-01T00:00:00Z') });
  });

  it('asks whether it has changed, and takes 304 for the same', async () => {
    const seen: Array<string | undefined> = [];
    await withServer(
      (request, response) => {
        seen.push(request.headers['if-none-match']);
        if (request.headers['if-none-match'] === '"v1"') response.writeHead(304).end();
        else response.writeHead(200, { etag: '"v1"' }).end('{"value":7}');
      },
      async (address) => {
        const feed = contextFeed(definition, { url: address, value: 'value' }, { now: () => NOW });
        expect(await feed.read({ time: NOW }, never)).toEqual({ value: 7, time: NOW });
        expect(await feed.read({ time: NOW }, never)).toEqual({ value: 7, time: NOW });
      },
    );
    expect(seen).toEqual([undefined, '"v1"']);
  });

  it('sends its headers to the address, and not to another place that it redirects to', async () => {
    const seen: Array<string | undefined> = [];
    await withServer(
      (request, response) => { seen.push(request.headers['x-api-key'] as string | undefined); response.end('{"value":1}'); },
      (other) => withServer(
        (request, response) => { seen.push(request.headers['x-api-key'] as string | undefined); response.writeHead(301, { location: `${other}/moved` }).end(); },
        (address) => contextFeed(definition, { url: address, value: 'value', headers: { 'X-API-Key': 'hush' } }).read({ time: NOW }, never),
      ),
    );
    expect(seen).toEqual(['hush', undefined]);
  });

  it('asks about the past only where address and answer know times', async () => {
    const history = (params: Record<string, unknown>) => contextFeed(definition, { url: 'https://x.test/{timeS}', value: 'v', ...params }).capabilities.history;
    expect([history({ time: 't' }), history({}), history({ time: 't', url: 'https://x.test/now' })]).toEqual([true, false, false]);
    const seen: Array<string | undefined> = [];
    await ask((request, response) => { seen.push(request.url); response.end('{"value":1}'); }, { url: '/?a={time}&b={timeMs}&c={timeS}' });
    expect(seen).toEqual([`/?a=2024-01-02T12%3A00%3A00Z&b=${NOW}&c=${NOW / 1000}`]);
  });

  it.each([
    ['not an address', 'url was no address'],
    ['ftp://x.test/hush', 'url was an address of ftp'],
    ['https://me:hush@x.test/', 'url was an address with a name or password'],
  ])('refuses the address %s without showing it', (url, said) => {
    const make = (): unknown => contextFeed(definition, { url, value: 'v' });
    expect(make).toThrow(said);
    expect(make).not.toThrow(/hush/);
  });
});
