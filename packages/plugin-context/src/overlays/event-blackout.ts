import { isoTime, toUtcMs } from '@keelson/core/domain';
import { ConfigError } from '@keelson/core/errors';
import { defineRiskOverlay } from '@keelson/core/plugin';
import type { OverlayVerdict } from '@keelson/core/ports';
import { z } from 'zod';

const PASS: OverlayVerdict = Object.freeze({ kind: 'pass' });
const MINUTE_MS = 60_000;

const params = z.strictObject({
  keywords: z.array(z.string().trim().min(1)).min(1).optional().describe('Events of any of these; without it, of every kind.'),
  minImportance: z.enum(['low', 'medium', 'high']).optional().describe('Events at least this important. One whose source does not say counts as important.'),
  minutesBefore: z.number().min(0).default(30).describe('No entries from this long before an event …'),
  minutesAfter: z.number().min(0).default(15).describe('… to this long after it.'),
  whenUnavailable: z.enum(['allow', 'veto']).default('veto').describe('What happens to entries while a source has not answered yet, or for longer than its staleAfter.'),
});

/**
 * `event-blackout`: no entries around events of `news:`. Both ends of the span are inside. What does not grow a
 * position passes always: exits are never held back.
 */
export const eventBlackout = defineRiskOverlay({
  params,
  create({ params: { keywords, minImportance, minutesBefore, minutesAfter, whenUnavailable }, news }) {
    if (news.sourceNames.length === 0) throw new ConfigError('CFG_REFERENCE', 'event-blackout found no source of news, expected one under news.sources', { hint: 'add a source, such as a calendar with use: news-ics' });
    const filter = { ...(keywords === undefined ? {} : { keywords }), ...(minImportance === undefined ? {} : { minImportance }) };
    return {
      review({ target, position, time }) {
        const sameSide = Math.sign(target.quantity) === Math.sign(position.quantity);
        if (target.quantity === 0 || (sameSide && Math.abs(target.quantity) <= Math.abs(position.quantity))) return PASS;
        const [event] = news.between(toUtcMs(time - minutesAfter * MINUTE_MS), toUtcMs(time + minutesBefore * MINUTE_MS), filter);
        if (event !== undefined) return { kind: 'veto', reason: `'${event.title}' of ${event.source} at ${isoTime(event.time)}, expected no event from ${minutesAfter} minutes ago to ${minutesBefore} minutes ahead` };
        const { unavailable } = news;
        return unavailable !== undefined && whenUnavailable === 'veto' ? { kind: 'veto', reason: unavailable } : PASS;
      },
    };
  },
});
