import type { FeatureHandle, UseFeature } from '@keelson/core/ports';
import { describe, expect, it } from 'vitest';
import { SessionPart } from './session-part.js';

type Moment = readonly [sinceOpen: number | undefined, untilClose: number | undefined, day: number | undefined];

function follow(moments: readonly Moment[]): Array<readonly [begins: boolean, sinceOpen: number | undefined, ending: boolean]> {
  let at = 0;
  const handle = (column: 0 | 1 | 2): FeatureHandle =>
    ({
      get value() {
        return moments[at][column];
      },
      output: () => handle(1),
    }) as Partial<FeatureHandle> as FeatureHandle;
  const use: UseFeature = (name) => handle(name === 'session-minutes' ? 0 : 2);
  const part = new SessionPart(use);
  return moments.map((_, i) => {
    at = i;
    part.update();
    return [part.begins, part.sinceOpen, part.endsWithin(10)];
  });
}

describe('SessionPart', () => {
  it('begins with a lower minute, and with another day at a later one', () => {
    expect(follow([[1, 389, 1], [2, 388, 1], [1, 389, 2], [5, 385, 3], [300, 90, 4], [300, 90, 4]]).map(([begins]) => begins)).toEqual([false, false, true, true, true, false]);
  });

  it('ends within the last minutes, to the minute, and is at its end outside of sessions', () => {
    expect(follow([[379, 11, 1], [380, 10, 1], [390, 0, 1], [undefined, undefined, undefined]]).map(([, , ending]) => ending)).toEqual([false, true, true, true]);
  });

  it('counts bars outside of sessions to the one before', () => {
    expect(follow([[5, 385, 1], [undefined, undefined, undefined], [6, 384, 1], [undefined, undefined, undefined], [1, 389, 2]]).map(([begins, since]) => [begins, since])).toEqual([[false, 5], [false, undefined], [false, 6], [false, undefined], [true, 1]]);
  });
});
