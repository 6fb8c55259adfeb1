import { isoTime, toUtcMs, type Importance } from '@keelson/core/domain';
import { DataError, messageOf } from '@keelson/core/errors';
import type { SourceEvent } from '@keelson/core/ports';
import ICAL from 'ical.js';
import { isZone, toUtc } from '../sources/zoned-time.js';
import { inOrder } from './known-events.js';

/** Steps through one rule of repetition at most: a rule by the second must not run away. */
const MOST_STEPS = 50_000;
/** Occurrences of one event that are given. */
const MOST_GIVEN = 1_000;
/** An occurrence may have been moved by about as much, and is looked for. */
const MOVED_MS = 31 * 86_400_000;

export type CalendarContent = { readonly events: readonly SourceEvent[]; readonly faults: readonly string[] };

/** The events of an iCalendar file (RFC 5545). */
export class CalendarFile {
  private readonly series: ReadonlyArray<InstanceType<typeof ICAL.Event>>;

  /** @throws DataError DATA_FORMAT when it is no calendar */
  constructor(
    text: string,
    name: string,
    /** Of whole days, and of times without a zone. */
    private readonly zone: string,
  ) {
    let calendars: ReadonlyArray<InstanceType<typeof ICAL.Component>>;
    try {
      const parsed = ICAL.parse(text) as unknown[];
      calendars = (Array.isArray(parsed[0]) ? (parsed as unknown[][]) : [parsed]).map((each) => new ICAL.Component(each as never));
    } catch (error) {
      throw new DataError('DATA_FORMAT', `${name} is no calendar (${messageOf(error)}), expected iCalendar`, { hint: 'export it as .ics' });
    }
    if (calendars.length === 0 || calendars.some((calendar) => calendar.name !== 'vcalendar')) throw new DataError('DATA_FORMAT', `${name} holds no VCALENDAR, expected iCalendar`, { hint: 'export it as .ics' });
    this.series = calendars.flatMap((calendar) => {
      if (String(calendar.getFirstPropertyValue('method') ?? '').toUpperCase() === 'CANCEL') return [];
      const parts = calendar.getAllSubcomponents('vevent');
      const ids = new Set(parts.filter((part) => !part.hasProperty('recurrence-id')).map((part) => String(part.getFirstPropertyValue('uid'))));
      // an exception without its series is an event of its own
      return parts.filter((part) => !part.hasProperty('recurrence-id') || !ids.has(String(part.getFirstPropertyValue('uid')))).map((part) => new ICAL.Event(part));
    });
  }

  /** Events in a span of time, and what was wrong with those that were left out. */
  between(from: number, to: number, knownAheadMs: number): CalendarContent {
    const events: SourceEvent[] = [];
    const faults: string[] = [];
    for (const event of this.series) {
      try {
        events.push(...this.occurrences(event, from, to, knownAheadMs, faults));
      } catch (error) {
        faults.push(`event ${nameOf(event)} cannot be used (${messageOf(error)}): left out`);
      }
    }
    return { events: inOrder(events), faults };
  }

  private occurrences(event: InstanceType<typeof ICAL.Event>, from: number, to: number, knownAheadMs: number, faults: string[]): SourceEvent[] {
    if (event.startDate === null) throw new TypeError('it has no DTSTART');
    if (!event.isRecurring()) {
      const one = this.eventOf(event, event.startDate, undefined, knownAheadMs);
      return one !== undefined && one.time >= from && one.time <= to ? [one] : [];
    }
    const found: SourceEvent[] = [];
    const steps = event.iterator();
    for (let step = 0; ; step++) {
      const next = steps.next();
      if (next === null || next === undefined) return found;
      if (this.utcOf(next, event) > to + MOVED_MS) return found;
      if (step >= MOST_STEPS || found.length >= MOST_GIVEN) {
        faults.push(`event ${nameOf(event)} repeats too often: left out from ${isoTime(toUtcMs(this.utcOf(next, event)))} on`);
        return found;
      }
      if (this.utcOf(next, event) < from - MOVED_MS) continue;
      const { item, startDate } = event.getOccurrenceDetails(next);
      const one = this.eventOf(item, startDate, next, knownAheadMs);
      if (one !== undefined && one.time >= from && one.time <= to) found.push(one);
    }
  }

  /** @returns undefined for one that was called off */
  private eventOf(event: InstanceType<typeof ICAL.Event>, start: InstanceType<typeof ICAL.Time>, occurrence: InstanceType<typeof ICAL.Time> | undefined, knownAheadMs: number): SourceEvent | undefined {
    const { component } = event;
    if (String(component.getFirstPropertyValue('status') ?? '').toUpperCase() === 'CANCELLED') return undefined;
    const title = (event.summary ?? '').trim();
    if (title === '') throw new TypeError('it has no SUMMARY');
    const time = toUtcMs(this.utcOf(start, event));
    const uid = event.uid ?? `${title} ${isoTime(time)}`;
    const importance = importanceOf(Number(component.getFirstPropertyValue('priority') ?? 0));
    return {
      id: occurrence === undefined ? uid : `${uid}/${occurrence.toICALString()}`,
      time,
      title,
      keywords: component.getAllProperties('categories').flatMap((property) => property.getValues().map(String)),
      ...(importance === undefined ? {} : { importance }),
      knownAt: toUtcMs(time - knownAheadMs),
    };
  }

  private utcOf(time: InstanceType<typeof ICAL.Time>, event: InstanceType<typeof ICAL.Event>): number {
    const zone = time.zone;
    if (!time.isDate && zone !== null && zone !== undefined && zone !== ICAL.Timezone.localTimezone) return time.toUnixTime() * 1000;
    const named = time.isDate ? undefined : (event.component.getFirstProperty('dtstart')?.getParameter('tzid') as string | undefined);
    if (named !== undefined && !isZone(named)) throw new TypeError(`its zone '${named}' is not defined in the file and not in the IANA database`);
    return toUtc(Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second), named ?? this.zone);
  }
}

function importanceOf(priority: number): Importance | undefined {
  if (!(priority >= 1 && priority <= 9)) return undefined;
  return priority <= 4 ? 'high' : priority === 5 ? 'medium' : 'low';
}

function nameOf(event: InstanceType<typeof ICAL.Event>): string {
  return `'${(event.summary ?? event.uid ?? 'without a name').slice(0, 60)}'`;
}
