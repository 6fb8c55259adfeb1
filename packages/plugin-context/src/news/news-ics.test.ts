import { describe, expect, it } from 'vitest';
import { KeptLog, at, folder, newsFeed, readNews, withServer } from '../../testing/support.js';
import { newsIcs } from './news-ics.js';

const definition = newsIcs((url, init) => fetch(url, init));

const NEW_YORK = `BEGIN:VTIMEZONE
TZID:Own/Eastern
BEGIN:DAYLIGHT
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
END:STANDARD
END:VTIMEZONE`;

const calendar = (...events: string[]): string => `BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n${NEW_YORK}\n${events.map((event) => `BEGIN:VEVENT\nDTSTAMP:20240101T000000Z\n${event.trim()}\nEND:VEVENT`).join('\n')}\nEND:VCALENDAR\n`.replaceAll('\n', '\r\n');

async function read(text: string, from: string, to: string, params: Record<string, unknown> = {}, log = new KeptLog()) {
  return readNews(newsFeed(definition, { path: 'c.ics', ...params }, { baseDir: folder({ 'c.ics': text }), log }), from, to);
}

describe('news-ics', () => {
  it('reads one event with all that it says', async () => {
    const text = calendar('UID:cpi\nDTSTART:20240111T133000Z\nSUMMARY:US CPI\\, core\n  and headline\nCATEGORIES:CPI,Inflation\nCATEGORIES:US\nPRIORITY:1');
    expect(await read(text, '2024-01-01', '2024-02-01', { knownAhead: '10d' })).toEqual([
      { id: 'cpi', time: at('2024-01-11T13:30:00Z'), title: 'US CPI, core and headline', keywords: ['CPI', 'Inflation', 'US'], importance: 'high', knownAt: at('2024-01-01T13:30:00Z') },
    ]);
  });

  it.each([
    ['a zone of the file', 'DTSTART;TZID=Own/Eastern:20240711T083000', '2024-07-11T12:30:00Z'],
    ['that zone in winter', 'DTSTART;TZID=Own/Eastern:20240111T083000', '2024-01-11T13:30:00Z'],
    ['a zone of the database', 'DTSTART;TZID=Europe/Berlin:20240711T083000', '2024-07-11T06:30:00Z'],
    ['no zone', 'DTSTART:20240711T083000', '2024-07-11T12:30:00Z'],
    ['a whole day', 'DTSTART;VALUE=DATE:20240711', '2024-07-11T04:00:00Z'],
  ])('understands %s', async (_, start, time) => {
    const events = await read(calendar(`UID:a\n${start}\nSUMMARY:x`), '2024-01-01', '2025-01-01', { zone: 'America/New_York' });
    expect(events.map((event) => event.time)).toEqual([at(time)]);
  });

  it('expands rules over the change of clocks, without what is excluded, moved or called off', async () => {
    const text = calendar(
      'UID:fomc\nDTSTART;TZID=Own/Eastern:20240306T140000\nRRULE:FREQ=WEEKLY;COUNT=6\nEXDATE;TZID=Own/Eastern:20240320T140000\nRDATE;TZID=Own/Eastern:20240501T140000\nSUMMARY:FOMC',
      'UID:fomc\nRECURRENCE-ID;TZID=Own/Eastern:20240327T140000\nDTSTART;TZID=Own/Eastern:20240328T150000\nSUMMARY:FOMC moved',
      'UID:fomc\nRECURRENCE-ID;TZID=Own/Eastern:20240403T140000\nDTSTART;TZID=Own/Eastern:20240403T140000\nSTATUS:CANCELLED\nSUMMARY:FOMC',
    );
    const events = await read(text, '2024-01-01', '2024-06-01');
    expect(events.map(({ time, title }) => [new Date(time).toISOString(), title])).toEqual([
      ['2024-03-06T19:00:00.000Z', 'FOMC'],
      ['2024-03-13T18:00:00.000Z', 'FOMC'],
      ['2024-03-28T19:00:00.000Z', 'FOMC moved'],
      ['2024-04-10T18:00:00.000Z', 'FOMC'],
      ['2024-05-01T18:00:00.000Z', 'FOMC'],
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(5);
  });

  it('expands a rule in a zone of the database by its local time', async () => {
    const events = await read(calendar('UID:a\nDTSTART;TZID=America/New_York:20240308T083000\nRRULE:FREQ=DAILY;COUNT=4\nSUMMARY:x'), '2024-03-01', '2024-04-01');
    expect(events.map(({ time }) => new Date(time).toISOString().slice(5, 16))).toEqual(['03-08T13:30', '03-09T13:30', '03-10T12:30', '03-11T12:30']);
  });

  it('leaves out what is cancelled', async () => {
    expect(await read(calendar('UID:a\nDTSTART:20240111T133000Z\nSTATUS:CANCELLED\nSUMMARY:x'), '2024-01-01', '2025-01-01')).toEqual([]);
  });

  it('gives the same events for windows that move as for one that does not, and finds them far into a rule', async () => {
    const text = calendar('UID:a\nDTSTART:20100101T120000Z\nRRULE:FREQ=DAILY\nSUMMARY:x');
    const feed = newsFeed(definition, { path: 'c.ics' }, { baseDir: folder({ 'c.ics': text }) });
    const moving = new Set<number>();
    for (let day = 0; day < 300; day += 7) for (const { time } of await readNews(feed, new Date(at('2023-01-01') + day * 86_400_000).toISOString(), new Date(at('2023-01-08') + day * 86_400_000).toISOString())) moving.add(time);
    const whole = (await read(text, '2023-01-01', '2023-10-29')).map(({ time }) => Number(time));
    expect([...moving].toSorted((a, b) => a - b)).toEqual(whole);
    expect(whole.length).toBe(301);
  });

  it('bounds a rule that repeats too often, and says so', async () => {
    const log = new KeptLog();
    const events = await read(calendar('UID:a\nDTSTART:20240101T000000Z\nRRULE:FREQ=SECONDLY\nSUMMARY:tick'), '2024-01-01', '2024-02-01', {}, log);
    expect(events.length).toBe(1000);
    expect(log.lines).toEqual(["news source 'x': event 'tick' repeats too often: left out from 2024-01-01T00:16:40Z on"]);
  });

  it('leaves a broken event out, names it, and keeps the rest', async () => {
    const log = new KeptLog();
    const events = await read(calendar('UID:a\nSUMMARY:no start', 'UID:b\nDTSTART:20240111T133000Z', 'UID:c\nDTSTART;TZID=Mars/Olympus:20240111T133000\nSUMMARY:far', 'UID:d\nDTSTART:20240111T133000Z\nSUMMARY:good'), '2024-01-01', '2025-01-01', {}, log);
    expect(events.map(({ id }) => id)).toEqual(['d']);
    expect(log.lines).toEqual([
      "news source 'x': event 'no start' cannot be used (it has no DTSTART): left out",
      "news source 'x': event 'b' cannot be used (it has no SUMMARY): left out",
      "news source 'x': event 'far' cannot be used (its zone 'Mars/Olympus' is not defined in the file and not in the IANA database): left out",
    ]);
  });

  it.each(['', 'hello', 'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:x\r\nEND:VCARD\r\n', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n'])('refuses %j', async (text) => {
    await expect(read(text, '2024-01-01', '2025-01-01')).rejects.toThrow(/expected iCalendar/);
  });

  it('knows an event from a set time before it, and not earlier', async () => {
    const feed = newsFeed(definition, { path: 'c.ics', knownAhead: '2d' }, { baseDir: folder({ 'c.ics': calendar('UID:a\nDTSTART:20240111T133000Z\nSUMMARY:x') }) });
    expect(await readNews(feed, '2024-01-01', '2024-02-01', '2024-01-09T13:29:00Z')).toEqual([]);
    expect(await readNews(feed, '2024-01-01', '2024-02-01', '2024-01-09T13:30:00Z')).toHaveLength(1);
  });

  it('reads an address', async () => {
    await withServer((_, response) => response.writeHead(200, { 'content-type': 'text/calendar' }).end(calendar('UID:a\nDTSTART:20240111T133000Z\nSUMMARY:x')), async (url) => {
      expect(await readNews(newsFeed(definition, { url }), '2024-01-01', '2024-02-01')).toHaveLength(1);
    });
  });

  it.each([{ path: 'a', zone: 'Mars/Olympus' }, { path: 'a', knownAhead: 'early' }])('refuses the settings %o', (params) => {
    expect(() => newsFeed(definition, params)).toThrow();
  });
});
