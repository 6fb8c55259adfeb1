import { toMoney } from '../domain/units.js';
import type { OtherInstrument, OverlayRequest } from '../ports/risk-overlay.js';
import type { BarRing } from '../series/bar-ring.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';
import { targetOf } from './snapshots.js';

/** Closed trades that an overlay is shown: of the account, and of its instrument. */
export const RECENT_TRADES = 256;
export const OWN_TRADES = 64;

/** What an overlay is asked about: copies, so that no overlay can change the account, or what another one sees. */
export function overlayRequestOf(desk: Desk, account: Account): OverlayRequest {
  const { quantity, averagePrice, unrealizedPnl, openedAt } = desk.position;
  return {
    target: targetOf(desk),
    time: account.now,
    bars: desk.bars,
    position: { instrument: desk.instrument.id, quantity, averagePrice, unrealizedPnl, openedAt },
    regime: desk.regime,
    equity: toMoney(account.ledger.equity),
    balance: toMoney(account.ledger.equity - openProfit(account)),
    pointValue: toMoney(pointValue(desk, account)),
    recentTrades: account.recentTrades.slice(-RECENT_TRADES),
    ownTrades: desk.recentTrades.slice(-OWN_TRADES),
    others: account.desks.filter((other) => other !== desk).map((other) => otherOf(other, account)),
  };
}

function otherOf(desk: Desk, account: Account): OtherInstrument {
  const held = desk.position.lots;
  const buying = account.orders.pendingEntryLots(desk.index, 1);
  const selling = account.orders.pendingEntryLots(desk.index, -1);
  // none also spares an instrument without a price yet
  const money = (lots: number): number => (lots === 0 ? 0 : desk.position.grid.lots.value(lots) * Math.abs(desk.close) * pointValue(desk, account));
  return {
    instrument: desk.instrument.id,
    long: toMoney(money(Math.max(0, held) + buying)),
    short: toMoney(money(Math.max(0, -held) + selling)),
    closes: (count) => closesOf(desk.bars, count),
  };
}

function pointValue(desk: Desk, account: Account): number {
  return desk.instrument.multiplier * account.ledger.rateOf(desk.index);
}

function openProfit(account: Account): number {
  let sum = 0;
  for (const { position, index } of account.desks) if (position.lots !== 0) sum += position.unrealizedPnl * account.ledger.rateOf(index);
  return sum;
}

function closesOf(bars: BarRing, count: number): { readonly time: Float64Array; readonly close: Float64Array } {
  const length = Math.max(0, Math.min(Math.floor(count), bars.count, bars.mask + 1)) || 0;
  const time = new Float64Array(length);
  const close = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const row = (bars.index - (length - 1 - i)) & bars.mask;
    time[i] = bars.closeTime[row] as number;
    close[i] = bars.close[row] as number;
  }
  return { time, close };
}
