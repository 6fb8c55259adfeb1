import type { TriggerSettings } from '../config/context-schema.js';
import type { NewsEvent } from '../domain/news.js';
import { toUtcMs, type UtcMs } from '../domain/units.js';
import { messageOf } from '../errors.js';
import type { Account } from '../pipeline/account.js';
import type { Desk } from '../pipeline/desk.js';
import type { OffPath } from './kernel.js';
import type { Advice, Advisor, AdvisorRequest } from '../ports/advisor.js';
import type { JournalRecord } from '../ports/journal.js';
import type { ContextBoard } from './context-board.js';
import type { NewsBoard } from './news-board.js';
import { NewsTriggers } from './news-triggers.js';
import type { SourceParts } from './source-parts.js';

/** Closes that an advisor is shown. */
const CLOSES = 100;

/** An advisor's answer in the journal; `advisor` is its place in the account file. */
type AdviceData = { readonly instrument: string; readonly advisor: number; readonly advice?: Advice };

/** An advisor of the account, and when it is asked besides its own schedule. */
export type SeatedAdvisor = { readonly id: string; readonly advisor: Advisor; readonly triggers?: TriggerSettings | undefined };

type Answer = { readonly question: number; readonly desk: Desk; readonly advisor: number; readonly advice: Advice | undefined; readonly arrives: number };

/** An advisor that has not answered after this long, or after its own interval where that is longer, is given up on. */
const PATIENCE_MS = 60_000;

/**
 * Asks the advisors off the bar path and delivers what they answered. In a run over history an answer
 * arrives `latencyMs` after the question by the bars' clock, however long it really took: so the run is the
 * same every time. Live it arrives when it came. Nothing waits for one that hangs: it is asked again once its
 * time limit is over.
 */
export class AdvisorDesk implements OffPath {
  private readonly due: Float64Array;
  /** By slot: what is being asked. */
  private readonly asking = new Map<number, Promise<void>>();
  private questions = 0;
  private answers: Answer[] = [];
  /** Of the questions that are open. */
  private readonly cancels = new Set<AbortController>();
  /** Per advisor: the event it is asked because of at the moment at hand. */
  private readonly reasons: Array<NewsEvent | undefined> = [];
  private readonly triggers: ReadonlyArray<NewsTriggers | undefined>;

  constructor(
    private readonly advisors: readonly SeatedAdvisor[],
    private readonly account: Account,
    private readonly board: ContextBoard,
    private readonly news: NewsBoard,
    private readonly parts: SourceParts,
  ) {
    this.triggers = advisors.map(({ triggers }) => (triggers === undefined ? undefined : new NewsTriggers(triggers, news)));
    this.due = new Float64Array(advisors.length * account.desks.length).fill(Number.NEGATIVE_INFINITY);
    for (const desk of account.desks) for (let i = 0; i < advisors.length; i++) desk.advice.push(undefined);
  }

  get idle(): boolean {
    return this.advisors.length === 0;
  }

  /** Questions without an answer yet: a run over history waits for them before its next moment. */
  get waiting(): boolean {
    return this.asking.size > 0;
  }

  /** Delivers the answers that arrived by `now`: before the decisions of that moment. */
  deliver(now: UtcMs): void {
    if (this.answers.length === 0) return;
    this.answers.sort((a, b) => a.question - b.question); // not in the order in which promises resolved
    this.answers = this.answers.filter((answer) => {
      if (answer.arrives > now) return true;
      const { desk, advisor, advice } = answer;
      if (this.account.journal.enabled) {
        const data: AdviceData = { instrument: desk.instrument.id, advisor, ...(advice === undefined ? {} : { advice }) };
        this.account.journal.append({ kind: 'advice', time: now, data });
      }
      desk.advice[advisor] = advice;
      return false;
    });
  }

  /** Takes advice out of a journal; false for a record of another kind. */
  recall(record: JournalRecord): boolean {
    if (record.kind !== 'advice') return false;
    const { instrument, advisor, advice } = record.data as AdviceData;
    const desk = this.account.desks.find((each) => each.instrument.id === instrument);
    if (desk !== undefined) desk.advice[advisor] = advice;
    return true;
  }

  /** News arrived: who waits for such is asked out of turn. */
  hear(event: NewsEvent, now: UtcMs): void {
    for (const triggers of this.triggers) triggers?.hear(event, now);
  }

