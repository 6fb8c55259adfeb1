import type { TriggerSettings } from '../config/context-schema.js';
import type { NewsEvent } from '../domain/news.js';
import { toUtcMs, type UtcMs } from '../domain/units.js';
import type { NewsBoard } from './news-board.js';

/** An event that became known is news when it happened within this time … */
const RECENT_MS = 3_600_000;
/** … or will within this. */
const SOON_MS = 86_400_000;

/** Events because of which one advisor is to be asked out of turn. */
export class NewsTriggers {
  private readonly leadMs: number | undefined;
  /** An event that became known since it was asked last. */
  private arrived: NewsEvent | undefined;
  /** Leads that begin up to here were acted on, or had begun before anybody looked. */
  private seenUpTo = Number.NaN;
  /** When the next lead begins. */
  private next = Number.POSITIVE_INFINITY;

  constructor(
    private readonly settings: TriggerSettings,
    private readonly board: NewsBoard,
  ) {
    this.leadMs = settings.minutesBefore === undefined ? undefined : settings.minutesBefore * 60_000;
  }

  /** An event became known or changed. */
  hear(event: NewsEvent, now: UtcMs): void {
    if (!this.board.passes(event, { keywords: this.settings.news })) return;
    if (event.time >= now - RECENT_MS && event.time <= now + SOON_MS) this.arrived = event;
    if (Number.isNaN(this.seenUpTo)) this.seenUpTo = now;
    this.plan();
  }

  /** The event to ask about now, if there is one; it is not given again. */
  take(now: UtcMs): NewsEvent | undefined {
    const { arrived } = this;
    this.arrived = undefined;
    if (!(this.next <= now)) return arrived;
    const lead = this.leadMs as number;
    const begun = this.board.between(toUtcMs(this.seenUpTo + lead + 1), toUtcMs(now + lead), { keywords: this.settings.news });
    this.seenUpTo = now;
    this.plan();
    return begun.at(-1) ?? arrived;
  }

  private plan(): void {
    if (this.leadMs === undefined) return;
    const [first] = this.board.between(toUtcMs(this.seenUpTo + this.leadMs + 1), toUtcMs(Number.POSITIVE_INFINITY), { keywords: this.settings.news });
    this.next = first === undefined ? Number.POSITIVE_INFINITY : first.time - this.leadMs;
  }
}
