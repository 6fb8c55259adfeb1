import type { OrderStatus } from '@keelson/core/domain';
import { toMoney, toPrice, toQuantity, toUtcMs } from '@keelson/core/domain';
import type { BrokerSnapshot, OpenOrder } from '@keelson/core/ports';
import type { Contract, Order, OrderState } from '@stoqey/ib';
import type { IbConnection } from '../connection.js';

export type SeenOrder = { readonly orderId: number; readonly contract: Contract; readonly order: Order; readonly state: OrderState; readonly filled: number };
export type SeenPosition = { readonly contract: Contract; readonly quantity: number; readonly averageCost: number };

/** Open orders of the account, of all clients; each comes with a state that says how much of it has filled. */
export async function readOpenOrders({ gateway }: IbConnection): Promise<readonly SeenOrder[]> {
  const filled = new Map<number, number>();
  const seen = await gateway.askAll<SeenOrder>('the open orders', (ib) => ib.reqAllOpenOrders(), (event, args, found) => {
    if (event === 'openOrder') {
      const [orderId, contract, order, state] = args as [number, Contract, Order, OrderState];
      if (order.whatIf !== true && (order.account === undefined || order.account === '' || order.account === gateway.account)) found.push({ orderId, contract, order, state, filled: 0 });
    } else if (event === 'orderStatus') {
      const [, , quantity, , , permId] = args as [number, string, number, number, number, number | undefined];
      if (permId !== undefined) filled.set(permId, quantity);
    }
    return event === 'openOrderEnd';
  });
  // the same order may be told of several times
  const single = new Map(seen.map((each) => [each.order.permId === undefined || each.order.permId === 0 ? `own/${each.orderId}` : each.order.permId, each]));
  return [...single.values()].map((each) => ({ ...each, filled: filled.get(each.order.permId ?? 0) ?? 0 }));
}

export async function readPositions({ gateway }: IbConnection): Promise<readonly SeenPosition[]> {
  const seen = await gateway.askAll<SeenPosition>('the positions', (ib) => ib.reqPositions(), (event, args, found) => {
    if (event === 'position' && args[0] === gateway.account) found.push({ contract: args[1] as Contract, quantity: Number(args[2]), averageCost: Number(args[3] ?? 0) });
    return event === 'positionEnd';
  });
  if (gateway.isReady) gateway.api.cancelPositions();
  return seen;
}

async function readCash({ gateway }: IbConnection): Promise<BrokerSnapshot['cash']> {
  return gateway.ask<BrokerSnapshot['cash'][number]>(
    'the cash of the account',
    (ib, id) => ib.reqAccountSummary(id, 'All', '$LEDGER:ALL'),
    (event, args, found) => {
      const [, account, tag, value, currency] = args as [number, string, string, string, string];
      if (event === 'accountSummary' && account === gateway.account && tag === 'CashBalance' && currency !== 'BASE') found.push({ currency, amount: toMoney(Number(value)) });
      return event === 'accountSummaryEnd';
    },
    (ib, id) => ib.cancelAccountSummary(id),
    true,
  );
}

/**
 * The state of the venue in the account's words.
 * @param onInactive told of every order that is not at work
 */
export async function readSnapshot(connection: IbConnection, clientOrderIdOf: (seen: SeenOrder) => string, onInactive: (seen: SeenOrder) => void): Promise<BrokerSnapshot> {
  const orders = await readOpenOrders(connection);
  const positions = await readPositions(connection);
  const cash = await readCash(connection);
  const time = toUtcMs(await connection.now());
  for (const seen of orders) if (seen.state.status === 'Inactive') onInactive(seen);
  const parentOf = ({ order }: SeenOrder): SeenOrder | undefined => ((order.parentId ?? 0) === 0 ? undefined : orders.find((each) => each.orderId === order.parentId && each.order.clientId === order.clientId));
  return {
    time,
    orders: orders.flatMap((seen): OpenOrder[] => {
      const resolved = connection.instrumentOf(seen.contract);
      const { order, state, filled } = seen;
      const parent = parentOf(seen);
      if (resolved === undefined || state.status === 'Filled' || state.status === 'Cancelled' || state.status === 'ApiCancelled' || state.status === 'Inactive') return [];
      const status: OrderStatus = parent !== undefined && parent.filled === 0 ? 'held' : filled > 0 ? 'partially-filled' : 'working';
      return [{
        clientOrderId: clientOrderIdOf(seen),
        ...(order.permId === undefined ? {} : { venueOrderId: String(order.permId) }),
        instrument: resolved.instrument.id,
        side: order.action === 'BUY' ? 'buy' : 'sell',
        // an exit trades at most what its entry has filled, whatever it is written for
        quantity: toQuantity(parent === undefined || parent.filled === 0 ? (order.totalQuantity ?? 0) : Math.min(order.totalQuantity ?? 0, parent.filled)),
        filled: toQuantity(filled),
        status,
        ...priceOf('limitPrice', order.orderType === 'LMT' || order.orderType === 'STP LMT' ? order.lmtPrice : undefined),
        ...priceOf('stopPrice', order.orderType === 'TRAIL' ? order.trailStopPrice : order.orderType === 'STP' || order.orderType === 'STP LMT' ? order.auxPrice : undefined),
      }];
    }),
    positions: positions.flatMap(({ contract, quantity, averageCost }) => {
      if (quantity === 0) return [];
      const resolved = connection.instrumentOf(contract);
      const instrument = resolved?.instrument.id ?? [contract.localSymbol ?? contract.symbol, contract.conId].join('/');
      return [{ instrument, quantity, averagePrice: averageCost / (resolved?.instrument.multiplier ?? 1) }];
    }),
    cash,
  };
}

function priceOf<Name extends string>(name: Name, value: number | undefined): { readonly [Key in Name]?: ReturnType<typeof toPrice> } {
  return value === undefined || Math.abs(value) > 1e300 ? {} : ({ [name]: toPrice(value) } as { readonly [Key in Name]?: ReturnType<typeof toPrice> });
}
