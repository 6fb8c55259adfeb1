import type { MarginImpact } from '../accounts/sim-account.js';
import type { SimOrder } from '../matching/sim-order.js';
import { isDone } from '../matching/sim-order.js';
import { numberOf } from '../orders/order-terms-of.js';
import { OutgoingMessage } from '../wire/outgoing-message.js';
import { UNSET_DOUBLE, UNSET_INTEGER, UNSET_LONG } from '../wire/unset.js';
import { RESPONSE } from './message-ids.js';
import { SINCE } from './server-version.js';

/** The contract of an order or position, as messages show it. */
export interface ShownContract {
  readonly conId: number;
  readonly symbol: string;
  readonly securityType: string;
  /** `20260618`; empty for what does not expire. */
  readonly lastTradeDate: string;
  /** Empty for what trades in units. */
  readonly multiplier: string;
  readonly exchange: string;
  readonly currency: string;
  readonly localSymbol: string;
  readonly tradingClass: string;
}

/** What openOrder shows besides the order itself. */
export interface OrderShown {
  /** 0 in what other clients see. */
  readonly orderId: number;
  readonly status: string;
  readonly parentId: number;
  /** Margin and commission of an order that was only asked about. */
  readonly preview?: { readonly impact: MarginImpact; readonly commission: number; readonly currency: string } | undefined;
}

/** openOrder: everything about an order, in the layout of the server version. */
export function openOrderMessage(serverVersion: number, order: SimOrder, contract: ShownContract, shown: OrderShown): OutgoingMessage {
  const out = new OrderWriter(RESPONSE.openOrder, order);
  out.int(shown.orderId);
  writeContract(out, contract);
  writeMain(out, order);
  out.int(order.clientId).int(order.permId).flag('outsideRth').flag('hidden').echo('discretionaryAmt', '0').echo('goodAfterTime');
  out.text(order.permId === 0 ? '' : `${order.permId}.0/${order.account}/${order.quantity}`);
  writeAdvisor(out, serverVersion);
  out.echo('modelCode').echo('goodTillDate').echo('rule80A').echo('percentOffset').echo('settlingFirm').echo('shortSaleSlot', '0').echo('designatedLocation').echo('exemptCode', '-1');
  out.echo('auctionStrategy', '0').echo('startingPrice').echo('stockRefPrice').echo('delta').echo('stockRangeLower').echo('stockRangeUpper').echo('displaySize', UNSET_INTEGER);
  out.flag('blockOrder').flag('sweepToFill').flag('allOrNone').echo('minQty').int(order.terms.ocaType).flag('eTradeOnly').flag('firmQuoteOnly').echo('nbboPriceCap');
  out.int(shown.parentId).echo('triggerMethod', '0');
  writeVolatility(out, true);
  writeTrail(out, order);
  out.text('').text('');
  writeCombination(out, order);
  writeScaleAndHedge(out);
  out.flag('optOutSmartRouting').echo('clearingAccount').echo('clearingIntent', 'IB');
  writeAlgo(out, order);
  out.flag('solicited').flag('whatIf').text(shown.status);
  writePreview(out, shown);
  out.flag('randomizeSize').flag('randomizePrice');
  writeConditions(out, order);
  out.echo('adjustedOrderType', 'None').echo('triggerPrice', UNSET_DOUBLE).text(stopText(order, UNSET_DOUBLE)).echo('lmtPriceOffset', UNSET_DOUBLE);
  out.echo('adjustedStopPrice', UNSET_DOUBLE).echo('adjustedStopLimitPrice', UNSET_DOUBLE).echo('adjustedTrailingAmount', UNSET_DOUBLE).echo('adjustableTrailingUnit', '0');
  out.echo('softDollarTierName').echo('softDollarTierValue').text('').echo('cashQty', '0').flag('dontUseAutoPriceForHedge').flag('isOmsContainer');
  out.flag('discretionaryUpToLimitPrice').flag('usePriceMgmtAlgo').echo('duration').echo('postToAts').flag('autoCancelParent');
  out.echo('minTradeQty').echo('minCompeteSize').echo('competeAgainstBestOffset').echo('midOffsetAtWhole').echo('midOffsetAtHalf');
  if (serverVersion >= SINCE.customerAccount) out.echo('customerAccount');
  if (serverVersion >= SINCE.professionalCustomer) out.flag('professionalCustomer');
  if (serverVersion >= SINCE.bondAccruedInterest) out.text('');
  if (serverVersion >= SINCE.includeOvernight) out.flag('includeOvernight');
  if (serverVersion >= SINCE.cmeTaggingInOpenOrder) out.echo('extOperator').echo('manualOrderIndicator', UNSET_INTEGER);
  return out.message;
}

