/** Powers of ten that a double holds exactly. */
export const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const POINT = 46;

/**
 * The number that stands in `bytes` from `start` to before `end`, equal to `Number(text)` to the last bit;
 * NaN when it is not a decimal number. `decimal` is the byte of the decimal sign.
 *
 * Up to 2^53 as a whole number and 22 decimals, the quotient of two exact doubles is rounded once, which is
 * the correctly rounded value (Clinger 1990, "How to read floating point numbers accurately"); all else
 * goes the slow way.
 */
export function parseDecimal(bytes: Uint8Array, start: number, end: number, decimal = POINT): number {
  let i = start;
  const sign = bytes[i];
  if (sign === 45 || sign === 43) i++;
  let mantissa = 0;
  let decimals = 0;
  let afterPoint = 0;
  let digits = 0;
  for (; i < end; i++) {
    const byte = bytes[i];
    const digit = byte - 48;
    if (digit >>> 0 <= 9) {
      mantissa = mantissa * 10 + digit;
      decimals += afterPoint;
      digits++;
    } else if (byte === decimal && afterPoint === 0) {
      afterPoint = 1;
    } else {
      return parseSlowly(bytes, start, end, decimal);
    }
  }
  if (digits === 0) return NaN;
  if (mantissa > Number.MAX_SAFE_INTEGER || decimals > 22) return parseSlowly(bytes, start, end, decimal);
  const value = decimals === 0 ? mantissa : mantissa / POWERS[decimals];
  return sign === 45 ? -value : value;
}

function parseSlowly(bytes: Uint8Array, start: number, end: number, decimal: number): number {
  let text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  if (decimal !== POINT) {
    if (text.includes('.')) return NaN;
    text = text.replace(String.fromCharCode(decimal), '.');
  }
  return NUMBER.test(text) ? Number(text) : NaN;
}
