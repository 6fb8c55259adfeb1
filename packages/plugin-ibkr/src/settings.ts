import { z } from 'zod';

/** `config:` of the plugin: one connection, shared by the broker and the feed of an account. */
export const connectionSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Where IB Gateway or TWS listens.'),
  port: z.int().min(1).max(65_535).default(4002).describe('IB Gateway: 4002 paper, 4001 live. TWS: 7497 paper, 7496 live.'),
  clientId: z.int().min(0).max(2_147_483_647).default(1).describe('Number of this client; each running account needs its own. Orders belong to it: keep it.'),
  kind: z.enum(['paper', 'live']).default('paper').describe('What the login is expected to be; another one is refused.'),
  account: z.string().min(1).optional().describe('Account code; needed where the login has several.'),
  marketData: z.enum(['live', 'frozen', 'delayed', 'delayed-frozen']).default('live').describe('What quotes to ask for; delayed ones are named as such in the warnings.'),
  connectTimeoutMs: z.int().min(100).default(15_000).describe('Until the gateway has to be ready.'),
  requestTimeoutMs: z.int().min(100).default(60_000).describe('Until a question has to be answered.'),
  answerTimeoutMs: z.int().min(50).default(10_000).describe('Until an order has to be answered; then its outcome is unknown.'),
  heartbeatMs: z.int().min(100).default(10_000).describe('A connection that is silent for two of these is taken for lost.'),
});

export type ConnectionSettings = z.output<typeof connectionSchema>;
