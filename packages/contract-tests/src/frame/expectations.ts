import { inspect, isDeepStrictEqual } from 'node:util';
import { isKeelsonError, type ErrorCode, type KeelsonError } from '@keelson/core/errors';

/** A broken promise: what was found, and what was expected. */
export class ContractFault extends Error {
  override readonly name = 'ContractFault';

  constructor(
    readonly found: string,
    readonly expected: string,
  ) {
    super(`${found}, expected ${expected}`);
  }
}

/** A promise that cannot be seen here, because the harness lacks something: with the reason. */
export class SkippedCard extends Error {
  override readonly name = 'SkippedCard';
}

/** A promise about something that the implementation does not have, and does not declare: kept, with a note of it. */
export class VacuousCard extends Error {
  override readonly name = 'VacuousCard';
}

/** A value on one line, for messages. */
export function show(value: unknown): string {
  return inspect(value, { depth: 4, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 12, maxStringLength: 200 });
}

/** Fails a card unless `holds`. Both texts fit into `found …, expected …`. */
export function expectThat(holds: boolean, found: string, expected: string): asserts holds {
  if (!holds) throw new ContractFault(found, expected);
}

/** Fails a card unless both are equal, all the way down. `what` names the value: `quantity of the fill`. */
export function expectEqual(found: unknown, expected: unknown, what: string): void {
  expectThat(isDeepStrictEqual(found, expected), `${what} was ${show(found)}`, show(expected));
}

/** Fails a card unless `value` is there. */
export function expectPresent<T>(value: T | undefined, found: string, expected: string): asserts value is T {
  expectThat(value !== undefined, found, expected);
}

/** Fails a card unless `call` throws, or rejects with, a KeelsonError of one of `codes`. @returns the error */
export async function expectError(call: () => unknown, codes: readonly ErrorCode[], what: string): Promise<KeelsonError> {
  let thrown: unknown;
  try {
    await call();
  } catch (error) {
    thrown = error;
  }
  expectThat(thrown !== undefined, `${what} passed`, `an error with the code ${codes.join(' or ')}`);
  expectThat(isKeelsonError(thrown), `${what} threw ${show(thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : thrown)}`, `a KeelsonError with the code ${codes.join(' or ')}`);
  expectThat(codes.includes(thrown.code), `${what} threw ${thrown.line}`, `the code ${codes.join(' or ')}`);
  return thrown;
}

/** Ends a card as kept when there is nothing to hold; `note` says what is not there, or not declared. */
export function vacuousUnless(holds: boolean, note: string): asserts holds {
  if (!holds) throw new VacuousCard(note);
}

/** Leaves a card, visibly, when the harness lacks what it needs. */
export function skipUnless(holds: boolean, reason: string): asserts holds {
  if (!holds) throw new SkippedCard(reason);
}

/** What is needed of the harness, or the card is left with the reason; kept where `never` says why it can never be had. */
export function needed<T>(value: T | undefined, reason: string, never?: string): T {
  if (value === undefined && never !== undefined) throw new VacuousCard(never);
  skipUnless(value !== undefined, reason);
  return value as T;
}
