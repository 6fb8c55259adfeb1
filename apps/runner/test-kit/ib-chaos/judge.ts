import { join } from 'node:path';
import type { BrokerEvent, Fill, OrderIntent } from '@keelson/core/domain';
import { toMoney, toPrice, toQuantity, toUtcMs } from '@keelson/core/domain';
import { recordsOf } from '@keelson/plugin-journal';
import { Breaches, type Breach } from '../../src/chaos/breach.js';
import { VenueLaws } from '../../src/chaos/venue-laws.js';
import { callKeelson } from '../captured-io.js';
import { CAP } from './draw-schedule.js';
import { CASH, type IbChaosRecord, type SeenExecution, type SeenOrder } from './ib-chaos-run.js';

/** Steps that a position may stand bare while the trader hears of everything. */
const GRACE_STEPS = 30;

/** Holds what a run left, at the venue and in the journal, to the laws. */
export async function judge(record: IbChaosRecord, folder: string): Promise<readonly Breach[]> {
  let time = 0;
  const breaches = new Breaches(() => toUtcMs(time));
  const records = [...recordsOf(join(folder, 'hunted.db'))];
  const of = <T>(kind: string): readonly T[] => records.flatMap((each) => (each.kind === kind ? [each.data as T] : []));
  const intents = new Map(of<OrderIntent>('intent').map((intent) => [intent.clientOrderId, intent]));

  for (const fault of record.faults) breaches.add('run', fault);
  checkOrders(record.orders, intents, breaches);
  const laws = new VenueLaws({ caps: new Map([['MES', CAP]]), graceBars: GRACE_STEPS }, breaches);
  for (const intent of intents.values()) if (record.orders.some(({ orderRef }) => orderRef === intent.clientOrderId)) laws.onSubmit(intent);
  const executions = [...record.executions].filter(({ execId }) => revisionOf(execId) === 1);
  let heard = 0;
  for (const { time: at, isHeard, orders } of record.looks) {
    time = at;
    for (let next = executions[heard]; next !== undefined && next.timeMs <= at; next = executions[++heard]) laws.onEvent({ kind: 'fill', fill: fillOf(next) });
    laws.moment({ isHeard, openOrders: openOrdersOf(orders) });
  }
  if (!record.isFlat) breaches.add('agreement', 'the account was told to sell everything, and did not');

  checkFills(of<BrokerEvent>('broker-event'), record.executions, breaches);
  for (const { command, by, reason } of of<{ readonly command: string; readonly by?: string; readonly reason: string }>('command')) {
    if (command === 'halt' && by === 'reconciliation') breaches.add('agreement', reason);
  }
  await checkJournal(record, folder, breaches);
  return breaches.list;
}

/** Once at the venue, and written before it left. */
function checkOrders(orders: readonly SeenOrder[], intents: ReadonlyMap<string, OrderIntent>, breaches: Breaches): void {
  const written = new Set([...intents.values()].flatMap(({ clientOrderId, bracket }) => [clientOrderId, ...(bracket ?? []).map((leg) => leg.clientOrderId)]));
  const seen = new Set<string>();
  for (const { orderRef } of orders) {
    if (seen.has(orderRef)) breaches.add('sent-once', `the order ${orderRef} is at the venue twice`);
    if (!written.has(orderRef)) breaches.add('sent-once', `the order ${orderRef} is at the venue and not in the journal`);
    seen.add(orderRef);
  }
}

function openOrdersOf(orders: readonly SeenOrder[]): Parameters<VenueLaws['moment']>[0]['openOrders'] {
  return orders.filter(({ transmitted }) => transmitted).map(({ orderRef, action, quantity, filled, parentPermId }) => ({
    clientOrderId: orderRef,
    instrument: 'MES',
    side: action === 'BUY' ? 'buy' : 'sell',
    quantity: toQuantity(quantity),
    filled: toQuantity(filled),
    // the parent stands here as long as it has not filled whole
    status: orders.some((parent) => parent.permId === parentPermId && parent.filled === 0) ? 'held' : 'working',
  }));
}

function checkFills(events: readonly BrokerEvent[], executions: readonly SeenExecution[], breaches: Breaches): void {
  const booked = new Map<string, string>();
  const book = (fill: Fill): void => void booked.set(fill.executionId, textOf(fill));
  const twice = new Set<string>();
  for (const event of events) {
    if (event.kind === 'fill') {
      if (twice.has(event.fill.executionId)) continue;
      twice.add(event.fill.executionId);
      book(event.fill);
    }
    if (event.kind !== 'fill-corrected') continue;
    booked.delete(event.executionId);
    if (event.replacement !== undefined) book(event.replacement);
  }
  const newest = new Map<string, SeenExecution>();
  for (const each of executions) {
    const stem = each.execId.slice(0, each.execId.lastIndexOf('.'));
    const known = newest.get(stem);
    if (known === undefined || revisionOf(known.execId) < revisionOf(each.execId)) newest.set(stem, each);
  }
  const atVenue = new Map([...newest.values()].map((each) => [each.execId, textOf(fillOf(each))]));
  for (const [id, text] of atVenue) if (booked.get(id) !== text) breaches.add('lost-fill', `the venue has the fill ${text}, the journal ${booked.get(id) ?? 'nothing'}`);
  for (const [id, text] of booked) if (!atVenue.has(id)) breaches.add('lost-fill', `the journal has the fill ${text}, the venue ${[...atVenue.keys()].find((each) => each.startsWith(id.slice(0, id.lastIndexOf('.')))) ?? 'nothing'}`);
}

const textOf = ({ executionId, clientOrderId, side, quantity, price }: Fill): string => `${executionId} ${clientOrderId} ${side} ${quantity} at ${price}`;

const revisionOf = (execId: string): number => Number(execId.slice(execId.lastIndexOf('.') + 1));

function fillOf({ execId, orderRef, side, quantity, price, commission, timeMs }: SeenExecution): Fill {
  return { executionId: execId, clientOrderId: orderRef, instrument: 'MES', side: side === 'BOT' ? 'buy' : 'sell', quantity: toQuantity(quantity), price: toPrice(price), commission: toMoney(commission), commissionCurrency: 'USD', slippage: toMoney(0), liquidity: 'taker', time: toUtcMs(timeMs) };
}

type Pnl = { readonly agrees: boolean; readonly difference: number | null; readonly books: { readonly realized: number; readonly commissions: number; readonly transfers: number } };

/** The journal is whole, decides the same again, and its money is the venue's. */
async function checkJournal({ cash, isFlat }: IbChaosRecord, folder: string, breaches: Breaches): Promise<void> {
  const verified = await callKeelson(['journal', 'verify', 'hunted.db'], folder);
  if (verified.status !== 0) breaches.add('replay', `the journal is damaged: ${verified.err}`);
  const replayed = await callKeelson(['replay', 'hunted.db'], folder);
  if (replayed.status !== 0) breaches.add('replay', `${replayed.out}${replayed.err}`);
  const told = await callKeelson(['journal', 'pnl', 'hunted.db', '--json'], folder);
  const { agrees, difference, books } = JSON.parse(told.out) as Pnl;
  if (!agrees) breaches.add('equity', `the books differ from the executions by ${difference}`);
  const made = books.realized - books.commissions + books.transfers;
  if (isFlat && Math.abs(made - (cash - CASH)) > 1e-6) breaches.add('equity', `the books made ${made}, the venue paid ${cash - CASH}`);
}
