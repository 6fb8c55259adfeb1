import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDecimal } from './parse-decimal.js';

function parse(text: string, decimal = '.'): number {
  const bytes = Buffer.from(`xx${text},9`, 'latin1');
  return parseDecimal(bytes, 2, 2 + text.length, decimal.charCodeAt(0));
}

describe('parseDecimal', () => {
  it('equals Number(text) to the last bit for decimals of any length', () => {
    const digits = (minLength: number, maxLength: number) => fc.array(fc.integer({ min: 0, max: 9 }), { minLength, maxLength }).map((list) => list.join(''));
    fc.assert(
      fc.property(fc.constantFrom('', '-', '+'), digits(1, 25), fc.option(digits(0, 30)), (sign, whole, fraction) => {
        const text = `${sign}${whole}${fraction === null ? '' : `.${fraction}`}`;
        expect(Object.is(parse(text), Number(text)), text).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });

  it('equals Number(text) for what JavaScript writes for any double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Object.is(parse(String(value)), Number(String(value)))).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each(['1.10785', '46319.0', '254976.506825', '218102.59507500002', '420687.75197499996', '9007199254740993', '0.1', '.5', '5.', '1e3', '1.5E-7', '0.000000000000000000000001'])('reads %s', (text) => {
    expect(parse(text)).toBe(Number(text));
  });

  it.each(['', '.', '-', '+', 'NaN', 'null', 'Infinity', '1.2.3', '1,2', '0x10', '1e', '--1', '1 2', '12a'])('gives NaN for %j', (text) => {
    expect(parse(text)).toBeNaN();
  });

  it('reads another decimal sign, and then no point', () => {
    expect(parse('1,1076', ',')).toBe(1.1076);
    expect(parse('-12345678901234567890,25', ',')).toBe(Number('-12345678901234567890.25'));
    expect(parse('1.107,6', ',')).toBeNaN();
    expect(parse('1.1076', ',')).toBeNaN();
  });
});
