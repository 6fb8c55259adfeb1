import { z } from 'zod';
import { RESPONSE } from '../protocol/message-ids.js';

const count = z.int().min(1).default(1);
const on = z.boolean().default(true);
const messageNames = Object.keys(RESPONSE) as [keyof typeof RESPONSE, ...(keyof typeof RESPONSE)[]];

/** Everything that can go wrong on demand. Those with a count undo themselves; `clear` ends the rest. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** 1100 and 2110 cut the gateway off from the venue, 1101 and 1102 join it again: with market data lost, or kept. */
  z.strictObject({ kind: z.literal('connectivity'), code: z.union([z.literal(1100), z.literal(1101), z.literal(1102), z.literal(2110)]) }),
  /** Connections are accepted and held, and nothing is answered any more. */
  z.strictObject({ kind: z.literal('halfOpen'), on }),
  /** The connection breaks after that many orders of a client, before it hears of the last one. */
  z.strictObject({ kind: z.literal('dropDuringOrders'), after: count, clientId: z.int().optional() }),
  /** The next orders are taken without a word; asking for open orders tells of them. */
  z.strictObject({ kind: z.literal('swallowOrders'), count }),
  /** The next executions are sent twice. */
  z.strictObject({ kind: z.literal('duplicateExecutions'), count }),
  /** The next executions are sent again under the id of a correction, at another price: at once, or so much later. */
  z.strictObject({ kind: z.literal('correctExecutions'), count, priceChange: z.number(), delayMs: z.number().min(0).default(0) }),
  /** Commissions come late, or not at all. */
  z.strictObject({ kind: z.literal('lateCommissions'), delayMs: z.number().min(0) }),
  z.strictObject({ kind: z.literal('noCommissions'), on }),
  /** The next states of orders are left out, or told twice. */
  z.strictObject({ kind: z.literal('skipStatuses'), count }),
  z.strictObject({ kind: z.literal('repeatStatuses'), count }),
  /** The next answer to a what-if order comes first without values. */
  z.strictObject({ kind: z.literal('previewWithoutValues'), count }),
  /** The gateway goes down and comes back by itself, as it does every day. */
  z.strictObject({ kind: z.literal('restart'), downMs: z.number().min(0) }),
  /** The gateway goes down and stays down until someone logs in, as it does every week. */
  z.strictObject({ kind: z.literal('logout') }),
  z.strictObject({ kind: z.literal('login') }),
  /** The next messages of a kind have fields too many, or too few. */
  z.strictObject({ kind: z.literal('drift'), message: z.enum(messageNames), fields: z.int().refine((value) => value !== 0, 'expected a number other than 0'), count }),
  /** A client id is in use already: 326. */
  z.strictObject({ kind: z.literal('refuseClient'), clientId: z.int(), on }),
  z.strictObject({ kind: z.literal('readOnly'), on }),
  /** The server's clock is off by so much. */
  z.strictObject({ kind: z.literal('clockOffset'), ms: z.number() }),
  /** The next historical requests are refused for pacing. */
  z.strictObject({ kind: z.literal('pacing'), count }),
  /** A cancelled order fills before the cancel gets there. */
  z.strictObject({ kind: z.literal('fillBeforeCancel'), on }),
  z.strictObject({ kind: z.literal('cancelDelay'), ms: z.number().min(0) }),
  z.strictObject({ kind: z.literal('clear') }),
]);

export type Fault = z.infer<typeof faultSchema>;

/** Commands of the control port that the scenario runs by itself. */
export const scriptSchema = z.array(z.strictObject({
  afterMs: z.number().min(0).describe('Simulated time after the start.'),
  do: z.string().min(1).describe('Name of the command, such as `fault`; `{"do":"help"}` over the control port lists them.'),
  params: z.unknown().optional().describe('Its settings, such as `{ kind: restart, downMs: 60000 }`.'),
})).default([]);
