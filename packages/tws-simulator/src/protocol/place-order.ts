import type { OrderForm } from '../orders/order-form.js';
import { numberOf } from '../orders/order-terms-of.js';
import type { FieldReader } from '../wire/field-reader.js';
import { SINCE } from './server-version.js';

/** A client's placeOrder. */
export interface PlaceOrderRequest {
  readonly orderId: number;
  readonly form: OrderForm;
}

const CONTRACT = [
  'conId', 'symbol', 'secType', 'lastTradeDateOrContractMonth', 'strike', 'right', 'multiplier', 'exchange', 'primaryExchange', 'currency', 'localSymbol', 'tradingClass',
  'secIdType', 'secId',
] as const;
const MAIN = [
  'action', 'totalQuantity', 'orderType', 'lmtPrice', 'auxPrice', 'tif', 'ocaGroup', 'account', 'openClose', 'origin', 'orderRef', 'transmit', 'parentId',
  'blockOrder', 'sweepToFill', 'displaySize', 'triggerMethod', 'outsideRth', 'hidden',
];
const AFTER_LEGS = ['sharesAllocation', 'discretionaryAmt', 'goodAfterTime', 'goodTillDate', 'faGroup', 'faMethod', 'faPercentage'];
const INSTITUTIONAL = [
  'modelCode', 'shortSaleSlot', 'designatedLocation', 'exemptCode', 'ocaType', 'rule80A', 'settlingFirm', 'allOrNone', 'minQty', 'percentOffset', 'eTradeOnly',
  'firmQuoteOnly', 'nbboPriceCap', 'auctionStrategy', 'startingPrice', 'stockRefPrice', 'delta', 'stockRangeLower', 'stockRangeUpper',
  'overridePercentageConstraints', 'volatility', 'volatilityType', 'deltaNeutralOrderType', 'deltaNeutralAuxPrice',
];
const DELTA_NEUTRAL = [
  'deltaNeutralConId', 'deltaNeutralSettlingFirm', 'deltaNeutralClearingAccount', 'deltaNeutralClearingIntent', 'deltaNeutralOpenClose', 'deltaNeutralShortSale',
  'deltaNeutralShortSaleSlot', 'deltaNeutralDesignatedLocation',
];
const TRAIL_AND_SCALE = ['continuousUpdate', 'referencePriceType', 'trailStopPrice', 'trailingPercent', 'scaleInitLevelSize', 'scaleSubsLevelSize', 'scalePriceIncrement'];
const SCALE = ['scalePriceAdjustValue', 'scalePriceAdjustInterval', 'scaleProfitOffset', 'scaleAutoReset', 'scaleInitPosition', 'scaleInitFillQty', 'scaleRandomPercent'];
const SCHEDULE = ['scaleTable', 'activeStartTime', 'activeStopTime', 'hedgeType'];
const CLEARING = ['optOutSmartRouting', 'clearingAccount', 'clearingIntent', 'notHeld'];
const AFTER_ALGO = ['algoId', 'whatIf', 'orderMiscOptions', 'solicited', 'randomizeSize', 'randomizePrice'];
const BENCHMARK = ['referenceContractId', 'isPeggedChangeAmountDecrease', 'peggedChangeAmount', 'referenceChangeAmount', 'referenceExchangeId'];
const ADJUSTED = [
  'adjustedOrderType', 'triggerPrice', 'lmtPriceOffset', 'adjustedStopPrice', 'adjustedStopLimitPrice', 'adjustedTrailingAmount', 'adjustableTrailingUnit',
  'extOperator', 'softDollarTierName', 'softDollarTierValue', 'cashQty', 'mifid2DecisionMaker', 'mifid2DecisionAlgo', 'mifid2ExecutionTrader',
  'mifid2ExecutionAlgo', 'dontUseAutoPriceForHedge', 'isOmsContainer', 'discretionaryUpToLimitPrice', 'usePriceMgmtAlgo', 'duration', 'postToAts',
  'autoCancelParent', 'advancedErrorOverride', 'manualOrderTime',
];

