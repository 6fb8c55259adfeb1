import { setImmediate } from 'node:timers/promises';
import type { Bar, BarColumns } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import type { HistoryRequest, LiveHandlers } from '@keelson/core/ports';
import { joinBars } from '@keelson/core/series';
import { BOTH_TIERS, OFFLINE, type Card } from '../../frame/card.js';
import { expectPresent, expectThat, needed, show, vacuousUnless } from '../../frame/expectations.js';
import type { DataFeedSession, DataFeedSubject, FeedControl } from './data-feed-subject.js';

/** A connected feed, what its live side said, and the means to go on. */
export class FeedBench {
  readonly bars: Bar[] = [];
  readonly errors: Error[] = [];
  private leave: (() => void) | undefined;

  constructor(
    readonly session: DataFeedSession,
    readonly subject: DataFeedSubject,
  ) {}

  get feed(): DataFeedSession['feed'] {
    return this.session.feed;
  }

  control<Name extends keyof FeedControl>(name: Name): NonNullable<FeedControl[Name]> {
    const { control } = this.session;
    return needed(control?.[name]?.bind(control), `the subject cannot make it happen: no control ${name}`, this.subject.cannot?.[name]) as NonNullable<FeedControl[Name]>;
  }

  /** Bars of the past, chunk by chunk. */
  async chunks(bounds: Pick<HistoryRequest, 'from' | 'to'> = {}): Promise<BarColumns[]> {
    vacuousUnless(this.feed.capabilities.history, 'the feed declares no history');
    const chunks: BarColumns[] = [];
    for await (const chunk of this.feed.history({ ...this.session.request, ...bounds })) chunks.push(chunk);
    return chunks;
  }

  /** Bars of the past in one piece. */
  async history(bounds: Pick<HistoryRequest, 'from' | 'to'> = {}): Promise<BarColumns> {
    return joinBars(await this.chunks(bounds));
  }

  /** All bars of the past: at least 20. */
  async wholeHistory(): Promise<BarColumns> {
    const bars = await this.history();
    expectThat(bars.length >= 20, `the history had ${bars.length} bars`, 'at least 20: give the subject a request with more');
    return bars;
  }

  /** Listens to the live side, from a time on where one is given. */
  subscribe(from?: number): void {
    const { feed, session } = this;
    expectPresent(feed.subscribe, 'capabilities.live was true and there was no subscribe', 'it');
    const handlers: LiveHandlers = {
      onBar: (_instrument, bar) => void this.bars.push({ ...bar }),
      onTick: () => undefined,
      onQuote: () => undefined,
      onError: (error) => void this.errors.push(error),
      onEnd: () => undefined,
      settle: () => undefined,
    };
    this.leave = feed.subscribe([{ ...session.request, ...(from === undefined ? {} : { from: toUtcMs(from) }) }], handlers);
  }

  unsubscribe(): void {
    this.leave?.();
    this.leave = undefined;
  }

  async settle(): Promise<void> {
    if (this.session.settle !== undefined) await this.session.settle();
    else for (let turn = 0; turn < 2; turn++) await setImmediate();
  }

  async until(holds: () => boolean, what: string): Promise<void> {
    for (let turn = this.session.patience ?? 20; turn > 0 && !holds(); turn--) await this.settle();
    expectThat(holds(), `bars at ${show(this.times)} and errors ${show(this.errors.map(({ message }) => message))} were told`, what);
  }

  /** Opens of the live bars. */
  get times(): number[] {
    return this.bars.map(({ time }) => time);
  }

  async close(): Promise<void> {
    this.unsubscribe();
    await this.feed.disconnect();
    await this.session.close?.();
  }
}

export type FeedCardFields = {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly needs?: ReadonlyArray<keyof FeedControl>;
  /** Default: connected before the card begins. */
  readonly connected?: boolean;
  readonly play: (bench: FeedBench) => void | Promise<void>;
};

/** A card about a feed: opens a session, ends at once where there is nothing to hold or to see it with, and closes it. */
export function feedCard({ id, title, why, needs = [], connected = true, play }: FeedCardFields): Card<DataFeedSubject> {
  return {
    id,
    title,
    why,
    tiers: needs.length > 0 ? OFFLINE : BOTH_TIERS,
    async run(subject) {
      const bench = new FeedBench(await subject.open(), subject);
      try {
        vacuousUnless(needs.length === 0 || bench.feed.capabilities.live, 'the feed declares nothing live');
        for (const control of needs) bench.control(control);
        if (connected) await bench.feed.connect();
        await play(bench);
      } finally {
        await bench.close().catch(() => undefined); // FED-020 tells
      }
    },
  };
}
