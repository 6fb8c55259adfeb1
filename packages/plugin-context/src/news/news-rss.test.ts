import { describe, expect, it } from 'vitest';
import { KeptLog, at, folder, newsFeed, never, readNews, withServer } from '../../testing/support.js';
import { feedDate } from './feed-date.js';
import { newsRss } from './news-rss.js';

const definition = newsRss((url, init) => fetch(url, init));

async function read(content: string | Uint8Array, log = new KeptLog()) {
  return readNews(newsFeed(definition, { path: 'f.xml' }, { baseDir: folder({ 'f.xml': content }), log }), '2000-01-01', '2100-01-01');
}

const rss = (items: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title><link>https://x.test</link><description>D</description>${items}</channel></rss>`;

describe('news-rss', () => {
  it('reads RSS 2.0', async () => {
    const events = await read(rss(`
      <item><title><![CDATA[Fed holds <b>rates</b> & waits]]></title><guid isPermaLink="false">n-1</guid><pubDate>Wed, 31 Jan 2024 14:00:00 EST</pubDate><category>FOMC</category><category domain="x">Rates</category></item>
      <item><description>No title &amp; no guid</description><link>https://x.test/2</link><pubDate>Tue, 30 Jan 24 09:05 +0100</pubDate></item>
      <item><title>1984</title><dc:date>2024-01-29T00:00:00Z</dc:date></item>`));
    expect(events).toEqual([
      { id: expect.stringMatching(/^[0-9a-f]{24}$/), time: at('2024-01-29T00:00:00Z'), title: '1984', keywords: [], knownAt: at('2024-01-29T00:00:00Z') },
      { id: 'https://x.test/2', time: at('2024-01-30T08:05:00Z'), title: 'No title & no guid', keywords: [], knownAt: at('2024-01-30T08:05:00Z') },
      { id: 'n-1', time: at('2024-01-31T19:00:00Z'), title: 'Fed holds rates & waits', keywords: ['FOMC', 'Rates'], knownAt: at('2024-01-31T19:00:00Z') },
    ]);
  });

  it('reads Atom', async () => {
    const events = await read(`<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>urn:f</id><updated>2024-01-31T19:00:00Z</updated>
      <entry><id>urn:1</id><title type="html">CPI &lt;i&gt;rises&lt;/i&gt;</title><published>2024-01-11T08:30:00.25-05:00</published><updated>2024-01-12T00:00:00Z</updated><category term="cpi" label="CPI"/><category term="US"/></entry>
      <entry><id>urn:2</id><title>Only updated</title><updated>2024-01-13T00:00:00Z</updated></entry></feed>`);
    expect(events).toMatchObject([
      { id: 'urn:1', time: at('2024-01-11T13:30:00.250Z'), title: 'CPI rises', keywords: ['CPI', 'US'] },
      { id: 'urn:2', time: at('2024-01-13T00:00:00Z'), title: 'Only updated' },
    ]);
  });

  it('reads RSS 1.0', async () => {
    const events = await read('<rdf:RDF xmlns:rdf="r" xmlns="http://purl.org/rss/1.0/" xmlns:dc="d"><channel/><item><title>Old form</title><link>l</link><dc:date>2024-01-11T00:00:00+00:00</dc:date></item></rdf:RDF>');
    expect(events).toMatchObject([{ id: 'l', title: 'Old form' }]);
  });

  it.each<[string, Uint8Array]>([
    ['ISO-8859-1 by its declaration', Buffer.from(rss('<item><title>Übernahme</title><pubDate>Wed, 31 Jan 2024 14:00:00 GMT</pubDate></item>').replace('UTF-8', 'ISO-8859-1'), 'latin1')],
    ['UTF-16 by its mark', Buffer.from(`\ufeff${rss('<item><title>Übernahme</title><pubDate>Wed, 31 Jan 2024 14:00:00 GMT</pubDate></item>').replace('UTF-8', 'UTF-16')}`, 'utf16le')],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${rss('<item><title>Übernahme</title><pubDate>Wed, 31 Jan 2024 14:00:00 GMT</pubDate></item>')}`)],
  ])('understands %s', async (_, bytes) => {
    expect(await read(bytes)).toMatchObject([{ title: 'Übernahme' }]);
  });

  it('leaves a broken item out, names it once, and keeps the rest', async () => {
    const log = new KeptLog();
    const feed = newsFeed(definition, { path: 'f.xml' }, { baseDir: folder({ 'f.xml': rss('<item><title>a</title></item><item><title>b</title><pubDate>yesterday</pubDate></item><item><pubDate>Wed, 31 Jan 2024 14:00:00 GMT</pubDate></item><item><title>good</title><pubDate>Wed, 31 Jan 2024 14:00:00 GMT</pubDate></item><item><title>good</title><guid>x</guid><pubDate>Wed, 31 Jan 2024 14:00:00 GMT</pubDate></item><item><title>twin</title><guid>x</guid><pubDate>Wed, 31 Jan 2024 14:00:00 GMT</pubDate></item>') }), log });
    for (let i = 0; i < 3; i++) expect((await readNews(feed, '2000-01-01', '2100-01-01')).map(({ title }) => title)).toEqual(['good', 'good']);
    expect(log.lines).toEqual([
      "news source 'x': item 1 ('a') has no date: left out",
      "news source 'x': item 2 ('b') has the date 'yesterday', expected one of RFC 822 or RFC 3339 with a zone: left out",
      "news source 'x': item 3 has no title: left out",
    ]);
  });

  it('shows no headline before it was published', async () => {
    const feed = newsFeed(definition, { path: 'f.xml' }, { baseDir: folder({ 'f.xml': rss('<item><title>a</title><pubDate>Wed, 31 Jan 2024 14:00:00 GMT</pubDate></item>') }) });
    expect(await readNews(feed, '2024-01-01', '2024-03-01', '2024-01-31T13:59:59Z')).toEqual([]);
    expect(await readNews(feed, '2024-01-01', '2024-03-01', '2024-01-31T14:00:00Z')).toHaveLength(1);
  });

  it.each([
    ['', 'is no XML'],
    ['<rss><channel><item>', 'is no XML'],
    ['<html><body/></html>', 'is XML with <html>, expected RSS or Atom'],
    ['{"a":1}', 'is no XML'],
  ])('refuses %j', async (text, said) => {
    await expect(read(text)).rejects.toThrow(said);
  });

  it('reads an address, only when it has changed, and knows nothing of the past', async () => {
    const item = '<item><title>Fed</title><pubDate>Wed, 31 Jan 2024 14:00:00 GMT</pubDate></item>';
    const statuses: number[] = [];
    await withServer(
      (request, response) => {
        const status = request.headers['if-none-match'] === 'v' ? 304 : 200;
        statuses.push(status);
        response.writeHead(status, { etag: 'v', 'content-type': 'application/rss+xml; charset=ISO-8859-1' }).end(status === 304 ? undefined : Buffer.from(rss(item.replace('Fed', 'Fêd')), 'latin1'));
      },
      async (url) => {
        const feed = newsFeed(definition, { url });
        expect(feed.capabilities).toEqual({ history: false, live: true });
        for (let i = 0; i < 2; i++) expect(await readNews(feed, '2024-01-01', '2024-03-01')).toMatchObject([{ title: 'Fêd' }]);
      },
    );
    expect(statuses).toEqual([200, 304]);
  });

  it.each([
    ['an error', 500, 'answered with status 500'],
    ['a refusal', 403, 'answered with status 403'],
  ])('fails for %s without showing the address', async (_, status, said) => {
    await withServer((_request, response) => response.writeHead(status).end(), async (address) => {
      const error = await newsFeed(definition, { url: `${address}/hush?k=hush` }).read({ time: at('2024-01-01'), from: at('2024-01-01'), to: at('2024-01-02') }, never).catch((thrown: Error) => thrown);
      expect((error as Error).message).toContain(said);
      expect((error as Error).message).not.toContain('hush');
    });
  });

  it.each([[{}, 'neither path nor url'], [{ path: 'a', url: 'https://x.test' }, 'url was given beside path'], [{ url: 'x' }, 'url was no address']])('refuses the settings %o', (params, said) => {
    expect(() => newsFeed(definition, params)).toThrow(said);
  });
});

describe('dates of feeds', () => {
  it.each([
    ['Wed, 31 Jan 2024 14:00:00 GMT', '2024-01-31T14:00:00Z'],
    ['31 January 2024 14:00 UT', '2024-01-31T14:00:00Z'],
    ['Wed, 31 Jan 2024 14:00:00 PDT', '2024-01-31T21:00:00Z'],
    ['Wed, 31 Jan 24 14:00:00 -0530', '2024-01-31T19:30:00Z'],
    ['Sun, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37Z'],
    ['2024-01-31T14:00:00.5+02:00', '2024-01-31T12:00:00.500Z'],
  ])('reads %s', (text, time) => {
    expect(feedDate(text)).toBe(at(time));
  });

  it.each(['', 'today', '31 Jan 2024', 'Wed, 32 Jan 2024 14:00:00 GMT', 'Wed, 31 Foo 2024 14:00:00 GMT', 'Wed, 31 Jan 2024 25:00:00 GMT', 'Wed, 31 Jan 2024 14:00:00 XYZ', '2024-01-31T14:00:00', '2024-01-31'])('refuses %j', (text) => {
    expect(feedDate(text)).toBeUndefined();
  });
});
