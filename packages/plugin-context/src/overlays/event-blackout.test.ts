import type { NewsEvent, Target } from '@keelson/core/domain';
import { toFraction, toMoney, toPrice } from '@keelson/core/domain';
import type { NewsView, OverlayVerdict } from '@keelson/core/ports';
import { BarRing } from '@keelson/core/series';
import { describe, expect, it } from 'vitest';
import { at, parse } from '../../testing/support.js';
import { eventBlackout } from './event-blackout.js';

const CPI: NewsEvent = { id: 'cpi', time: at('2024-01-11T13:30:00Z'), title: 'US CPI', keywords: ['CPI'], importance: 'high', source: 'calendar', knownAt: at('2024-01-01') };

/** A view that passes its filter on, for a look at it. */
function view(events: readonly NewsEvent[], unavailable?: string, filters: unknown[] = []): NewsView {
  return { sourceNames: ['calendar'], unavailable, between: (from, to, filter) => { filters.push(filter); return events.filter(({ time }) => time >= from && time <= to); } };
}

function review(time: string, news: NewsView, params: Record<string, unknown> = {}, quantity = 1, held = 0): OverlayVerdict {
  const overlay = eventBlackout.create({ params: parse(eventBlackout.params, params), instrument: {} as never, instruments: ['X'], use: () => { throw new Error('uses no feature'); }, context: () => { throw new Error('uses no context'); }, news });
  const target: Target = { instrument: 'X', quantity, confidence: toFraction(0.7), decisionPrice: toPrice(100), reason: '' };
  return overlay.review({ target, time: at(time), bars: new BarRing(1), position: { instrument: 'X', quantity: held, averagePrice: undefined, unrealizedPnl: toMoney(0), openedAt: undefined }, regime: { tradable: true, reason: '', labels: {} }, equity: toMoney(1e5), balance: toMoney(1e5), pointValue: toMoney(1), recentTrades: [], ownTrades: [], others: [] });
}

describe('event-blackout', () => {
  it.each([
    ['2024-01-11T12:59:59Z', 'pass'],
    ['2024-01-11T13:00:00Z', 'veto'],
    ['2024-01-11T13:30:00Z', 'veto'],
    ['2024-01-11T13:45:00Z', 'veto'],
    ['2024-01-11T13:45:01Z', 'pass'],
  ])('at %s: %s', (time, kind) => {
    expect(review(time, view([CPI])).kind).toBe(kind);
  });

  it('names the event', () => {
    expect(review('2024-01-11T13:10:00Z', view([CPI]))).toEqual({ kind: 'veto', reason: "'US CPI' of calendar at 2024-01-11T13:30:00Z, expected no event from 15 minutes ago to 30 minutes ahead" });
  });

  it('asks for the events that it is told of', () => {
    const filters: unknown[] = [];
    review('2024-01-11T13:10:00Z', view([], undefined, filters), { keywords: ['CPI'], minImportance: 'medium' });
    review('2024-01-11T13:10:00Z', view([], undefined, filters));
    expect(filters).toEqual([{ keywords: ['CPI'], minImportance: 'medium' }, {}]);
  });

  it('never stands in the way of leaving or reducing, but of growing and turning', () => {
    const kinds = ([[0, 3], [1, 3], [3, 3], [-2, -3], [4, 3], [1, -3], [-1, 3]] as const).map(([quantity, held]) => review('2024-01-11T13:30:00Z', view([CPI], 'down'), {}, quantity, held).kind);
    expect(kinds).toEqual(['pass', 'pass', 'pass', 'pass', 'veto', 'veto', 'veto']);
  });

  it('holds entries back without news, unless told to let them through', () => {
    expect(review('2024-01-11T10:00:00Z', view([], "news source 'calendar' has not answered yet"))).toEqual({ kind: 'veto', reason: "news source 'calendar' has not answered yet" });
    expect(review('2024-01-11T10:00:00Z', view([], 'down'), { whenUnavailable: 'allow' }).kind).toBe('pass');
    expect(review('2024-01-11T13:30:00Z', view([CPI], 'down'), { whenUnavailable: 'allow' })).toMatchObject({ kind: 'veto', reason: expect.stringContaining('US CPI') });
  });

  it('is refused in an account without news', () => {
    expect(() => review('2024-01-11T13:30:00Z', { ...view([]), sourceNames: [] })).toThrow('found no source of news');
  });

  it.each([{ minutesBefore: -1 }, { keywords: [] }, { importance: 'high' }, { whenUnavailable: 'wait' }])('refuses %o', (params) => {
    expect(() => review('2024-01-11T13:30:00Z', view([]), params)).toThrow();
  });
});
