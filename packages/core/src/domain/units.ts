/**
 * Branded numbers of the public API. A brand costs nothing at run time: it keeps a price from being
 * passed where a quantity is meant. Only this file casts to brands (and `pipeline/approve-orders.ts`
 * for the approval brand).
 */
declare const unit: unique symbol;
type Unit<Name extends string> = number & { readonly [unit]: Name };

/** Price of one unit of an instrument, in the instrument's currency. */
export type Price = Unit<'Price'>;
/** Unsigned number of contracts, shares or coins. */
export type Quantity = Unit<'Quantity'>;
/** Amount of money; the currency stands beside it. */
export type Money = Unit<'Money'>;
/** A ratio: 1 is 100%. */
export type Fraction = Unit<'Fraction'>;
/** Milliseconds since 1970-01-01T00:00:00Z. */
export type UtcMs = Unit<'UtcMs'>;

export const toPrice = (value: number): Price => value as Price;
export const toQuantity = (value: number): Quantity => value as Quantity;
export const toMoney = (value: number): Money => value as Money;
export const toFraction = (value: number): Fraction => value as Fraction;
export const toUtcMs = (value: number): UtcMs => value as UtcMs;

/** ISO-8601 in UTC; whole seconds are written without a fraction (`2024-01-02T15:30:00Z`). */
export function isoTime(time: UtcMs): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
