import { ProtocolFault } from './protocol-fault.js';
import { UNSET_INTEGER, UNSET_LONG } from './unset.js';

/**
 * Reads the fields of one message in order. Clients write "no value" as an empty field, as 0, as -1 or as the largest
 * number, depending on the client: `optional…` takes the empty field and the largest number as absent, `positive…` also
 * 0 and -1.
 */
export class FieldReader {
  private at = 0;

  constructor(private readonly fields: readonly string[]) {}

  /** Fields not yet read. */
  get left(): number {
    return this.fields.length - this.at;
  }

  /** The next field without reading it; undefined after the last. */
  peek(): string | undefined {
    return this.fields[this.at];
  }

  string(): string {
    const field = this.fields[this.at];
    if (field === undefined) throw new ProtocolFault(`message ended after ${this.fields.length} fields, expected more`, false);
    this.at += 1;
    return field;
  }

  /** Fields that a message has only when the client wanted to say something. */
  stringOr(fallback: string): string {
    return this.left === 0 ? fallback : this.string();
  }

  /** An integer; an empty field is 0. */
  int(): number {
    return this.optionalInt() ?? 0;
  }

  optionalInt(): number | undefined {
    const field = this.string();
    if (field === '' || field === UNSET_INTEGER || field === UNSET_LONG) return undefined;
    const value = Number(field);
    if (!Number.isInteger(value)) throw new ProtocolFault(`field ${this.at} was ${JSON.stringify(field)}, expected an integer`, false);
    return value;
  }

  /** An id or a count of at least 1. */
  positiveInt(): number | undefined {
    const value = this.optionalInt();
    return value === undefined || value <= 0 ? undefined : value;
  }

  /** A floating-point number; an empty field is 0. */
  double(): number {
    return this.optionalDouble() ?? 0;
  }

  optionalDouble(): number | undefined {
    const field = this.string();
    if (field === '' || field === UNSET_INTEGER || field === UNSET_LONG) return undefined;
    if (field === 'Infinite' || field === 'Infinity' || field === 'inf') return Infinity;
    const value = Number(field);
    if (Number.isNaN(value)) throw new ProtocolFault(`field ${this.at} was ${JSON.stringify(field)}, expected a number`, false);
    return value === Number.MAX_VALUE || Math.abs(value) === Infinity ? undefined : value;
  }

  /** A number above 0. */
  positiveDouble(): number | undefined {
    const value = this.optionalDouble();
    return value === undefined || value <= 0 ? undefined : value;
  }

  /** `1` or `true` in any case; everything else is false. */
  bool(): boolean {
    const field = this.string();
    return field === '1' || field.toLowerCase() === 'true';
  }

  /** `tag=value;tag=value;` */
  tagValues(): readonly (readonly [tag: string, value: string])[] {
    return this.string().split(';').filter((pair) => pair.includes('=')).map((pair) => {
      const equals = pair.indexOf('=');
      return [pair.slice(0, equals), pair.slice(equals + 1)] as const;
    });
  }
}