  /** Asks everybody whose time has come, and whom the news concerns. */
  ask(now: UtcMs): void {
    if (this.idle) return;
    for (let i = 0; i < this.advisors.length; i++) this.reasons[i] = this.triggers[i]?.take(now);
    for (const desk of this.account.desks) {
      if (desk.bars.count === 0) continue;
      this.advisors.forEach(({ id, advisor }, i) => {
        const slot = desk.index * this.advisors.length + i;
        const trigger = this.reasons[i];
        if (this.asking.has(slot)) return; // it still owes an answer
        if ((this.due[slot] as number) > now && trigger === undefined) return;
        this.due[slot] = now + advisor.schedule.everyMs;
        this.asking.set(slot, this.question(slot, desk, i, id, advisor, now, trigger));
      });
    }
  }

  async settle(): Promise<void> {
    await Promise.all(this.asking.values());
  }

  stop(): void {
    for (const cancel of this.cancels) cancel.abort();
  }

  /** Never rejects. */
  private async question(slot: number, desk: Desk, index: number, id: string, advisor: Advisor, now: UtcMs, trigger: NewsEvent | undefined): Promise<void> {
    const { clock, timer, overHistory } = this.parts;
    const { everyMs, latencyMs } = advisor.schedule;
    const question = this.questions++;
    const cancel = new AbortController();
    this.cancels.add(cancel);
    const limitMs = Math.max(PATIENCE_MS, Math.min(everyMs, 10 * PATIENCE_MS));
    let callOff: (() => void) | undefined;
    const tooLate = new Promise<undefined>((resolve) => {
      callOff = timer?.after(limitMs, () => {
        this.account.notes.add(`advisor '${id}' gave no answer within ${limitMs / 1000} s and counts as neutral`);
        if (overHistory) this.due[slot] = Number.POSITIVE_INFINITY;
        resolve(undefined);
      });
    });
    const advice = await Promise.race([this.answerOf(id, advisor, this.request(desk, now, trigger), cancel.signal), tooLate]);
    callOff?.();
    cancel.abort();
    this.cancels.delete(cancel);
    this.asking.delete(slot);
    const earliest = now + latencyMs;
    this.answers.push({ question, desk, advisor: index, advice, arrives: overHistory ? earliest : Math.max(earliest, clock.now()) });
  }

  private async answerOf(id: string, advisor: Advisor, request: AdvisorRequest, cancel: AbortSignal): Promise<Advice | undefined> {
    try {
      const answer = await advisor.refresh(request, cancel);
      return answer === undefined ? undefined : plainAdvice(answer);
    } catch (thrown) {
      if (!cancel.aborted) this.account.notes.add(`advisor '${id}' failed and counts as neutral: ${messageOf(thrown)}`);
      return undefined;
    }
  }

  private request({ bars, instrument, regime, position }: Desk, now: UtcMs, trigger: NewsEvent | undefined): AdvisorRequest {
    const kept = Math.min(CLOSES, bars.count, bars.mask + 1);
    return {
      instrument: instrument.id,
      time: now,
      closes: Array.from({ length: kept }, (_, i) => bars.close[(bars.index - (kept - 1 - i)) & bars.mask] as number),
      regime,
      position: { quantity: position.quantity, averagePrice: position.averagePrice },
      context: this.board.present(),
      events: this.news.between(toUtcMs(Number.NEGATIVE_INFINITY), toUtcMs(Number.POSITIVE_INFINITY)),
      ...(trigger === undefined ? {} : { trigger }),
    };
  }
}

/**
 * A copy of what the answer may say, and nothing else: an object that its maker goes on changing would make
 * a run depend on when, and a field too many is not advice.
 */
function plainAdvice({ bias, confidence, rationale, expiresAt }: Advice): Advice {
  if (bias !== 'bullish' && bias !== 'bearish' && bias !== 'neutral') throw new TypeError(`bias was ${String(bias)}, expected bullish, bearish or neutral`);
  if (typeof confidence !== 'number' || !(confidence >= 0 && confidence <= 1)) throw new TypeError(`confidence was ${String(confidence)}, expected 0 to 1`);
  if (!Number.isFinite(expiresAt)) throw new TypeError(`expiresAt was ${String(expiresAt)}, expected a time`);
  return { bias, confidence, rationale: String(rationale), expiresAt };
}
