import { StepGrid, type Instrument } from '@keelson/core/domain';
import { ConfigError, isKeelsonError } from '@keelson/core/errors';
import type { Contract, ContractDetails } from '@stoqey/ib';
import type { IbGateway } from '../gateway/gateway.js';
import { byActivity, byDaysBeforeExpiry, tradedExpiries } from './choose-expiry.js';
import { lastTradeDay } from './contract-days.js';
import { queryOf } from './contract-spec.js';
import { zoneOf } from './gateway-time.js';
import { priceSteps, type PriceStep, type PriceSteps } from './price-steps.js';

/** A contract that an instrument stands for now. */
export type ResolvedContract = {
  readonly instrument: Instrument;
  /** With conId and exchange: names exactly one. */
  readonly contract: Contract;
  readonly details: ContractDetails;
  /** What its prices lie on at its exchange. */
  readonly steps: PriceSteps;
  /** IANA name of the exchange's zone. */
  readonly timeZone: string;
};

/**
 * Finds the one contract of an instrument, and holds its multiplier, tick and currency against the account's.
 * @param activityOf what is done in an expiry, by volume or by open interest
 * @throws ConfigError `CFG_REFERENCE` for none or several, `CFG_CONFLICT` for one that differs
 */
export async function resolveContract(gateway: IbGateway, instrument: Instrument, now: number, activityOf: (details: ContractDetails, by: 'volume' | 'open-interest') => Promise<number | undefined>): Promise<ResolvedContract> {
  const { contract: wanted, spec, fixed } = queryOf(instrument);
  const isUnknown = (thrown: unknown): boolean => isKeelsonError(thrown) && thrown.context.number === 200;
  const found = await contractDetails(gateway, wanted).catch(async (thrown: unknown) => {
    if (!isUnknown(thrown)) throw thrown;
    // the gateway keeps expired ones to itself unless it is asked for them: who names one is told so
    if (wanted.secType === 'FUT' && fixed) return contractDetails(gateway, { ...wanted, includeExpired: true }).catch(() => { throw notFound(instrument, wanted); });
    throw notFound(instrument, wanted);
  });
  let details: ContractDetails | undefined;
  if (wanted.secType === 'FUT' && !fixed) {
    const expiries = tradedExpiries(found, now);
    const { by, days } = spec.roll;
    details = by === 'days-before-expiry' ? byDaysBeforeExpiry(expiries, now, days) : await byActivity(expiries, now, days, (each) => activityOf(each, by));
  } else {
    if (found.length > 1) {
      throw new ConfigError('CFG_REFERENCE', `${instrument.id} fits ${found.length} contracts: ${found.slice(0, 6).map(describe).join('; ')}`, { hint: 'name one with symbols.ibkr: exchange, primaryExchange, tradingClass, localSymbol or conId' });
    }
    [details] = found;
    if (details !== undefined && wanted.secType === 'FUT' && tradedExpiries([details], now).length === 0) {
      throw new ConfigError('CFG_REFERENCE', `${instrument.id} is ${describe(details)}, which expired on ${lastTradeDay(details)}`, { hint: 'take symbols.ibkr.contractMonth, localSymbol or conId out, and the expiry is chosen and rolled' });
    }
  }
  if (details === undefined) throw notFound(instrument, wanted);
  const steps = await priceSteps(gateway, details, wanted.exchange);
  agree(instrument, details, steps);
  const { conId, symbol, secType, exchange, currency, localSymbol, lastTradeDateOrContractMonth, multiplier, tradingClass } = details.contract;
  const contract = withoutAbsent({ conId, symbol, secType, exchange: wanted.exchange ?? exchange, currency, localSymbol, lastTradeDateOrContractMonth: lastTradeDateOrContractMonth === undefined ? undefined : lastTradeDay(details), multiplier, tradingClass });
  return { instrument, contract, details, steps: { own: new StepGrid(instrument.tickSize), venue: steps }, timeZone: zoneOf(details.timeZoneId ?? 'UTC') };
}

/** All contracts that fit a description. */
export function contractDetails(gateway: IbGateway, wanted: Contract): Promise<ContractDetails[]> {
  return gateway.ask<ContractDetails>(
    `the contract ${wanted.symbol ?? wanted.conId}`,
    (ib, id) => ib.reqContractDetails(id, wanted),
    (event, args, found) => {
      if (event === 'contractDetails') found.push(args[1] as ContractDetails);
      return event === 'contractDetailsEnd';
    },
  );
}

function describe({ contract }: ContractDetails): string {
  return [contract.localSymbol ?? contract.symbol, contract.secType, contract.exchange, contract.currency, contract.conId].join(' ');
}

function notFound(instrument: Instrument, { symbol, localSymbol, lastTradeDateOrContractMonth: month, secType, exchange, currency }: Contract): ConfigError {
  const name = [secType, symbol, localSymbol, month].filter((part) => part !== undefined).join(' ');
  return new ConfigError('CFG_REFERENCE', `${instrument.id} was looked for as ${name} on ${exchange} in ${currency}, and no such contract is known`, { hint: 'set symbols.ibkr: symbol, exchange, and what else names it' });
}

/** Money is computed with the account's numbers: they must be the venue's. */
function agree(instrument: Instrument, details: ContractDetails, steps: readonly PriceStep[]): void {
  const differences: string[] = [];
  const { contract } = details;
  const multiplier = Number(contract.multiplier ?? 1) || 1;
  const magnifier = details.priceMagnifier ?? 1;
  if (multiplier / magnifier !== instrument.multiplier) differences.push(`multiplier is ${multiplier / magnifier} there and ${instrument.multiplier} here`);
  if (contract.currency !== undefined && contract.currency !== instrument.currency) differences.push(`currency is ${contract.currency} there and ${instrument.currency} here`);
  if (steps.length > 0 && !steps.some(({ grid }) => grid.holds(instrument.tickSize))) differences.push(`tickSize is ${steps.map(({ grid }) => grid.value(1)).join(' or ')} there and ${instrument.tickSize} here`);
  if (differences.length > 0) throw new ConfigError('CFG_CONFLICT', `${instrument.id} differs from ${describe(details)}: ${differences.join(', ')}`, { hint: 'set the instrument to what the venue has' });
}

function withoutAbsent(contract: { readonly [Key in keyof Contract]: Contract[Key] | undefined }): Contract {
  return Object.fromEntries(Object.entries(contract).filter(([, value]) => value !== undefined)) as Contract;
}
