import { messageOf } from '@keelson/core/errors';
import { KeptLog } from '../../fakes/kept-log.js';
import { benchCards, type BenchCardFields } from '../../frame/bench-card.js';
import type { Card } from '../../frame/card.js';
import { expectThat, needed } from '../../frame/expectations.js';
import { checkedParams, type Configured } from '../../lab/params-cards.js';
import { outcomeOf, promised, turn, type Outcome } from '../../lab/turn.js';
import type { SourceSession } from './source-subject.js';

/** A source that is asked off the bar path, and how it is tried. */
export type SourceSubject<Session extends SourceSession = SourceSession> = Configured & {
  /** Called for each card. */
  open(): Session | Promise<Session>;
  readonly cannot?: Readonly<Partial<Record<string, string>>>;
};

/** How one kind of source is made and asked. */
export type SourcePort<Subject extends SourceSubject, Source, Answer> = {
  make(subject: Subject, session: Awaited<ReturnType<Subject['open']>>, params: unknown, log: KeptLog): Source;
  /** Asks for all that it knows now. */
  ask(source: Source, session: Awaited<ReturnType<Subject['open']>>, cancel: AbortSignal): Promise<Answer>;
  close?(source: Source): Promise<void>;
};

/** One session, and the sources that are made on it. */
export class SourceBench<Subject extends SourceSubject, Source, Answer> {
  readonly log = new KeptLog();
  private readonly made: Source[] = [];

  constructor(
    readonly port: SourcePort<Subject, Source, Answer>,
    readonly subject: Subject,
    readonly session: Awaited<ReturnType<Subject['open']>>,
  ) {}

  /** Settings of the session, as they stand in an account file. */
  get settings(): unknown {
    return this.session.params ?? this.subject.params ?? {};
  }

  make(): Source {
    const source = this.port.make(this.subject, this.session, checkedParams({ definition: this.subject.definition, params: this.settings }), this.log);
    this.made.push(source);
    return source;
  }

  /** A control of the session. */
  control<Name extends keyof NonNullable<Awaited<ReturnType<Subject['open']>>['control']> & string>(name: Name): NonNullable<NonNullable<Awaited<ReturnType<Subject['open']>>['control']>[Name]> {
    const control = this.session.control as Readonly<Record<string, unknown>> | undefined;
    const found = control?.[name] as ((...args: unknown[]) => unknown) | undefined;
    return needed(found?.bind(control), `the subject cannot make it happen: no control ${name}`, this.subject.cannot?.[name]) as never;
  }

  /** How asking ended; a throw that is not a rejection fails the card, and so does no end. */
  async outcome(source: Source): Promise<Outcome<Answer>> {
    const outcome = await this.ended(this.put(source));
    expectThat(outcome !== undefined, 'a question had not ended', 'an answer, or a rejection');
    return outcome;
  }

  /** The answer; a rejection fails the card. */
  async answer<T>(promise: Promise<T>): Promise<T> {
    const outcome = await this.ended(promise);
    expectThat(outcome !== undefined && 'value' in outcome, outcome === undefined ? 'a question had not ended' : `a question was rejected: ${messageOf((outcome as { readonly failed: unknown }).failed)}`, 'an answer');
    return outcome.value;
  }

  put(source: Source, cancel: AbortSignal = new AbortController().signal): Promise<Answer> {
    return promised(() => this.port.ask(source, this.session, cancel), 'the question');
  }

  ended<T>(promise: Promise<T>): Promise<Outcome<T> | undefined> {
    return outcomeOf(promise, () => this.settle(), this.session.patience);
  }

  async settle(): Promise<void> {
    await (this.session.settle?.() ?? turn());
  }

  async close(): Promise<void> {
    for (const source of this.made) await this.port.close?.(source).catch(() => undefined);
    await this.session.close?.();
  }
}

/** Makes cards about one kind of source: each opens a session of its own. */
export function cardsOf<Subject extends SourceSubject, Source, Answer>(port: SourcePort<Subject, Source, Answer>): (fields: BenchCardFields<string, SourceBench<Subject, Source, Answer>>) => Card<Subject> {
  return benchCards(async (subject) => new SourceBench(port, subject, (await subject.open()) as Awaited<ReturnType<Subject['open']>>));
}
