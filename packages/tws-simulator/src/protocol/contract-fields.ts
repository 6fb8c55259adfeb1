import type { FieldReader } from '../wire/field-reader.js';

/** A contract as a client describes it: by id, or by as much as it knows. Empty strings say nothing. */
export interface ContractQuery {
  readonly conId: number | undefined;
  readonly symbol: string;
  readonly securityType: string;
  /** Day or month: `20260618`, `202606`. */
  readonly expiry: string;
  readonly strike: number | undefined;
  readonly right: string;
  readonly multiplier: string;
  readonly exchange: string;
  readonly primaryExchange: string;
  readonly currency: string;
  readonly localSymbol: string;
  readonly tradingClass: string;
  readonly includeExpired: boolean;
}

/** The twelve fields that every request about a contract has. */
export function readContract(reader: FieldReader): ContractQuery {
  return {
    conId: reader.positiveInt(),
    symbol: reader.string(),
    securityType: reader.string().toUpperCase(),
    expiry: reader.string(),
    strike: reader.positiveDouble(),
    right: rightOf(reader.string()),
    multiplier: multiplierOf(reader.string()),
    exchange: reader.string().toUpperCase(),
    primaryExchange: reader.string().toUpperCase(),
    currency: reader.string().toUpperCase(),
    localSymbol: reader.string(),
    tradingClass: reader.string(),
    includeExpired: false,
  };
}

/** The same, with whether contracts that have expired are wanted. */
export function readContractWithExpired(reader: FieldReader): ContractQuery {
  const contract = readContract(reader);
  return { ...contract, includeExpired: reader.bool() };
}

/** A leg of a combination. */
export interface ComboLeg {
  readonly conId: number;
  readonly ratio: number;
  readonly action: string;
  readonly exchange: string;
}

/** Legs follow only when the contract is a combination. */
export function readComboLegs(reader: FieldReader, contract: ContractQuery): readonly ComboLeg[] {
  if (contract.securityType !== 'BAG') return [];
  return Array.from({ length: reader.int() }, () => ({ conId: reader.int(), ratio: reader.int(), action: reader.string(), exchange: reader.string() }));
}

/** Clients write a right that does not matter as nothing, `0` or `?`. */
const rightOf = (text: string): string => (text === '0' || text === '?' ? '' : text.toUpperCase());

/** `5`, `5.0` and `5.00` are one multiplier. */
function multiplierOf(text: string): string {
  const value = Number(text);
  return text === '' || !(value > 0) ? '' : String(value);
}
