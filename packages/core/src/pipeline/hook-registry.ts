import { messageOf } from '../errors.js';
import type { Logger } from '../ports/runtime.js';
import type { HookOrder, Hooks, ObserveHooks, ReviewHooks, TransformHooks } from './hooks.js';

type Handler<F> = { readonly plugin: string; readonly order: HookOrder; readonly run: F };
type Observers = { [Name in keyof ObserveHooks]?: Array<Handler<(value: ObserveHooks[Name]) => void>> };
type Transforms = { [Name in keyof TransformHooks]?: Array<Handler<(value: TransformHooks[Name]) => TransformHooks[Name]>> };
type Reviews = { [Name in keyof ReviewHooks]?: Array<Handler<(value: ReviewHooks[Name]) => string | undefined>> };

const RANK: Readonly<Record<HookOrder, number>> = { pre: 0, normal: 1, post: 2 };

/** Which hooks of one kind somebody has taken. */
type Taken<Map> = { -readonly [Name in keyof Map]: boolean };

/** All hooks of one account. Asking whether anybody listens costs one property read. */
export class HookRegistry {
  private readonly observed: Taken<ObserveHooks> = { start: false, votes: false, proposal: false, signal: false, intent: false, refusal: false, 'broker-event': false, fill: false, trade: false, news: false, stop: false };
  private readonly passed: Taken<TransformHooks> = { signal: false, target: false, plan: false };
  private readonly objected: Taken<ReviewHooks> = { order: false };
  private readonly observers: Observers = {};
  private readonly transforms: Transforms = {};
  private readonly reviews: Reviews = {};
  /** True while the past is recalled: observers heard it then. */
  silent = false;

  constructor(private readonly logger: Logger) {}

  /** The registration side, under a plugin's name. */
  forPlugin(plugin: string): Hooks {
    return {
      observe: (name, handler) => {
        const list = (this.observers[name] ?? []) as Array<Handler<typeof handler>>;
        list.push({ plugin, order: 'normal', run: handler });
        (this.observers as Record<string, unknown>)[name] = list;
        this.observed[name] = true;
      },
      transform: (name, handler, order = 'normal') => {
        const list = (this.transforms[name] ?? []) as Array<Handler<typeof handler>>;
        list.push({ plugin, order, run: handler });
        list.sort((a, b) => RANK[a.order] - RANK[b.order]);
        (this.transforms as Record<string, unknown>)[name] = list;
        this.passed[name] = true;
      },
      review: (name, handler) => {
        const list = (this.reviews[name] ?? []) as Array<Handler<typeof handler>>;
        list.push({ plugin, order: 'normal', run: handler });
        (this.reviews as Record<string, unknown>)[name] = list;
        this.objected[name] = true;
      },
    };
  }

  /** By name and not by a method: a name that is passed is looked up anew on every bar. */
  get observes(): Readonly<Taken<ObserveHooks>> {
    return this.observed;
  }

  get transformed(): Readonly<Taken<TransformHooks>> {
    return this.passed;
  }

  get reviewed(): Readonly<Taken<ReviewHooks>> {
    return this.objected;
  }

  /** Tells everybody; a throw is reported and changes nothing. */
  tell<Name extends keyof ObserveHooks>(name: Name, value: ObserveHooks[Name]): void {
    if (this.silent) return;
    for (const { plugin, run } of this.observers[name] ?? []) {
      try {
        const result: unknown = run(value);
        if (isThenable(result)) result.then(undefined, (thrown: unknown) => this.report(name, plugin, thrown));
      } catch (thrown) {
        this.report(name, plugin, thrown);
      }
    }
  }

  /** Passes a value through the chain; a throw, a promise or nothing leaves it as it was before that handler. */
  pass<Name extends keyof TransformHooks>(name: Name, value: TransformHooks[Name]): TransformHooks[Name] {
    let current = value;
    for (const { plugin, run } of this.transforms[name] ?? []) {
      try {
        const next: unknown = run(current);
        if (isThenable(next)) next.then(undefined, () => undefined); // what it rejects with later has no reader
        if (typeof next === 'object' && next !== null && !isThenable(next)) current = next as typeof current;
        else this.logger.error(`hook '${name}' of ${plugin} returned ${isThenable(next) ? 'a promise' : String(next)}, expected the ${name}: left out`);
      } catch (thrown) {
        this.report(name, plugin, thrown);
      }
    }
    return current;
  }

  /** First objection, or undefined; a throw is an objection. */
  objection<Name extends keyof ReviewHooks>(name: Name, value: ReviewHooks[Name]): string | undefined {
    for (const { plugin, run } of this.reviews[name] ?? []) {
      try {
        const reason: unknown = run(value);
        if (isThenable(reason)) {
          reason.then(undefined, () => undefined);
          return `${plugin}: its review returned a promise, expected a reason or undefined`;
        }
        if (reason !== undefined) return `${plugin}: ${String(reason)}`;
      } catch (thrown) {
        return `${plugin}: its review threw: ${messageOf(thrown)}`;
      }
    }
    return undefined;
  }

  private report(name: string, plugin: string, thrown: unknown): void {
    this.logger.error(`hook '${name}' of ${plugin} threw: ${messageOf(thrown)}`);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function';
}
