import { createHash } from 'node:crypto';

/** What stands in the place of a hash before the first record. */
export const GENESIS = '0'.repeat(64);

/** One row of the journal, as it is kept. */
export type Row = {
  /** Counts from 1, without gaps. */
  readonly sequence: number;
  readonly time: number;
  readonly kind: string;
  /** JSON. */
  readonly data: string;
  /** SHA-256 in hex over the previous hash and this record's text. */
  readonly hash: string;
};

/** Where a journal stops being one. */
export type Damage = {
  /** The first record that does not follow from the one before, or that is not there. */
  readonly sequence: number;
  /** What is wrong with it, in words. */
  readonly found: string;
};

/** SHA-256 over the previous hash and the record's canonical text: sequence, time, kind and data, a line each. */
export function hashOf(previous: string, sequence: number, time: number, kind: string, data: string): string {
  return createHash('sha256').update(`${previous}\n${sequence}\n${time}\n${kind}\n${data}`).digest('hex');
}

/** Follows a chain from its first record. */
export class ChainCheck {
  /** Number and hash of the last good record. */
  sequence = 0;
  head = GENESIS;

  /** @returns what is wrong with the next row; undefined when it follows */
  follow(row: Readonly<Record<keyof Row, unknown>>): Damage | undefined {
    const expected = this.sequence + 1;
    const { sequence, time, kind, data, hash } = row;
    if (sequence !== expected) {
      const found = typeof sequence === 'number' && sequence > expected ? `records ${expected} to ${sequence - 1} are missing` : `record ${String(sequence)} stands where ${expected} should`;
      return { sequence: expected, found };
    }
    if (typeof time !== 'number' || typeof kind !== 'string' || typeof data !== 'string' || typeof hash !== 'string') return { sequence: expected, found: `record ${expected} has a value of a wrong type` };
    if (hashOf(this.head, expected, time, kind, data) !== hash) return { sequence: expected, found: `record ${expected} does not follow from the one before` };
    this.sequence = expected;
    this.head = hash;
    return undefined;
  }
}
