import { parseDuration } from '../domain/duration.js';
import { isoTime, type UtcMs } from '../domain/units.js';
import type { Account } from '../pipeline/account.js';
import type { ContextFeed, ContextPoint } from '../ports/context.js';
import type { JournalRecord } from '../ports/journal.js';
import type { ContextBoard, SeriesSlot } from './context-board.js';
import { Inquiries, type Reply } from './inquiries.js';
import type { SourceParts } from './source-parts.js';

/** A value in the journal; without one the source said that there is none. */
type ContextData = { readonly series: string; readonly arrived: number; readonly value?: number; readonly known?: number };
/** What a source fails with from now on; null when it is well again. */
type FaultData = { readonly series: string; readonly fault: string | null };

/** Fetches the slow series off the bar path and writes what arrived onto the board. */
export class ContextDesk {
  private readonly inquiries: Inquiries<ContextPoint | undefined>;
  /** What was last reported of each series; undefined while all is well. */
  private readonly troubles: Array<string | undefined>;

  constructor(
    private readonly board: ContextBoard,
    /** In the board's order; undefined where none could be made. */
    private readonly feeds: ReadonlyArray<ContextFeed>,
    private readonly account: Account,
    { clock, timer, overHistory }: SourceParts,
  ) {
    this.troubles = feeds.map(() => undefined);
    const sources = feeds.map((feed, i) => {
      const { every, latency, timeout } = (board.slots[i] as SeriesSlot).settings;
      return {
        everyMs: parseDuration(every) as number,
        latencyMs: parseDuration(latency) as number,
        timeoutMs: parseDuration(timeout) as number,
        unfit: unfitness(feed, overHistory),
        ask: (time: UtcMs, cancel: AbortSignal) => feed.read({ time }, cancel),
      };
    });
    this.inquiries = new Inquiries(sources, clock, timer, overHistory, (source, reply, _asked, arrived) => this.take(source, reply, arrived));
  }

  get idle(): boolean {
    return this.feeds.length === 0;
  }

  get waiting(): boolean {
    return this.inquiries.waiting;
  }

  advance(now: UtcMs): void {
    this.board.now[0] = now;
  }

  deliver(now: UtcMs): void {
    this.advance(now);
    this.inquiries.deliver(now);
  }

  ask(now: UtcMs): void {
    this.inquiries.ask(now);
  }

  settle(): Promise<void> {
    return this.inquiries.settle();
  }

  async stop(): Promise<void> {
    this.inquiries.stop();
    for (const feed of this.feeds) await feed.close?.();
  }

  private take(source: number, reply: Reply<ContextPoint | undefined>, arrived: number): void {
    const slot = this.board.slots[source] as SeriesSlot;
    const fault = 'failure' in reply ? reply.failure : pointFault(reply.value, arrived);
    this.report(source, slot.name, fault);
    if ('failure' in reply || fault !== undefined) return; // what it said before counts until it expires
    const data: ContextData = { series: slot.name, arrived, ...(reply.value === undefined ? {} : { value: reply.value.value, known: reply.value.time }) };
    if (slot.holds(data.value, data.known)) return;
    if (this.account.journal.enabled) this.account.journal.append({ kind: 'context', time: this.account.now, data });
    slot.put(data.value, data.known);
  }

  /** Takes a value out of a journal; false for a record of another kind. */
  recall(record: JournalRecord): boolean {
    if (record.kind !== 'context') return false;
    const data = record.data as ContextData | FaultData;
    if ('arrived' in data) this.board.slots.find(({ name }) => name === data.series)?.put(data.value, data.known);
    return true;
  }

  /** Once for each change. */
  private report(source: number, name: string, fault: string | undefined): void {
    if (this.troubles[source] === fault) return;
    this.troubles[source] = fault;
    if (fault === undefined) this.account.logger.info(`context '${name}' is back`);
    else {
      this.account.notes.add(`context '${name}' ${fault}`);
      this.account.logger.warn(`context '${name}' ${fault}`);
    }
    if (this.account.journal.enabled) this.account.journal.append({ kind: 'context', time: this.account.now, data: { series: name, fault: fault ?? null } satisfies FaultData });
  }
}

/** Why a source is of no use in this run. */
export function unfitness({ capabilities }: { readonly capabilities: { readonly history: boolean; readonly live: boolean } }, overHistory: boolean): string | undefined {
  if (overHistory) return capabilities.history ? undefined : 'knows the present only, and is absent in a run over history';
  return capabilities.live ? undefined : 'knows the past only, and is absent in a live run';
}

function pointFault(point: ContextPoint | undefined, arrived: number): string | undefined {
  if (point === undefined) return undefined;
  const { value, time } = (point ?? {}) as Partial<ContextPoint>;
  if (typeof value !== 'number' || !Number.isFinite(value)) return `gave ${typeof value === 'number' ? value : typeof value} as a value, expected a number`;
  if (typeof time !== 'number' || !Number.isFinite(time)) return 'gave a value without a time, expected when it could be known';
  return time > arrived ? `gave a value of ${isoTime(time)} before that time, expected one that is known` : undefined;
}
