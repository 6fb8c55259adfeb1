import type { AccountLine } from '../protocol/account-messages.js';
import type { AccountValues } from './sim-account.js';

/** Every value that is an amount of money, by the venue's key. */
function amountsOf(values: AccountValues): Readonly<Record<string, number>> {
  const { cash, equity, initialMargin, maintenanceMargin, availableFunds, excessLiquidity } = values;
  return {
    AccruedCash: 0,
    AvailableFunds: availableFunds,
    BuyingPower: values.buyingPower,
    EquityWithLoanValue: equity,
    ExcessLiquidity: excessLiquidity,
    FullAvailableFunds: availableFunds,
    FullExcessLiquidity: excessLiquidity,
    FullInitMarginReq: initialMargin,
    FullMaintMarginReq: maintenanceMargin,
    GrossPositionValue: values.grossPositionValue,
    InitMarginReq: initialMargin,
    LookAheadAvailableFunds: availableFunds,
    LookAheadExcessLiquidity: excessLiquidity,
    LookAheadInitMarginReq: initialMargin,
    LookAheadMaintMarginReq: maintenanceMargin,
    MaintMarginReq: maintenanceMargin,
    NetLiquidation: equity,
    PreviousDayEquityWithLoanValue: equity - values.dailyProfit,
    SMA: availableFunds,
    SettledCash: cash,
    TotalCashValue: cash,
  };
}

/** Values that are no money: kind of account, ratios, counts. */
function factsOf({ equity, excessLiquidity, grossPositionValue }: AccountValues): Readonly<Record<string, string>> {
  return {
    AccountType: 'INDIVIDUAL',
    Cushion: equity === 0 ? '0' : (excessLiquidity / equity).toFixed(6),
    DayTradesRemaining: '-1',
    HighestSeverity: '0',
    Leverage: equity === 0 ? '0.00' : (grossPositionValue / equity).toFixed(2),
    LookAheadNextChange: '0',
  };
}

/** The ledger of a currency; the simulator keeps all money in the base currency. */
function ledgerOf(values: AccountValues, currency: string): AccountLine[] {
  const amounts = {
    CashBalance: values.cash, TotalCashBalance: values.cash, StockMarketValue: values.securities, FuturesPNL: values.futuresProfit,
    NetLiquidationByCurrency: values.equity, UnrealizedPnL: values.unrealized, RealizedPnL: values.realized, ExchangeRate: 1,
  };
  return [{ key: 'Currency', value: currency, currency }, ...Object.entries(amounts).map(([key, amount]) => line(key, amount, currency))];
}

/** What reqAccountUpdates tells of an account. */
export function accountLines(account: string, values: AccountValues, baseCurrency: string): readonly AccountLine[] {
  return [
    { key: 'AccountCode', value: account, currency: '' },
    { key: 'AccountOrGroup', value: account, currency: baseCurrency },
    { key: 'AccountReady', value: 'true', currency: '' },
    ...Object.entries(factsOf(values)).map(([key, value]) => ({ key, value, currency: '' })),
    ...Object.entries(amountsOf(values)).map(([key, amount]) => line(key, amount, baseCurrency)),
    ...ledgerOf(values, 'BASE'),
    ...ledgerOf(values, baseCurrency),
  ];
}

/**
 * What reqAccountSummary tells of an account, for the tags that were asked for. `$LEDGER` is the
 * ledger of the base currency, `$LEDGER:ALL` that of every currency.
 */
export function summaryLines(values: AccountValues, tags: readonly string[], baseCurrency: string): readonly AccountLine[] {
  const amounts = amountsOf(values);
  const facts = factsOf(values);
  return tags.flatMap((tag) => {
    if (tag === '$LEDGER') return ledgerOf(values, 'BASE');
    if (tag === '$LEDGER:ALL') return [...ledgerOf(values, baseCurrency), ...ledgerOf(values, 'BASE')];
    if (tag.startsWith('$LEDGER:')) return tag.slice(8) === baseCurrency ? ledgerOf(values, baseCurrency) : [];
    const amount = amounts[tag];
    if (amount !== undefined) return [line(tag, amount, baseCurrency)];
    const fact = facts[tag];
    return fact === undefined ? [] : [{ key: tag, value: fact, currency: '' }];
  });
}

const line = (key: string, amount: number, currency: string): AccountLine => ({ key, value: amount.toFixed(2), currency });
