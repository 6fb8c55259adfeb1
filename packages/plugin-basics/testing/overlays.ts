import type { BarWindow, Instrument, Target, Trade } from '@keelson/core/domain';
import { toFraction, toMoney, toPrice, toQuantity, toUtcMs } from '@keelson/core/domain';
import type { FeatureHandle, OtherInstrument, OverlayRequest, OverlayVerdict, RiskOverlay, RiskOverlayDefinition } from '@keelson/core/ports';
import { allocateBars, BarRing } from '@keelson/core/series';
import { instrument, noContext, parse } from './support.js';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export type Wanted = { quantity: number; entry?: number; stop?: number; target?: number; decision?: number };

/** What an overlay is told beside the target; absent: nothing is held, nothing was traded. */
export type Told = {
  readonly held?: number;
  readonly time?: number;
  readonly bars?: BarWindow;
  readonly equity?: number;
  readonly balance?: number;
  readonly pointValue?: number;
  readonly recentTrades?: readonly Trade[];
  readonly ownTrades?: readonly Trade[];
  readonly others?: readonly OtherInstrument[];
};

/** An overlay as the kernel would make it; its features have the value `feature`. */
export function make(definition: RiskOverlayDefinition, params: unknown, feature?: number, instruments: readonly string[] = ['TEST', 'B', 'C'], of: Instrument = instrument): RiskOverlay {
  return definition.create({
    params: parse(definition.params, params),
    instrument: of,
    instruments,
    use: () => handle(feature),
    context: noContext,
    news: { unavailable: undefined, sourceNames: [], between: () => [] },
  });
}

function handle(value: number | undefined): FeatureHandle {
  const self: FeatureHandle = { value, ready: value !== undefined, unavailable: undefined, at: () => value, output: () => self, crossedAbove: () => false, crossedBelow: () => false };
  return self;
}

export function requestOf(wanted: Wanted, told: Told = {}): OverlayRequest {
  const target: Target = {
    instrument: 'TEST',
    quantity: wanted.quantity,
    confidence: toFraction(0.7),
    decisionPrice: toPrice(wanted.decision ?? 100),
    ...(wanted.entry === undefined ? {} : { entry: toPrice(wanted.entry) }),
    ...(wanted.stop === undefined ? {} : { stop: toPrice(wanted.stop) }),
    ...(wanted.target === undefined ? {} : { target: toPrice(wanted.target) }),
    reason: '',
  };
  return {
    target,
    time: toUtcMs(told.time ?? 0),
    bars: told.bars ?? new BarRing(1),
    position: { instrument: 'TEST', quantity: told.held ?? 0, averagePrice: undefined, unrealizedPnl: toMoney(0), openedAt: undefined },
    regime: { tradable: true, reason: '', labels: {} },
    equity: toMoney(told.equity ?? 1e5),
    balance: toMoney(told.balance ?? told.equity ?? 1e5),
    pointValue: toMoney(told.pointValue ?? 1),
    recentTrades: told.recentTrades ?? [],
    ownTrades: told.ownTrades ?? [],
    others: told.others ?? [],
  };
}

export function review(definition: RiskOverlayDefinition, params: unknown, wanted: Wanted, held = 0): OverlayVerdict {
  return make(definition, params).review(requestOf(wanted, { held }));
}

/** A closed trade that brought `net` after commission, open from `entry` to `exit` (in minutes). */
export function trade(net: number, entry: number, exit: number, more: Partial<Pick<Trade, 'instrument' | 'side'>> = {}): Trade {
  return {
    instrument: 'TEST',
    side: 'long',
    quantity: toQuantity(1),
    entryTime: toUtcMs(entry * MINUTE),
    entryPrice: toPrice(100),
    exitTime: toUtcMs(exit * MINUTE),
    exitPrice: toPrice(100),
    pnl: toMoney(net + 1),
    commission: toMoney(1),
    entryReason: '',
    exitReason: '',
    ...more,
  };
}

/** Round trips one after the other, each a minute long and ten apart. */
export function tradesOf(...nets: readonly number[]): Trade[] {
  return nets.map((net, i) => trade(net, i * 10, i * 10 + 1));
}

/** Minute bars with these closes; each opens at the close before, unless `opens` says otherwise. */
export function barsOf(closes: readonly number[], more: { readonly opens?: readonly number[]; readonly bid?: number; readonly ask?: number; readonly from?: number } = {}): BarRing {
  const ring = new BarRing(1024);
  const row = allocateBars(1, more.bid !== undefined || more.ask !== undefined);
  closes.forEach((close, i) => {
    row.time[0] = (more.from ?? 0) + i * MINUTE;
    row.open[0] = more.opens?.[i] ?? closes[i - 1] ?? close;
    row.close[0] = row.high[0] = row.low[0] = close;
    if (row.depth !== undefined) {
      row.depth.bid[0] = more.bid ?? Number.NaN;
      row.depth.ask[0] = more.ask ?? Number.NaN;
    }
    ring.push(row, 0);
    ring.closeTime[ring.index] = (row.time[0] as number) + MINUTE;
  });
  return ring;
}

/** Another instrument with such bars, and money in it. */
export function otherOf(id: string, bars: BarRing, money: { readonly long?: number; readonly short?: number }): OtherInstrument {
  return {
    instrument: id,
    long: toMoney(money.long ?? 0),
    short: toMoney(money.short ?? 0),
    closes: (count) => {
      const rows = Array.from({ length: Math.min(count, bars.count) }, (_, i) => (bars.index - i) & bars.mask).reverse();
      return { time: Float64Array.from(rows, (at) => bars.closeTime[at] as number), close: Float64Array.from(rows, (at) => bars.close[at] as number) };
    },
  };
}
