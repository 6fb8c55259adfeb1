import { schemaFaults } from '@keelson/core/config';
import { toFraction, toPrice, toUtcMs } from '@keelson/core/domain';
import { DataError, messageOf } from '@keelson/core/errors';
import type { Proposal } from '@keelson/core/ports';
import { z } from 'zod';

const time = z.iso.datetime({ offset: true }).describe('ISO-8601 with a zone, such as 2024-03-15T13:30:00Z.');

const line = z.strictObject({
  id: z.string().min(1).max(200),
  instrument: z.string().min(1),
  action: z.enum(['long', 'short', 'flat']),
  entry: z.number().optional(),
  stop: z.number().optional(),
  target: z.number().optional(),
  confidence: z.number().min(0).max(1),
  rationale: z.string().min(1).max(2000),
  origin: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, { error: 'expected 1 to 40 letters, digits, dots, dashes or underscores' }),
  createdAt: time,
  expiresAt: time,
});

/**
 * Proposals of a JSON Lines text. Strict: every line must be a proposal with the known keys; empty lines are passed over.
 *
 * @throws DataError DATA_FORMAT with file and line of the first fault
 */
export function parseProposals(file: string, text: string): Proposal[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap((each, i) => (each.trim() === '' ? [] : [parseLine(`${file}:${i + 1}`, each)]));
}

function parseLine(at: string, text: string): Proposal {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw new DataError('DATA_FORMAT', `${at} is not JSON (${messageOf(thrown)}), expected one proposal a line`, { hint: 'correct the line', cause: thrown });
  }
  const result = line.safeParse(value);
  if (!result.success) {
    const [fault] = schemaFaults('CFG_TYPE', '', result.error.issues, value, line);
    throw new DataError('DATA_FORMAT', `${at}: ${fault?.message.replace('the account file', 'the line') ?? 'not a proposal'}`, { hint: fault?.hint ?? 'correct the line' });
  }
  const { entry, stop, target, confidence, createdAt, expiresAt, ...rest } = result.data;
  const made = Date.parse(createdAt);
  const ends = Date.parse(expiresAt);
  if (!(ends > made)) throw new DataError('DATA_FORMAT', `${at}: expiresAt was ${expiresAt}, expected a time after createdAt (${createdAt})`, { hint: 'correct one of them' });
  return {
    ...rest,
    ...(entry === undefined ? {} : { entry: toPrice(entry) }),
    ...(stop === undefined ? {} : { stop: toPrice(stop) }),
    ...(target === undefined ? {} : { target: toPrice(target) }),
    confidence: toFraction(confidence),
    createdAt: toUtcMs(made),
    expiresAt: toUtcMs(ends),
  };
}
