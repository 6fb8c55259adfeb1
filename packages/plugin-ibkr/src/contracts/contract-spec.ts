import type { Instrument } from '@keelson/core/domain';
import { ConfigError } from '@keelson/core/errors';
import type { Contract, SecType } from '@stoqey/ib';
import { z } from 'zod';
import { aliasOf } from './aliases.js';

const rollSchema = z
  .strictObject({
    by: z.enum(['days-before-expiry', 'volume', 'open-interest']).default('days-before-expiry').describe('`volume`: the expiry that traded most on the last finished day; `open-interest`: the one in which most contracts are open; `days` is then the latest.'),
    days: z.int().min(0).max(90).default(8).describe('An expiry is entered no more so many calendar days before its last trading day, or before its first notice day where that comes earlier.'),
    position: z.enum(['flatten', 'hold', 'reopen']).default('flatten').describe('A position that is still open `leaveDays` before that day is left at the market; `hold`: it is only warned of; `reopen`: it is left as soon as the expiry is entered no more, and entered anew in the next one.'),
    leaveDays: z.int().min(0).max(30).default(2).describe('Business days; the days before `days` count first.'),
  });

/** `symbols.ibkr` of an instrument; whatever is absent follows from its type and id. */
export const contractSpecSchema = z.strictObject({
  symbol: z.string().min(1).optional().describe("Underlying's symbol at Interactive Brokers, e.g. EUR for the future 6E."),
  secType: z.enum(['FUT', 'CONTFUT', 'STK', 'CASH', 'CRYPTO', 'IND']).optional().describe('Kind of contract.'),
  exchange: z.string().min(1).optional(),
  primaryExchange: z.string().min(1).optional().describe('Tells stocks of one symbol apart.'),
  currency: z.string().min(1).optional(),
  tradingClass: z.string().min(1).optional(),
  localSymbol: z.string().min(1).optional().describe('Name of one contract, e.g. MESZ6.'),
  contractMonth: z.string().regex(/^\d{6}(\d{2})?$/, { error: 'expected YYYYMM or YYYYMMDD' }).optional().describe('Fixes the expiry of a future: it is not rolled.'),
  conId: z.int().positive().optional().describe('Names one contract.'),
  roll: rollSchema.prefault({}).describe('Which expiry of a future is traded.'),
});

export type ContractSpec = z.output<typeof contractSpecSchema>;

/** What is asked of the gateway, and which of the answers counts. */
export type ContractQuery = { readonly contract: Contract; readonly spec: ContractSpec; readonly fixed: boolean };

const SEC_TYPES: Readonly<Record<Instrument['type'], string>> = { future: 'FUT', stock: 'STK', spot: 'CASH', forex: 'CASH', perpetual: 'CRYPTO' };

/** @throws ConfigError `CFG_TYPE` for a `symbols.ibkr` that cannot be read */
export function queryOf(instrument: Instrument): ContractQuery {
  const at = `instruments[${instrument.id}].symbols.ibkr`;
  const given: unknown = instrument.symbols.ibkr;
  const parsed = contractSpecSchema.safeParse(typeof given === 'string' ? {} : (given ?? {}));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigError('CFG_TYPE', `${at}${issue === undefined || issue.path.length === 0 ? '' : `.${issue.path.join('.')}`}: ${issue?.message ?? 'cannot be read'}`, { hint: 'see the how-to page of Interactive Brokers' });
  }
  const spec = parsed.data;
  const name = typeof given === 'string' ? given : (spec.symbol ?? instrument.id);
  const alias = aliasOf(name, instrument.type);
  const secType = spec.secType ?? alias?.secType ?? SEC_TYPES[instrument.type];
  const symbol = alias?.symbol ?? name;
  const exchange = spec.exchange ?? alias?.exchange ?? defaultExchange(secType, instrument.venue);
  const contract: Contract = {
    secType: secType as SecType,
    symbol,
    exchange,
    currency: spec.currency ?? alias?.currency ?? instrument.currency,
    ...(spec.primaryExchange === undefined ? {} : { primaryExch: spec.primaryExchange }),
    ...(spec.tradingClass === undefined ? {} : { tradingClass: spec.tradingClass }),
    ...(spec.localSymbol === undefined ? {} : { localSymbol: spec.localSymbol }),
    ...(spec.contractMonth === undefined ? {} : { lastTradeDateOrContractMonth: spec.contractMonth }),
    ...(spec.conId === undefined ? {} : { conId: spec.conId }),
  };
  return { contract, spec, fixed: spec.conId !== undefined || spec.localSymbol !== undefined || spec.contractMonth !== undefined };
}

function defaultExchange(secType: string, venue: string): string {
  if (secType === 'STK') return 'SMART';
  if (secType === 'CASH') return 'IDEALPRO';
  if (secType === 'CRYPTO') return 'PAXOS';
  return venue;
}
