import { defineNewsFeed } from '@keelson/core/plugin';
import type { NewsFeed, NewsFeedDefinition } from '@keelson/core/ports';
import { z } from 'zod';
import { decodeText } from '../sources/decode-text.js';
import { Document, documentParams } from '../sources/document.js';
import type { Fetch } from '../sources/http-source.js';
import { known } from './known-events.js';
import { readFeed } from './read-feed.js';
import { ReportOnce } from './report-once.js';

/**
 * `news-rss`: headlines from RSS 2.0, RSS 1.0 and Atom, known from their publication on. Categories become keywords.
 * A file of a feed can be used over history; an address has the present headlines only.
 */
export function newsRss(fetch: Fetch): NewsFeedDefinition {
  return defineNewsFeed({
    params: z.strictObject(documentParams),
    create({ params, baseDir, logger, name }): NewsFeed {
      const reports = new ReportOnce(logger, name);
      const document = new Document(params, baseDir, fetch, (bytes, contentType, file) => {
        const { events, faults } = readFeed(decodeText(bytes, contentType), file);
        for (const fault of faults) reports.add(`${fault}: left out`);
        return events;
      });
      return {
        capabilities: { history: document.history, live: true },
        files: document.files,
        read: async (request, cancel) => known(await document.read(cancel, () => false), request),
      };
    },
  });
}
