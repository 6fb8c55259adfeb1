/** Messages from a client, by the first field. */
export const REQUEST = {
  marketData: 1, cancelMarketData: 2, placeOrder: 3, cancelOrder: 4, openOrders: 5, accountUpdates: 6, executions: 7, ids: 8,
  contractDetails: 9, marketDepth: 10, cancelMarketDepth: 11, newsBulletins: 12, cancelNewsBulletins: 13, serverLogLevel: 14,
  autoOpenOrders: 15, allOpenOrders: 16, managedAccounts: 17, financialAdvisor: 18, replaceFinancialAdvisor: 19, historicalData: 20,
  exerciseOptions: 21, scanner: 22, cancelScanner: 23, scannerParameters: 24, cancelHistoricalData: 25,
  currentTime: 49, realTimeBars: 50, cancelRealTimeBars: 51, fundamentalData: 52, cancelFundamentalData: 53,
  impliedVolatility: 54, optionPrice: 55, cancelImpliedVolatility: 56, cancelOptionPrice: 57, globalCancel: 58, marketDataType: 59,
  positions: 61, accountSummary: 62, cancelAccountSummary: 63, cancelPositions: 64, displayGroups: 67, subscribeToGroup: 68,
  updateGroup: 69, unsubscribeFromGroup: 70, startApi: 71, positionsMulti: 74, cancelPositionsMulti: 75, accountUpdatesMulti: 76,
  cancelAccountUpdatesMulti: 77, optionParameters: 78, softDollarTiers: 79, familyCodes: 80, matchingSymbols: 81,
  marketDepthExchanges: 82, smartComponents: 83, newsArticle: 84, newsProviders: 85, historicalNews: 86, headTimestamp: 87,
  histogram: 88, cancelHistogram: 89, cancelHeadTimestamp: 90, marketRule: 91, pnl: 92, cancelPnl: 93, pnlSingle: 94,
  cancelPnlSingle: 95, historicalTicks: 96, tickByTick: 97, cancelTickByTick: 98, completedOrders: 99, wshMetaData: 100,
  cancelWshMetaData: 101, wshEventData: 102, cancelWshEventData: 103, userInfo: 104,
} as const;

/** Messages to a client, by the first field. */
export const RESPONSE = {
  tickPrice: 1, tickSize: 2, orderStatus: 3, error: 4, openOrder: 5, accountValue: 6, portfolioValue: 7, accountUpdateTime: 8,
  nextValidId: 9, contractData: 10, executionData: 11, marketDepth: 12, marketDepthL2: 13, newsBulletins: 14, managedAccounts: 15,
  financialAdvisor: 16, historicalData: 17, bondContractData: 18, scannerParameters: 19, scannerData: 20, optionComputation: 21,
  tickGeneric: 45, tickString: 46, tickEfp: 47, currentTime: 49, realTimeBars: 50, fundamentalData: 51, contractDataEnd: 52,
  openOrderEnd: 53, accountDownloadEnd: 54, executionDataEnd: 55, deltaNeutralValidation: 56, tickSnapshotEnd: 57, marketDataType: 58,
  commissionReport: 59, position: 61, positionEnd: 62, accountSummary: 63, accountSummaryEnd: 64, displayGroupList: 67,
  displayGroupUpdated: 68, positionMulti: 71, positionMultiEnd: 72, accountUpdateMulti: 73, accountUpdateMultiEnd: 74,
  optionParameters: 75, optionParametersEnd: 76, softDollarTiers: 77, familyCodes: 78, symbolSamples: 79, marketDepthExchanges: 80,
  tickReqParams: 81, smartComponents: 82, newsArticle: 83, tickNews: 84, newsProviders: 85, historicalNews: 86, historicalNewsEnd: 87,
  headTimestamp: 88, histogram: 89, historicalDataUpdate: 90, rerouteMarketData: 91, rerouteMarketDepth: 92, marketRule: 93, pnl: 94,
  pnlSingle: 95, historicalTicks: 96, historicalTicksBidAsk: 97, historicalTicksLast: 98, tickByTick: 99, orderBound: 100,
  completedOrder: 101, completedOrdersEnd: 102, replaceFinancialAdvisorEnd: 103, wshMetaData: 104, wshEventData: 105,
  historicalSchedule: 106, userInfo: 107,
} as const;

/** Requests that are not simulated, by the field that their own id stands in. Those that are not listed have none. */
const ID_FIELDS: Readonly<Record<number, number>> = {
  [REQUEST.exerciseOptions]: 2, [REQUEST.scanner]: 1, [REQUEST.cancelScanner]: 2, [REQUEST.fundamentalData]: 2, [REQUEST.cancelFundamentalData]: 2,
  [REQUEST.impliedVolatility]: 2, [REQUEST.optionPrice]: 2, [REQUEST.cancelImpliedVolatility]: 2, [REQUEST.cancelOptionPrice]: 2,
  [REQUEST.displayGroups]: 2, [REQUEST.subscribeToGroup]: 2, [REQUEST.updateGroup]: 2, [REQUEST.unsubscribeFromGroup]: 2,
  [REQUEST.newsArticle]: 1, [REQUEST.historicalNews]: 1,
  [REQUEST.wshMetaData]: 1, [REQUEST.cancelWshMetaData]: 1, [REQUEST.wshEventData]: 1, [REQUEST.cancelWshEventData]: 1,
};

/** The id that a client waits under for the answer to a request that is not simulated; -1 when it has none. */
export function idOfUnsimulated(fields: readonly string[]): number {
  const id = Number.parseInt(fields[ID_FIELDS[Number(fields[0])] ?? -1] ?? '', 10);
  return Number.isNaN(id) ? -1 : id;
}

const REQUEST_NAMES: ReadonlyMap<number, string> = new Map(Object.entries(REQUEST).map(([name, id]) => [id, name]));

/** For the log. */
export const requestName = (id: number): string => REQUEST_NAMES.get(id) ?? `request ${id}`;
