import {
  ConjunctionConnection, MarginCondition, OrderAction, OrderType, PriceCondition, SecType, TimeCondition, TimeInForce, TriggerMethod, type Order,
} from '@stoqey/ib';
import { describe, expect, it } from 'vitest';
import { IbClient } from '../../testing/ib-client.js';
import { startSimulator } from '../../testing/start-simulator.js';

const MES = { symbol: 'MES', secType: SecType.FUT, exchange: 'CME', currency: 'USD', localSymbol: 'MESM6' };
const BASE: Order = { action: OrderAction.BUY, orderType: OrderType.LMT, lmtPrice: 4000, totalQuantity: 10, tif: TimeInForce.GTC, transmit: true };

/** Fields by the blocks of the layout that they open. */
const BLOCKS: Readonly<Record<string, Partial<Order>>> = {
  main: { ocaGroup: 'g', openClose: 'O', origin: 1, orderRef: 'ref;|=', blockOrder: true, sweepToFill: true, displaySize: 3, triggerMethod: 2, outsideRth: true, hidden: true, discretionaryAmt: 0.25 },
  advisor: { faGroup: 'All', faMethod: 'NetLiq', faPercentage: '10', modelCode: 'm' },
  institution: { shortSaleSlot: 1, designatedLocation: 'here', exemptCode: 2, rule80A: 'A', settlingFirm: 'F', allOrNone: false, minQty: 2, percentOffset: 0.1, auctionStrategy: 1, startingPrice: 1.5, stockRefPrice: 2.5, delta: 0.5, stockRangeLower: 3.5, stockRangeUpper: 4.5 },
  volatility: { volatility: 12.5, volatilityType: 2, referencePriceType: 1, continuousUpdate: 1 },
  hedging: { deltaNeutralOrderType: 'LMT', deltaNeutralAuxPrice: 5.5, deltaNeutralConId: 77, deltaNeutralSettlingFirm: 'S', deltaNeutralClearingAccount: 'C', deltaNeutralClearingIntent: 'Away', deltaNeutralOpenClose: 'O', deltaNeutralShortSale: true, deltaNeutralShortSaleSlot: 1, deltaNeutralDesignatedLocation: 'D' },
  scale: { scaleInitLevelSize: 2, scaleSubsLevelSize: 1, scalePriceIncrement: 0.25, scalePriceAdjustValue: 1.25, scalePriceAdjustInterval: 60, scaleProfitOffset: 0.75, scaleAutoReset: true, scaleInitPosition: 5, scaleInitFillQty: 1, scaleRandomPercent: true },
  'scale with nothing but its increment': { scalePriceIncrement: 0.5 },
  clearing: { hedgeType: 'B', hedgeParam: '0.7', optOutSmartRouting: true, clearingAccount: 'CA', clearingIntent: 'PTA', notHeld: true },
  algorithm: { algoStrategy: 'Adaptive', algoParams: [{ tag: 'adaptivePriority', value: 'Normal' }, { tag: 'x', value: 'y' }], solicited: true, randomizeSize: true, randomizePrice: true },
  conditions: {
    conditions: [
      new PriceCondition(5100.25, TriggerMethod.Last, 12345, 'CME', true, ConjunctionConnection.AND),
      new TimeCondition('20260505 10:00:00 US/Central', true, ConjunctionConnection.OR),
      new MarginCondition(30, false, ConjunctionConnection.AND),
    ],
    conditionsIgnoreRth: true, conditionsCancelOrder: true,
  },
  adjusted: { adjustedOrderType: OrderType.STP, triggerPrice: 4100, lmtPriceOffset: 1.5, adjustedStopPrice: 3990, adjustedStopLimitPrice: 3989, adjustedTrailingAmount: 7, adjustableTrailingUnit: 0 },
  recent: { softDollarTier: { name: 'n', value: 'v', displayName: '' }, cashQty: 9, dontUseAutoPriceForHedge: true, isOmsContainer: true, discretionaryUpToLimitPrice: true, usePriceMgmtAlgo: true, duration: 30, postToAts: 4, autoCancelParent: true },
};
/** Fields that a version brought. */
const SINCE: readonly (readonly [version: number, fields: Partial<Order>])[] = [
  [183, { customerAccount: 'cust' }], [184, { professionalCustomer: true }], [189, { includeOvernight: true }], [193, { extOperator: 'op', manualOrderIndicator: 1 }],
];

describe('openOrder', () => {
  it.each([176, 177, 178, 184, 187, 188, 189, 190, 192, 193])('gives back every block of placeOrder in version %i, alone and all together', async (serverVersion) => {
    const { port } = await startSimulator({ serverVersion });
    const client = await IbClient.ready(port);
    const known = Object.assign({}, ...SINCE.filter(([version]) => serverVersion >= version).map(([, fields]) => fields)) as Partial<Order>;
    const cases = [...Object.values(BLOCKS), known, Object.assign({}, ...Object.values(BLOCKS), known) as Partial<Order>];
    for (const [index, fields] of cases.entries()) {
      client.api.placeOrder(index + 1, MES, { ...BASE, ocaGroup: '', ...fields });
      const [, contract, echo, state] = await client.next('openOrder');
      expect(contract).toMatchObject({ localSymbol: 'MESM6' });
      expect(echo).toMatchObject({ ...plain(fields), lmtPrice: 4000, totalQuantity: 10 });
      expect(state).toMatchObject({ status: 'PreSubmitted' });
      // Leftover or missing fields are error 505 in this client.
      expect(client.take('error')).toEqual([]);
      client.api.cancelOrder(index + 1);
      await client.next('orderStatus', (args) => args[0] === index + 1 && args[1] === 'Cancelled');
      await client.next('error', (args) => args[1] === 202);
      client.take('openOrder');
    }
    if (serverVersion > 176) {
      client.api.reqCompletedOrders(false);
      await client.next('completedOrdersEnd');
      expect(client.take('completedOrder')).toHaveLength(cases.length);
      expect(client.take('error')).toEqual([]);
    }
  });
});

/** Conditions lose what their class computes. */
const plain = ({ conditions, ...fields }: Partial<Order>): object =>
  conditions === undefined ? fields : { ...fields, conditions: conditions.map((condition) => ({ ...(condition as object) })) };
