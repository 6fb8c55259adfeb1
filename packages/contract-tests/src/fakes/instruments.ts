import type { Instrument } from '@keelson/core/domain';

/** An instrument to test with: a micro index future that trades around the clock, in quarter points and whole lots. */
export function testInstrument(fields: Partial<Instrument> = {}): Instrument {
  return { id: 'MES', venue: 'TEST', type: 'future', currency: 'USD', multiplier: 5, tickSize: 0.25, lotSize: 1, calendar: '24/7', symbols: {}, ...fields };
}
