import type { SeriesSettings } from '../config/context-schema.js';
import { nearest } from '../config/nearest.js';
import { parseDuration } from '../domain/duration.js';
import { ConfigError } from '../errors.js';
import type { ContextHandle, UseContext } from '../ports/context.js';
import type { OverlayVerdict, RiskOverlay } from '../ports/risk-overlay.js';

const ABSENT: ContextHandle = Object.freeze({ value: undefined, ageMs: undefined, ready: false });
const PASS: OverlayVerdict = Object.freeze({ kind: 'pass' });

/** One series: its last value, and since when that was known; NaN before the first. */
export class SeriesSlot implements ContextHandle {
  private readonly cells = new Float64Array([Number.NaN, Number.NaN]);
  private readonly expiresAfterMs: number;

  constructor(
    readonly name: string,
    readonly settings: SeriesSettings,
    private readonly now: Float64Array,
  ) {
    this.expiresAfterMs = parseDuration(settings.expiresAfter) as number;
  }

  get ready(): boolean {
    return (this.now[0] as number) - (this.cells[1] as number) < this.expiresAfterMs;
  }

  get value(): number | undefined {
    return this.ready ? this.cells[0] : undefined;
  }

  get ageMs(): number | undefined {
    return this.ready ? (this.now[0] as number) - (this.cells[1] as number) : undefined;
  }

  /** True when this is what it has already. */
  holds(value: number | undefined, known: number | undefined): boolean {
    return Object.is(this.cells[0], value ?? Number.NaN) && Object.is(this.cells[1], known ?? Number.NaN);
  }

  /** Without a value the series is absent. */
  put(value: number | undefined, known: number | undefined): void {
    this.cells[0] = value ?? Number.NaN;
    this.cells[1] = known ?? Number.NaN;
  }
}

/** What is known of the slow series at the present moment. Written between the bars, read by components. */
export class ContextBoard {
  /** The present moment (UtcMs): the decisions of one moment see equal ages. */
  readonly now = new Float64Array([Number.NaN]);
  readonly slots: readonly SeriesSlot[];

  constructor(series: Readonly<Record<string, SeriesSettings>>) {
    this.slots = Object.entries(series).map(([name, settings]) => new SeriesSlot(name, settings, this.now));
  }

  /** `context` for one component. */
  useFor(user: string): UseContext {
    return (name, options = {}) => {
      const slot = this.slots.find((each) => each.name === name);
      if (slot !== undefined) return slot;
      if (options.optional === true) return ABSENT;
      const names = this.slots.map((each) => each.name);
      const close = nearest(name, names);
      throw new ConfigError('CFG_REFERENCE', `${user} asked for context '${name}', expected a series of context: (${names.join(', ') || 'there is none'})`, {
        hint: close === undefined ? `add ${name} to context:` : `did you mean ${close}?`,
      });
    };
  }

  /** The series that have a value now. */
  present(): Readonly<Record<string, { readonly value: number; readonly ageMs: number }>> {
    return Object.fromEntries(this.slots.flatMap(({ name, value, ageMs }) => (value === undefined || ageMs === undefined ? [] : [[name, { value, ageMs }] as const])));
  }

  /** No entries while a required series is absent; undefined when none is required. */
  requirement(): RiskOverlay | undefined {
    const required = this.slots.filter((slot) => slot.settings.required);
    if (required.length === 0) return undefined;
    return {
      review({ target, position }) {
        const absent = required.find((slot) => !slot.ready);
        if (absent === undefined) return PASS;
        const grows = target.quantity * position.quantity <= 0 || Math.abs(target.quantity) > Math.abs(position.quantity);
        return grows ? { kind: 'veto', reason: `${absent.name} is absent, and the account requires it` } : PASS;
      },
    };
  }
}
