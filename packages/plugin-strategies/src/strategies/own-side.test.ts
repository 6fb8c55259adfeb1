import { describe, expect, it } from 'vitest';
import { OwnSide } from './own-side.js';

function seen(...quantities: number[]): (own: OwnSide) => number[] {
  return (own) => quantities.map((quantity) => own.see(quantity));
}

describe('OwnSide', () => {
  it('knows a position that was asked for from one that was not', () => {
    const own = new OwnSide();
    expect(seen(0, 3, 3, 0)(own)).toEqual([0, 0, 0, 0]);
    own.ask(1);
    expect(seen(3, 3, 0, 3)(own)).toEqual([1, 1, 0, 0]);
  });

  it('waits for an entry that comes late, unless it was taken back', () => {
    const own = new OwnSide();
    own.see(0);
    own.ask(-1);
    expect(seen(0, 0, -2)(own)).toEqual([0, 0, -1]);
    own.see(0);
    own.ask(-1);
    own.see(0);
    own.forget();
    expect(own.see(-2)).toBe(0);
  });

  it('turns around with what is asked', () => {
    const own = new OwnSide();
    own.see(0);
    own.ask(1);
    own.see(1);
    own.ask(-1);
    expect(seen(1, -1, -1, 1)(own)).toEqual([0, -1, -1, 0]);
  });

  it('takes over what is open at the first bar', () => {
    expect(seen(-5, -5, 0, -5)(new OwnSide())).toEqual([-1, -1, 0, 0]);
  });
});
