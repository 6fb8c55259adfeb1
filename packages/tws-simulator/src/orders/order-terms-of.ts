import type { OcaType, OrderTerms, OrderType } from '../matching/order-terms.js';
import { ORDER_TYPES, TIMES_IN_FORCE, tradesAtClose } from '../matching/order-terms.js';
import type { OrderForm } from './order-form.js';
import type { VenueError } from './venue-error.js';
import { VENUE_ERRORS } from './venue-error.js';
import { parseVenueTime } from '../time/zone-text.js';

/** Other spellings of order types that the venue takes. */
const TYPE_ALIASES: Readonly<Record<string, OrderType>> = {
  STPLMT: 'STP LMT', 'STOP LIMIT': 'STP LMT', STOP: 'STP', TRAILLMT: 'TRAIL LIMIT', 'TRAIL LMT': 'TRAIL LIMIT', MARKET: 'MKT', LIMIT: 'LMT', MKTCLS: 'MOC', LMTCLS: 'LOC',
};

/** Types that cannot work without a limit price, and those that cannot without an auxiliary one. */
const NEEDS_LIMIT: ReadonlySet<OrderType> = new Set(['LMT', 'STP LMT', 'LIT', 'LOC']);
const NEEDS_AUX: ReadonlySet<OrderType> = new Set(['STP', 'STP LMT', 'MIT', 'LIT']);

/**
 * What an order means, or why the venue would not take it. Fields that clients leave empty, at 0 or
 * at the largest number all mean "not set", where 0 is no sensible value.
 * @param zone the zone of times that name none
 */
export function orderTermsOf(form: OrderForm, zone: string, nowMs: number): OrderTerms | VenueError {
  const text = (name: string): string => form.fields[name] ?? '';
  const number = (name: string): number | undefined => numberOf(text(name));
  const typeText = text('orderType').toUpperCase();
  const type = TYPE_ALIASES[typeText] ?? ORDER_TYPES.find((known) => known === typeText);
  if (type === undefined) return VENUE_ERRORS.unsupportedType(text('orderType'));
  const action = text('action').toUpperCase();
  if (action !== 'BUY' && action !== 'SELL' && action !== 'SSHORT') return VENUE_ERRORS.rejected(`Invalid side: ${text('action')}`);
  const quantity = number('totalQuantity') ?? 0;
  if (!(quantity > 0)) return VENUE_ERRORS.zeroSize;
  const tifText = text('tif').toUpperCase() || 'DAY';
  const tif = TIMES_IN_FORCE.find((known) => known === tifText);
  if (tif === undefined) return VENUE_ERRORS.invalidTif(text('tif'));
  if (tradesAtClose(type) && tif !== 'DAY') return VENUE_ERRORS.closeNeedsDay;

  const limitPrice = NEEDS_LIMIT.has(type) ? number('lmtPrice') : undefined;
  if (NEEDS_LIMIT.has(type) && (limitPrice === undefined || limitPrice === 0)) return VENUE_ERRORS.priceNeeded;
  const trails = type === 'TRAIL' || type === 'TRAIL LIMIT';
  const auxPrice = NEEDS_AUX.has(type) || trails ? positive(number('auxPrice')) : undefined;
  const trailingPercent = trails ? positive(number('trailingPercent')) : undefined;
  if (NEEDS_AUX.has(type) && auxPrice === undefined) return VENUE_ERRORS.priceNeeded;
  if (trails && (auxPrice === undefined) === (trailingPercent === undefined)) return VENUE_ERRORS.priceNeeded;
  const trailStopPrice = trails ? positive(number('trailStopPrice')) : undefined;

  const goodAfterMs = timeOf(text('goodAfterTime'), zone, nowMs);
  if (goodAfterMs === null) return VENUE_ERRORS.invalidTime(text('goodAfterTime'));
  const goodTillMs = tif === 'GTD' ? timeOf(text('goodTillDate'), zone, nowMs, true) : undefined;
  if (goodTillMs === null || (tif === 'GTD' && goodTillMs === undefined)) return VENUE_ERRORS.invalidTime(text('goodTillDate'));

  return {
    action: action === 'BUY' ? 'BUY' : 'SELL',
    quantity, type, limitPrice, auxPrice, trailStopPrice, trailingPercent,
    limitOffset: type === 'TRAIL LIMIT' ? limitOffsetOf(number('lmtPriceOffset'), number('lmtPrice'), trailStopPrice) : undefined,
    tif, goodAfterMs, goodTillMs,
    outsideRth: isTrue(text('outsideRth')),
    ocaGroup: text('ocaGroup'),
    ocaType: ocaTypeOf(number('ocaType')),
    parentId: Math.max(0, number('parentId') ?? 0),
    // An empty field is "no", also for clients that mean "yes" by it.
    transmit: isTrue(text('transmit')),
    allOrNone: isTrue(text('allOrNone')) || tif === 'FOK',
    account: text('account'),
    orderRef: text('orderRef'),
    whatIf: isTrue(text('whatIf')),
  };
}

/** Whether it was refused. */
export const isVenueError = (result: object): result is VenueError => 'code' in result;

/** A number of the wire; empty and the largest values are absence. */
export function numberOf(text: string): number | undefined {
  if (text === '') return undefined;
  const value = Number(text);
  return !Number.isFinite(value) || value === Number.MAX_VALUE || value === 2147483647 ? undefined : value;
}

export const isTrue = (text: string): boolean => text === '1' || text.toLowerCase() === 'true';

const positive = (value: number | undefined): number | undefined => (value === undefined || value <= 0 ? undefined : value);

const ocaTypeOf = (value: number | undefined): OcaType => (value === 1 || value === 2 ? value : 3);

/** The distance is given itself, or by a limit price beside the stop where the trail starts. */
function limitOffsetOf(offset: number | undefined, limit: number | undefined, stop: number | undefined): number {
  if (offset !== undefined) return Math.abs(offset);
  return limit === undefined || limit === 0 || stop === undefined ? 0 : Math.abs(stop - limit);
}

/** @returns `undefined` for an empty text, `null` for one that is no time */
function timeOf(text: string, zone: string, nowMs: number, dayAlone = false): number | null | undefined {
  if (text === '') return undefined;
  // A date alone is good until the end of that day.
  const full = dayAlone && /^\d{8}$/.test(text) ? `${text} 23:59:59` : text;
  return parseVenueTime(full, zone, nowMs) ?? null;
}
