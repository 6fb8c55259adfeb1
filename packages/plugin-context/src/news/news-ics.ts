import { durationSchema } from '@keelson/core/config';
import { parseDuration } from '@keelson/core/domain';
import { defineNewsFeed } from '@keelson/core/plugin';
import type { NewsFeed, NewsFeedDefinition, SourceEvent } from '@keelson/core/ports';
import { z } from 'zod';
import { decodeText } from '../sources/decode-text.js';
import { Document, documentParams } from '../sources/document.js';
import type { Fetch } from '../sources/http-source.js';
import { isZone } from '../sources/zoned-time.js';
import { CalendarFile } from './calendar-file.js';
import { known } from './known-events.js';
import { ReportOnce } from './report-once.js';

/** Expanded at once, so that a run does not count through a rule at every question. */
const AHEAD_MS = 90 * 86_400_000;

const params = z.strictObject({
  ...documentParams,
  zone: z.string().refine(isZone, { error: 'expected a zone of the IANA database, such as UTC or America/New_York' }).default('UTC').describe('Zone of whole days, and of times that name none.'),
  knownAhead: durationSchema.default('30d').describe('Events were known this long before their time.'),
});

type Expansion = { readonly calendar: CalendarFile; readonly from: number; readonly to: number; readonly events: readonly SourceEvent[] };

/**
 * `news-ics`: events of a calendar (RFC 5545), rules of repetition expanded. Categories become keywords; a priority of
 * 1 to 4 is high importance, 5 medium, 6 to 9 low. Events that are cancelled are left out. A whole day begins at
 * midnight in `zone`.
 */
export function newsIcs(fetch: Fetch): NewsFeedDefinition {
  return defineNewsFeed({
    params,
    create({ params: settings, baseDir, logger, name }): NewsFeed {
      const reports = new ReportOnce(logger, name);
      const aheadMs = parseDuration(settings.knownAhead) as number;
      const document = new Document(settings, baseDir, fetch, (bytes, contentType, file) => new CalendarFile(decodeText(bytes, contentType), file, settings.zone));
      let expansion: Expansion | undefined;
      return {
        capabilities: { history: document.history, live: true },
        files: document.files,
        async read(request, cancel) {
          const calendar = await document.read(cancel, () => false);
          if (expansion?.calendar !== calendar || request.from < expansion.from || request.to > expansion.to) {
            const to = request.to + AHEAD_MS;
            const { events, faults } = calendar.between(request.from, to, aheadMs);
            for (const fault of faults) reports.add(fault);
            expansion = { calendar, from: request.from, to, events };
          }
          return known(expansion.events, request);
        },
      };
    },
  });
}
