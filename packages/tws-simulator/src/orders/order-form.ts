/** The contract's part of an order, in the wire's words. */
export interface ContractForm {
  readonly conId: string;
  readonly symbol: string;
  readonly secType: string;
  readonly lastTradeDateOrContractMonth: string;
  readonly strike: string;
  readonly right: string;
  readonly multiplier: string;
  readonly exchange: string;
  readonly primaryExchange: string;
  readonly currency: string;
  readonly localSymbol: string;
  readonly tradingClass: string;
  readonly secIdType: string;
  readonly secId: string;
}

/**
 * An order as a client sent it: every field by its name, as text. Most of them mean nothing to the
 * simulator and are kept to be echoed in openOrder.
 */
export interface OrderForm {
  readonly contract: ContractForm;
  readonly fields: Readonly<Record<string, string>>;
  /** conId, ratio, action, exchange, openClose, shortSaleSlot, designatedLocation, exemptCode. */
  readonly comboLegs: readonly (readonly string[])[];
  readonly comboLegPrices: readonly string[];
  readonly smartComboRouting: readonly (readonly string[])[];
  readonly algoParams: readonly (readonly string[])[];
  /** Type, conjunction and the type's own fields. */
  readonly conditions: readonly (readonly string[])[];
  /** conId, delta, price. */
  readonly deltaNeutralContract?: readonly string[] | undefined;
}
