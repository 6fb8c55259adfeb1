import { describe, expect, it } from 'vitest';
import { accountSchema } from './account-schema.js';
import { schemaFaults } from './faults.js';
import { riskFaults } from './risk-faults.js';

const INSTRUMENTS = [
  { id: 'MES', type: 'future', currency: 'USD', tickSize: 0.25 },
  { id: 'BTC', type: 'spot', currency: 'USD', tickSize: 0.01, lotSize: 0.001 },
];

function lines(risk: Record<string, unknown>, rest: Record<string, unknown> = {}): string[] {
  const value = { account: 'test', initialCash: 50_000, instruments: INSTRUMENTS, data: { timeframe: '1m' }, strategies: [{ use: 'none' }], risk, ...rest };
  const parsed = accountSchema.safeParse(value);
  return (parsed.success ? riskFaults(parsed.data) : schemaFaults('CFG_TYPE', '', parsed.error.issues, value, accountSchema)).map(({ line }) => line);
}

describe('risk:', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['an order size above the cap', { maxOrderQuantity: 6 }, 'CFG_CONFLICT: risk.maxOrderQuantity was 6, expected at most risk.maxContracts (5): lower maxOrderQuantity or raise maxContracts'],
    ["an instrument's order size above its cap", { instruments: { MES: { maxContracts: 2, maxOrderQuantity: 3 } } }, 'CFG_CONFLICT: risk.instruments.MES.maxOrderQuantity was 3, expected at most the maxContracts of MES (2)'],
    ['an instrument worth more than all may be', { maxNotional: 2000, maxExposure: 1000 }, 'CFG_CONFLICT: risk.maxNotional was 2000, expected at most risk.maxExposure (1000)'],
    ['the same of one instrument', { maxExposure: 1000, instruments: { MES: { maxNotional: 2000 } } }, 'CFG_CONFLICT: risk.instruments.MES.maxNotional was 2000, expected at most risk.maxExposure (1000)'],
    ['a cap below one lot', { maxContracts: 0.5 }, 'CFG_CONFLICT: risk.maxContracts was 0.5, expected at least one lot of MES (1): raise it, or give MES limits of its own under risk.instruments'],
    ['a total below one lot', { maxTotalContracts: 0.5 }, 'CFG_CONFLICT: risk.maxTotalContracts was 0.5, expected at least one lot of MES (1)'],
    ['a daily loss beyond the drawdown', { maxDailyLossFraction: 0.2, maxDrawdownFraction: 0.1 }, 'CFG_CONFLICT: risk.maxDailyLossFraction was 0.2, expected at most risk.maxDrawdownFraction (0.1), which is always met before'],
    ['a daily loss of everything', { maxDailyLoss: 50_000 }, 'CFG_CONFLICT: risk.maxDailyLoss was 50000, expected less than initialCash (50000)'],
    ['a pause without losses', { lossStreak: { pauseMinutes: 30 } }, 'CFG_MISSING: risk.lossStreak.losses is missing, expected a whole number of at least 1'],
    ['losses without a pause', { lossStreak: { losses: 3 } }, 'CFG_MISSING: risk.lossStreak.pauseMinutes is missing'],
    ['a breaker that flattens and is not there', { onBreach: { dailyLoss: 'flatten' } }, 'CFG_CONFLICT: risk.onBreach.dailyLoss was flatten, expected risk.maxDailyLoss or maxDailyLossFraction beside it: add maxDailyLoss or maxDailyLossFraction, or take it out'],
    ['a limit that rejects and is not there', { whenExceeded: { maxExposure: 'reject' } }, 'CFG_CONFLICT: risk.whenExceeded.maxExposure was reject, expected risk.maxExposure beside it'],
    ['a collar without a limit', { priceCollar: {} }, 'CFG_CONFLICT: risk.priceCollar was empty, expected at least one limit'],
    ['an instrument without a limit', { instruments: { MES: {} } }, 'CFG_CONFLICT: risk.instruments.MES was empty, expected at least one limit'],
    ['limits of an unknown instrument', { instruments: { MSE: { maxContracts: 2 } } }, "CFG_REFERENCE: risk.instruments.MSE names 'MSE', expected one of MES, BTC: did you mean MES?"],
    ['an unknown instrument that is allowed', { allowInstruments: ['MES', 'ETH'] }, "CFG_REFERENCE: risk.allowInstruments.1 names 'ETH', expected one of MES, BTC"],
    ['no instrument at all', { allowInstruments: [] }, 'CFG_TYPE: risk.allowInstruments was an empty list'],
    ['an unknown zone', { tradingHours: { zone: 'Mars/Olympus', windows: [{ from: '08:00', to: '09:00' }] } }, 'CFG_TYPE: risk.tradingHours.zone was "Mars/Olympus", expected an IANA time zone such as America/Chicago or UTC'],
    ['windows without a zone', { tradingHours: { windows: [{ from: '08:00', to: '09:00' }] } }, 'CFG_CONFLICT: risk.tradingHours was windows without a zone, expected the time zone that they are in'],
    ['a zone without windows', { tradingHours: { zone: 'UTC' } }, 'CFG_CONFLICT: risk.tradingHours.zone was UTC, expected windows that are in it'],
    ['hours that limit nothing', { tradingHours: { sessions: false } }, 'CFG_CONFLICT: risk.tradingHours.sessions was false, expected windows instead'],
    ['a window without length', { tradingHours: { zone: 'UTC', windows: [{ from: '08:00', to: '08:00' }] } }, 'CFG_CONFLICT: risk.tradingHours.windows.0.to was 08:00, expected another time than from (08:00)'],
    ['a time that is none', { tradingHours: { zone: 'UTC', windows: [{ from: '8:00', to: '25:00' }] } }, 'CFG_TYPE: risk.tradingHours.windows.0.from was "8:00", expected a time of day from 00:00 to 24:00'],
    ['a day that is none', { tradingHours: { zone: 'UTC', windows: [{ days: ['monday'], from: '08:00', to: '09:00' }] } }, 'CFG_TYPE: risk.tradingHours.windows.0.days.0 was "monday", expected one of sun, mon'],
    ['a word that is none', { whenExceeded: 'shrink' }, 'CFG_TYPE: risk.whenExceeded was "shrink", expected '],
    ...(['maxContracts', 'maxOrderQuantity', 'maxTotalContracts', 'maxNotional', 'maxExposure', 'maxExposureFraction', 'maxDailyLoss', 'maxDailyLossFraction', 'maxDrawdownFraction', 'maxTradesPerDay', 'maxOpenOrders', 'maxOrdersPerMinute'] as const).flatMap((key): [string, Record<string, unknown>, string][] =>
      [0, -1].map((value) => [`${key} of ${value}`, { [key]: value }, `CFG_TYPE: risk.${key} was ${value}, expected a`]),
    ),
    ['a negative buffer', { marginBuffer: -0.1 }, 'CFG_TYPE: risk.marginBuffer was -0.1, expected a number from 0 to 1'],
  ])('refuses %s, and says where', (_what, risk, line) => {
    expect(lines(risk)[0]).toContain(line);
  });

  it('refuses a fixed quantity that a limit would refuse each time', () => {
    const sizing = { use: 'fixed-quantity', quantity: 3 };
    expect(lines({ maxOrderQuantity: 2, whenExceeded: 'reject' }, { sizing })[0]).toContain('CFG_CONFLICT: sizing.quantity was 3, expected at most 2, the largest order on MES');
    expect(lines({ maxContracts: 2, whenExceeded: { maxContracts: 'reject' } }, { sizing })[0]).toContain('expected at most 2');
    expect(lines({ maxOrderQuantity: 2 }, { sizing })).toEqual([]);
  });

  it('takes everything at once where nothing contradicts', () => {
    expect(
      lines({
        maxContracts: 5, maxOrderQuantity: 2, maxTotalContracts: 8, maxNotional: 1000, maxExposure: 2000, maxExposureFraction: 2, marginBuffer: 0,
        whenExceeded: { maxNotional: 'reject', maxContracts: 'reduce' }, instruments: { BTC: { maxContracts: 100, maxOrderQuantity: 50 } }, allowInstruments: ['MES'],
        maxDailyLoss: 500, maxDailyLossFraction: 0.1, maxDrawdownFraction: 0.1, lossStreak: { losses: 3, pauseMinutes: 30 }, onBreach: { dailyLoss: 'flatten', drawdown: 'flatten', lossStreak: 'halt' },
        maxTradesPerDay: 9, maxOpenOrders: 20, maxOrdersPerMinute: 10, priceCollar: { entryFraction: 0.1 },
        tradingHours: { zone: 'America/Chicago', windows: [{ days: ['mon'], from: '17:00', to: '02:00' }, { from: '00:00', to: '24:00' }] },
      }),
    ).toEqual([]);
  });
});