/** completedOrder: an order that filled, was cancelled or was refused. */
export function completedOrderMessage(serverVersion: number, order: SimOrder, contract: ShownContract, completedTime: string, parentPermId: number): OutgoingMessage {
  const out = new OrderWriter(RESPONSE.completedOrder, order);
  writeContract(out, contract);
  writeMain(out, order);
  out.int(order.permId).flag('outsideRth').flag('hidden').echo('discretionaryAmt', '0').echo('goodAfterTime');
  writeAdvisor(out, serverVersion);
  out.echo('modelCode').echo('goodTillDate').echo('rule80A').echo('percentOffset').echo('settlingFirm').echo('shortSaleSlot', '0').echo('designatedLocation').echo('exemptCode', '-1');
  out.echo('startingPrice').echo('stockRefPrice').echo('delta').echo('stockRangeLower').echo('stockRangeUpper').echo('displaySize', UNSET_INTEGER);
  out.flag('sweepToFill').flag('allOrNone').echo('minQty').int(order.terms.ocaType).echo('triggerMethod', '0');
  writeVolatility(out, false);
  writeTrail(out, order);
  writeCombination(out, order);
  writeScaleAndHedge(out);
  out.echo('clearingAccount').echo('clearingIntent', 'IB');
  writeAlgo(out, order);
  out.flag('solicited').text(order.status).flag('randomizeSize').flag('randomizePrice');
  writeConditions(out, order);
  out.text(stopText(order, UNSET_DOUBLE)).echo('lmtPriceOffset', UNSET_DOUBLE).echo('cashQty', '0').flag('dontUseAutoPriceForHedge').flag('isOmsContainer').text('');
  out.text(String(order.filled)).text(UNSET_INTEGER).flag('autoCancelParent').text('Not an insider or substantial shareholder').text('0').text('0').text(parentPermId === 0 ? UNSET_LONG : String(parentPermId));
  out.text(completedTime).text(order.doneText ?? '');
  out.echo('minTradeQty').echo('minCompeteSize').echo('competeAgainstBestOffset').echo('midOffsetAtWhole').echo('midOffsetAtHalf');
  if (serverVersion >= SINCE.customerAccount) out.echo('customerAccount');
  if (serverVersion >= SINCE.professionalCustomer) out.flag('professionalCustomer');
  return out.message;
}

/** Writes an order's fields, as they came or as the venue shows what was left unset. */
class OrderWriter {
  readonly message: OutgoingMessage;

  constructor(id: number, private readonly order: SimOrder) {
    this.message = new OutgoingMessage(id);
  }

  text(value: string): this {
    this.message.string(value);
    return this;
  }

  int(value: number): this {
    this.message.int(value);
    return this;
  }

  /** A field as the client sent it; `unset` when it sent nothing or one of the largest numbers. */
  echo(name: string, unset = ''): this {
    const value = this.order.form.fields[name] ?? '';
    return this.text(value === '' || value === UNSET_INTEGER || Number(value) === Number.MAX_VALUE ? unset : value);
  }

  flag(name: string): this {
    const value = (this.order.form.fields[name] ?? '').toLowerCase();
    return this.text(value === '1' || value === 'true' ? '1' : '0');
  }

  rows(rows: readonly (readonly string[])[]): this {
    this.int(rows.length);
    for (const row of rows) for (const value of row) this.text(value);
    return this;
  }

  /** 0 when it is unset. */
  number(name: string): number {
    return numberOf(this.order.form.fields[name] ?? '') ?? 0;
  }

  has(name: string): boolean {
    return (this.order.form.fields[name] ?? '') !== '';
  }
}

function writeContract(out: OrderWriter, contract: ShownContract): void {
  out.int(contract.conId).text(contract.symbol).text(contract.securityType).text(contract.lastTradeDate).text('0').text('?').text(contract.multiplier);
  out.text(contract.exchange).text(contract.currency).text(contract.localSymbol).text(contract.tradingClass);
}

