import type { UtcMs } from '../domain/units.js';
import { isKeelsonError, messageOf } from '../errors.js';
import type { Clock, Timer } from '../ports/runtime.js';

/** Something outside that is asked again and again, off the bar path. */
export type Inquiry<T> = {
  readonly everyMs: number;
  /** Least time from the question until its answer counts. */
  readonly latencyMs: number;
  /** After this long an answer is no longer waited for. */
  readonly timeoutMs: number;
  /** Why it is never asked; undefined when it is. */
  readonly unfit?: string | undefined;
  ask(now: UtcMs, cancel: AbortSignal): Promise<T>;
};

export type Reply<T> = { readonly value: T } | { readonly failure: string };

type Answer<T> = { readonly source: number; readonly asked: UtcMs; readonly arrives: number; readonly reply: Reply<T> };

/** Takes an answer; `asked` is when the question was put, `arrived` when its answer counts. */
export type TakeReply<T> = (source: number, reply: Reply<T>, asked: UtcMs, arrived: number) => void;

/**
 * Puts questions on a schedule and holds the answers back until they have arrived. An answer arrives
 * `latencyMs` after its question, or when it really came by the clock, whichever is later: over history, where
 * the clock stands still meanwhile, that makes equal runs of equal answers. Nothing here throws.
 */
export class Inquiries<T> {
  /** When each source is asked next. */
  private readonly due: Float64Array;
  /** When the next of all is asked. */
  private readonly next = new Float64Array([Number.NEGATIVE_INFINITY]);
  private readonly asking = new Map<number, Promise<void>>();
  private readonly stopped = new AbortController();
  private answers: Array<Answer<T>> = [];

  constructor(
    private readonly sources: ReadonlyArray<Inquiry<T>>,
    private readonly clock: Clock,
    private readonly timer: Timer | undefined,
    /** A run over history waits for answers; one that does not come in time is not waited for again. */
    private readonly overHistory: boolean,
    private readonly take: TakeReply<T>,
  ) {
    this.due = new Float64Array(sources.length).fill(Number.NEGATIVE_INFINITY);
  }

  get waiting(): boolean {
    return this.asking.size > 0;
  }

  /** Hands over the answers that arrived by `now`, in the order of their arrival. */
  deliver(now: UtcMs): void {
    if (this.answers.length === 0) return;
    const arrived = this.answers.filter((answer) => answer.arrives <= now).sort((a, b) => a.arrives - b.arrives || a.source - b.source);
    if (arrived.length === 0) return;
    this.answers = this.answers.filter((answer) => answer.arrives > now);
    for (const { source, reply, asked, arrives } of arrived) this.take(source, reply, asked, arrives);
  }

  /** Asks every source whose time has come and that owes no answer. */
  ask(now: UtcMs): void {
    if ((this.next[0] as number) > now) return;
    let next = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.sources.length; i++) {
      if ((this.due[i] as number) <= now) this.put(i, now);
      next = Math.min(next, this.due[i] as number);
    }
    this.next[0] = next;
  }

  /** Waits for the answers that are owed, each for as long as its time limit. */
  async settle(): Promise<void> {
    await Promise.all(this.asking.values());
  }

  stop(): void {
    this.stopped.abort();
  }

  private put(i: number, now: UtcMs): void {
    const source = this.sources[i] as Inquiry<T>;
    this.due[i] = source.unfit === undefined ? now + source.everyMs : Number.POSITIVE_INFINITY;
    if (source.unfit !== undefined) this.answers.push({ source: i, asked: now, arrives: now, reply: { failure: source.unfit } });
    else if (!this.asking.has(i)) this.asking.set(i, this.question(i, source, now));
  }

  private async question(i: number, source: Inquiry<T>, now: UtcMs): Promise<void> {
    const cancel = new AbortController();
    const end = (): void => cancel.abort();
    this.stopped.signal.addEventListener('abort', end);
    let callOff: (() => void) | undefined;
    const tooLate = new Promise<Reply<T>>((resolve) => {
      callOff = this.timer?.after(source.timeoutMs, () => {
        resolve({ failure: `gave no answer within ${source.timeoutMs} ms` });
        if (this.overHistory) this.due[i] = Number.POSITIVE_INFINITY;
      });
    });
    const answer = replyOf(source, now, cancel.signal);
    const reply = await Promise.race([answer, tooLate]);
    callOff?.();
    cancel.abort();
    this.stopped.signal.removeEventListener('abort', end);
    this.asking.delete(i);
    if (!this.stopped.signal.aborted) this.answers.push({ source: i, asked: now, arrives: Math.max(now + source.latencyMs, this.clock.now()), reply });
  }
}

async function replyOf<T>(source: Inquiry<T>, now: UtcMs, cancel: AbortSignal): Promise<Reply<T>> {
  try {
    return { value: await source.ask(now, cancel) };
  } catch (thrown) {
    const hint = isKeelsonError(thrown) ? thrown.hint : undefined;
    return { failure: `failed: ${messageOf(thrown)}${hint === undefined ? '' : `: ${hint}`}` };
  }
}
