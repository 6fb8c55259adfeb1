import { toFraction, toPrice, toUtcMs } from '@keelson/core/domain';
import { DataError, messageOf } from '@keelson/core/errors';
import { defineProposalSource } from '@keelson/core/plugin';
import type { Proposal, ProposalSource, ProposalSourceDefinition } from '@keelson/core/ports';
import { z } from 'zod';

export type Fetch = (url: string, init: { readonly signal: AbortSignal }) => Promise<Response>;

const price = z.number().optional();
const time = z.iso.datetime({ offset: true });
const ideaSchema = z.strictObject({
  id: z.string().min(1).max(200),
  instrument: z.string().min(1),
  action: z.enum(['long', 'short', 'flat']),
  entry: price,
  stop: price,
  target: price,
  confidence: z.number().min(0).max(1),
  reason: z.string().min(1),
  author: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/),
  made: time,
  ends: time,
});

/**
 * `json-proposals`: ideas from a JSON document, a list of `{ "id": "a-17", "instrument": "MES", "action": "long",
 * "stop": 4980, "confidence": 0.7, "reason": "…", "author": "anna", "made": "…Z", "ends": "…Z" }`. All of it is given at
 * each question: the kernel counts each id once. One that cannot be used fails them all, and is named.
 */
export function jsonProposals(fetch: Fetch): ProposalSourceDefinition {
  return defineProposalSource({
    params: z.strictObject({
      url: z.url().describe('Address of the document.'),
      everyMs: z.int().positive().default(300_000).describe('How often to ask.'),
      latencyMs: z.int().min(0).default(5_000).describe('How long after its making an idea arrives.'),
    }),
    create: ({ params: { url, everyMs, latencyMs } }): ProposalSource => ({
      schedule: { everyMs, latencyMs },
      poll: (_now, cancel) => proposalsAt(url, fetch, cancel),
    }),
  });
}

/** @throws DataError DATA_FEED when it cannot be reached, DATA_FORMAT when an idea cannot be used */
async function proposalsAt(url: string, fetch: Fetch, cancel: AbortSignal): Promise<readonly Proposal[]> {
  const { host } = new URL(url); // the rest may hold a key
  let content: unknown;
  try {
    const response = await fetch(url, { signal: cancel });
    if (!response.ok) throw new Error(`status ${response.status}`);
    content = await response.json();
  } catch (thrown) {
    throw new DataError('DATA_FEED', `${host} could not be asked (${messageOf(thrown)}), expected ideas`, { hint: 'see whether it is up, and what it says in a browser', cause: thrown });
  }
  const result = z.array(ideaSchema).safeParse(content);
  if (!result.success) throw new DataError('DATA_FORMAT', `${host} gave ${result.error.issues[0]?.message ?? 'something else'} at ${result.error.issues[0]?.path.join('.') ?? ''}, expected ideas`, { hint: 'have that one corrected' });
  return result.data.map(({ id, instrument, action, entry, stop, target, confidence, reason, author, made, ends }) => ({
    id,
    instrument,
    action,
    ...(entry === undefined ? {} : { entry: toPrice(entry) }),
    ...(stop === undefined ? {} : { stop: toPrice(stop) }),
    ...(target === undefined ? {} : { target: toPrice(target) }),
    confidence: toFraction(confidence),
    rationale: reason,
    origin: author,
    createdAt: toUtcMs(Date.parse(made)),
    expiresAt: toUtcMs(Date.parse(ends)),
  }));
}