/** Fields of each condition after its type and conjunction: price, time, margin, execution, volume, percent change. */
const CONDITION_FIELDS: Readonly<Record<string, number>> = { '1': 5, '3': 2, '4': 2, '5': 3, '6': 4, '7': 4 };

/** Reads placeOrder as the server version lays it out. */
export function readPlaceOrder(reader: FieldReader, serverVersion: number): PlaceOrderRequest {
  const fields: Record<string, string> = {};
  const take = (names: readonly string[]): void => {
    for (const name of names) fields[name] = reader.string();
  };
  const rows = (width: number): string[][] => Array.from({ length: reader.int() }, () => Array.from({ length: width }, () => reader.string()));
  const field = (name: string): string => fields[name] ?? '';
  const orderId = reader.int();
  const contract = Object.fromEntries(CONTRACT.map((name) => [name, reader.string()])) as Record<(typeof CONTRACT)[number], string>;
  take(MAIN);
  const combination = contract.secType.toUpperCase() === 'BAG';
  const comboLegs = combination ? rows(8) : [];
  const comboLegPrices = combination ? rows(1).flat() : [];
  const smartComboRouting = combination ? rows(2) : [];
  take(AFTER_LEGS);
  if (serverVersion < SINCE.faProfileGone) take(['faProfile']);
  take(INSTITUTIONAL);
  if (field('deltaNeutralOrderType') !== '') take(DELTA_NEUTRAL);
  take(TRAIL_AND_SCALE);
  if ((numberOf(field('scalePriceIncrement')) ?? 0) > 0) take(SCALE);
  take(SCHEDULE);
  if (field('hedgeType') !== '') take(['hedgeParam']);
  take(CLEARING);
  const deltaNeutralContract = reader.bool() ? [reader.string(), reader.string(), reader.string()] : undefined;
  take(['algoStrategy']);
  const algoParams = field('algoStrategy') === '' ? [] : rows(2);
  take(AFTER_ALGO);
  const type = field('orderType').toUpperCase().replaceAll(' ', '');
  if (type === 'PEGBENCH') take(BENCHMARK);
  const conditions = Array.from({ length: reader.int() }, () => {
    const kind = reader.string();
    return [kind, ...Array.from({ length: 1 + (CONDITION_FIELDS[kind] ?? 0) }, () => reader.string())];
  });
  if (conditions.length > 0) take(['conditionsIgnoreRth', 'conditionsCancelOrder']);
  take(ADJUSTED);
  if (contract.exchange === 'IBKRATS') take(['minTradeQty']);
  if (type === 'PEGBEST') take(['minCompeteSize', 'competeAgainstBestOffset']);
  if (type === 'PEGMID' || (type === 'PEGBEST' && /^inf/i.test(field('competeAgainstBestOffset')))) take(['midOffsetAtWhole', 'midOffsetAtHalf']);
  if (serverVersion >= SINCE.customerAccount) take(['customerAccount']);
  if (serverVersion >= SINCE.professionalCustomer) take(['professionalCustomer']);
  if (serverVersion >= SINCE.rfqFields && serverVersion < SINCE.rfqFieldsGone) take(['externalUserId', 'rfqOrderIndicator']);
  if (serverVersion >= SINCE.includeOvernight) take(['includeOvernight']);
  if (serverVersion >= SINCE.cmeTaggingFields) take(['manualOrderIndicator']);
  return { orderId, form: { contract, fields, comboLegs, comboLegPrices, smartComboRouting, algoParams, conditions, deltaNeutralContract } };
}

/** A client's cancelOrder. */
export interface CancelOrderRequest {
  readonly orderId: number;
  readonly manualCancelTime: string;
  readonly extOperator: string;
}

/** Reads cancelOrder: until 192 with a version, then with the operator and whether a person did it. */
export function readCancelOrder(reader: FieldReader, serverVersion: number): CancelOrderRequest {
  const tagged = serverVersion >= SINCE.cmeTaggingFields;
  if (!tagged) reader.int();
  const orderId = reader.int();
  // Clients older than the field leave it out.
  const manualCancelTime = reader.stringOr('');
  return { orderId, manualCancelTime, extOperator: tagged ? reader.stringOr('') : '' };
}
