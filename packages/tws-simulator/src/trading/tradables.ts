import type { Tradable, TradingHours } from '../matching/tradable.js';
import type { ShownContract } from '../protocol/open-order.js';
import type { Catalogue } from '../reference/catalogue.js';
import type { ExchangeHours } from '../reference/exchange-hours.js';
import type { Instrument } from '../reference/instrument.js';
import { incrementAt } from '../reference/market-rules.js';

/** No exchange is closed for longer. */
const LONGEST_BREAK_MS = 14 * 86_400_000;

/** Contracts of the catalogue as matching and messages need them. */
export class Tradables {
  private readonly byId = new Map<number, Tradable>();

  constructor(private readonly catalogue: Catalogue) {}

  /** @throws Error for an id that the catalogue does not know */
  of(conId: number): Tradable {
    let tradable = this.byId.get(conId);
    if (tradable === undefined) {
      tradable = tradableOf(this.instrument(conId));
      this.byId.set(conId, tradable);
    }
    return tradable;
  }

  instrument(conId: number): Instrument {
    const instrument = this.catalogue.of(conId);
    if (instrument === undefined) throw new Error(`no contract ${conId} in the catalogue`);
    return instrument;
  }

  shown(conId: number, exchange?: string): ShownContract {
    const { symbol, securityType, lastTradeDate, multiplier, exchange: home, currency, localSymbol, tradingClass } = this.instrument(conId);
    return {
      conId, symbol, securityType, lastTradeDate: lastTradeDate ?? '', multiplier: multiplier === undefined ? '' : String(multiplier),
      exchange: exchange === undefined || exchange === '' ? home : exchange, currency, localSymbol, tradingClass,
    };
  }
}

function tradableOf(instrument: Instrument): Tradable {
  const { conId, symbol, securityType, localSymbol, exchange, currency, multiplier, minTick, marketRuleIds, hours } = instrument;
  const [rule] = marketRuleIds;
  return {
    conId, symbol, secType: securityType, localSymbol, exchange, currency, multiplier: multiplier ?? 1,
    tickSizeAt: (price) => (rule === undefined ? undefined : incrementAt(rule, price)) ?? minTick,
    hours: hoursOf(hours),
  };
}

function hoursOf(hours: ExchangeHours): TradingHours {
  const sessionFrom = (timeMs: number, regular: boolean) => hours.at(timeMs, regular) ?? hours.between(timeMs, timeMs + LONGEST_BREAK_MS, regular)[0];
  const opening = (timeMs: number, regular: boolean): number | undefined => {
    const session = sessionFrom(timeMs, regular);
    return session === undefined ? undefined : Math.max(timeMs, session.startMs);
  };
  return {
    isOpen: (timeMs) => hours.isOpen(timeMs),
    isRegular: (timeMs) => hours.isOpen(timeMs, true),
    nextOpenMs: (timeMs) => opening(timeMs, false),
    nextRegularOpenMs: (timeMs) => opening(timeMs, true),
    dayEndMs: (timeMs) => sessionFrom(timeMs, false)?.endMs,
    regularCloseMs: (timeMs) => sessionFrom(timeMs, true)?.endMs,
  };
}