function writeMain(out: OrderWriter, order: SimOrder): void {
  out.text(order.terms.action).text(String(isDone(order) && order.status === 'Filled' ? order.filled : order.quantity)).text(order.terms.type).echo('lmtPrice', '0.0').echo('auxPrice', '0.0');
  out.text(order.terms.tif).echo('ocaGroup').text(order.account).echo('openClose').echo('origin', '0').echo('orderRef');
}

function writeAdvisor(out: OrderWriter, serverVersion: number): void {
  out.echo('faGroup').echo('faMethod').echo('faPercentage');
  if (serverVersion < SINCE.faProfileGone) out.echo('faProfile');
}

/** Eight fields follow a hedging type, and the venue always writes one: `None`. Completed orders leave out the clearing. */
function writeVolatility(out: OrderWriter, open: boolean): void {
  out.echo('volatility').echo('volatilityType', '0').echo('deltaNeutralOrderType', 'None').echo('deltaNeutralAuxPrice').echo('deltaNeutralConId', '0');
  if (open) out.echo('deltaNeutralSettlingFirm').echo('deltaNeutralClearingAccount').echo('deltaNeutralClearingIntent').echo('deltaNeutralOpenClose', '?');
  out.flag('deltaNeutralShortSale').echo('deltaNeutralShortSaleSlot', '0').echo('deltaNeutralDesignatedLocation').flag('continuousUpdate').echo('referencePriceType', '0');
}

function writeTrail(out: OrderWriter, order: SimOrder): void {
  out.text(stopText(order, '')).echo('trailingPercent');
}

const stopText = (order: SimOrder, unset: string): string => (order.stopPrice === undefined ? unset : String(order.stopPrice));

function writeCombination(out: OrderWriter, { form }: SimOrder): void {
  out.text('').rows(form.comboLegs).rows(form.comboLegPrices.map((price) => [price])).rows(form.smartComboRouting);
}

function writeScaleAndHedge(out: OrderWriter): void {
  out.echo('scaleInitLevelSize', UNSET_INTEGER).echo('scaleSubsLevelSize', UNSET_INTEGER).echo('scalePriceIncrement');
  if (out.number('scalePriceIncrement') > 0) {
    out.echo('scalePriceAdjustValue').echo('scalePriceAdjustInterval').echo('scaleProfitOffset').flag('scaleAutoReset').echo('scaleInitPosition').echo('scaleInitFillQty').flag('scaleRandomPercent');
  }
  out.echo('hedgeType');
  if (out.has('hedgeType')) out.echo('hedgeParam');
}

function writeAlgo(out: OrderWriter, { form }: SimOrder): void {
  out.flag('notHeld').text(form.deltaNeutralContract === undefined ? '0' : '1');
  for (const value of form.deltaNeutralContract ?? []) out.text(value);
  out.echo('algoStrategy');
  if (out.has('algoStrategy')) out.rows(form.algoParams);
}

function writeConditions(out: OrderWriter, { form }: SimOrder): void {
  if (form.fields.referenceContractId !== undefined) {
    out.echo('referenceContractId').flag('isPeggedChangeAmountDecrease').echo('peggedChangeAmount').echo('referenceChangeAmount').echo('referenceExchangeId');
  }
  out.rows(form.conditions);
  if (form.conditions.length > 0) out.flag('conditionsIgnoreRth').flag('conditionsCancelOrder');
}

/** Nine amounts of margin and equity, commission and its range, currency, warning. */
function writePreview(out: OrderWriter, { preview }: OrderShown): void {
  if (preview === undefined) {
    for (let count = 0; count < 9; count += 1) out.text(UNSET_DOUBLE);
    out.text('').text('').text('').text('').text('');
    return;
  }
  const { impact, commission, currency } = preview;
  const before = [impact.initialBefore, impact.maintenanceBefore, impact.equityBefore];
  const after = [impact.initialAfter, impact.maintenanceAfter, impact.equityAfter];
  const change = after.map((value, index) => value - (before[index] as number));
  for (const amount of [...before, ...change, ...after]) out.text(amount.toFixed(2));
  out.text(String(commission)).text('').text('').text(currency).text('');
}
