import type { Session, SessionCalendar } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import type { Regime } from '@keelson/core/ports';
import { BarRing, allocateBars } from '@keelson/core/series';
import { describe, expect, it } from 'vitest';
import { noContext } from '@keelson/test-kit/context';
import { instrumentWith, parse } from '@keelson/test-kit/features';
import { sessionRegime } from './session-regime.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** Sessions of ten hours from midnight on, every day. */
const session = (day: number): Session => ({ date: `day ${day}`, open: toUtcMs(day * 24 * HOUR), close: toUtcMs(day * 24 * HOUR + 10 * HOUR) });
const calendar: SessionCalendar = {
  id: 'test',
  timeZone: 'UTC',
  sessionsPerYear: 365,
  sessionAt: (time) => (time % (24 * HOUR) < 10 * HOUR ? session(Math.floor(time / (24 * HOUR))) : undefined),
  nextSession: (time) => session(Math.ceil(time / (24 * HOUR))),
  previousSession: (time) => session(Math.floor((time - 10 * HOUR) / (24 * HOUR))),
};

/** Classifies bars of `lengthMs` that close at the given times, with one classifier. */
function classify(params: Record<string, unknown>, closes: readonly number[], lengthMs = MINUTE): Regime[] {
  const classifier = sessionRegime.create({
    params: parse(sessionRegime.params, params),
    instrument: instrumentWith(0.01),
    calendar,
    use: () => {
      throw new Error('uses no feature');
    },
    context: noContext,
  });
  const ring = new BarRing(4);
  const row = allocateBars(1);
  return closes.map((close) => {
    row.time[0] = close - lengthMs;
    ring.push(row, 0);
    return classifier.classify(ring, toUtcMs(close));
  });
}

const at = (hours: number, minutes = 0): number => 24 * HOUR + hours * HOUR + minutes * MINUTE;

describe('session', () => {
  it('names the part of the session, and closed outside', () => {
    const closes = [at(0, 1), at(0, 14), at(0, 15), at(5), at(9, 44), at(9, 45), at(9, 59), at(10), at(15), at(23, 59), at(24), at(24, 15)];
    expect(classify({}, closes).map(({ labels }) => labels['session'])).toEqual([
      'opening', 'opening', 'open', 'open', 'open', 'closing', 'closing', 'closed', 'closed', 'closed', 'opening', 'open',
    ]);
  });

  it('is tradable in a session and not outside, with a reason', () => {
    const [open, closed] = classify({}, [at(5), at(12)]);
    expect([open?.tradable, open?.reason, closed?.tradable, closed?.reason]).toEqual([true, '', false, 'outside of sessions']);
  });

  it('stops entries some minutes before the close', () => {
    const regimes = classify({ noEntriesBeforeCloseMinutes: 30 }, [at(9, 29), at(9, 30), at(9, 50)]);
    expect(regimes.map(({ tradable, labels }) => [tradable, labels['session']])).toEqual([
      [true, 'open'],
      [false, 'open'],
      [false, 'closing'],
    ]);
    expect(regimes[1]?.reason).toBe("less than 30 minutes to the session's close");
  });

  it('returns the same object while nothing changes', () => {
    const regimes = classify({ noEntriesBeforeCloseMinutes: 5 }, Array.from({ length: 3 * 24 * 60 }, (_, i) => at(0, i)));
    let changes = 0;
    for (let i = 1; i < regimes.length; i++) if (regimes[i] !== regimes[i - 1]) changes++;
    // opening, open, closing, closing without entries, closed: four changes in each of three days, two between them
    expect(changes).toBe(3 * 4 + 2);
    expect(new Set(regimes).size).toBe(5);
  });

  it('answers for itself when time goes back', () => {
    expect(classify({}, [at(12), at(5), at(0, 1)]).map(({ labels }) => labels['session'])).toEqual(['closed', 'open', 'opening']);
  });

  it('is open for a bar that spans a session', () => {
    const [daily] = classify({ noEntriesBeforeCloseMinutes: 30 }, [at(10)], 10 * HOUR);
    expect([daily?.tradable, daily?.labels['session']]).toEqual([true, 'open']);
    const [hourly] = classify({}, [at(10)], HOUR);
    expect(hourly?.tradable).toBe(false);
  });

  it('calls a session that is too short for its parts closing', () => {
    expect(classify({ openingMinutes: 600, closingMinutes: 600 }, [at(5)])[0]?.labels['session']).toBe('closing');
  });
});
