import * as z from '#zod';
import { parseMinutes } from '../domain/calendars/civil-day.js';
import { ZoneClock } from '../domain/calendars/zone-clock.js';

/** Days of the week, Sunday first. */
export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** Limits of quantity that an order over them can be cut down to, or refused for. */
export const QUANTITY_LIMITS = ['maxOrderQuantity', 'maxContracts', 'maxTotalContracts', 'maxNotional', 'maxExposure', 'maxExposureFraction', 'marginBuffer'] as const;

const exceeded = z.enum(['reduce', 'reject']);
const cut = exceeded.default('reduce');
/** Spelled out: a type made of the names above has its fields in whatever order the compiler met them. */
const byLimit = { maxOrderQuantity: cut, maxContracts: cut, maxTotalContracts: cut, maxNotional: cut, maxExposure: cut, maxExposureFraction: cut, marginBuffer: cut } satisfies Record<(typeof QUANTITY_LIMITS)[number], typeof cut>;
const breach = z.enum(['halt', 'flatten']).default('halt');
const minuteOfDay = z.string().refine((text) => parseMinutes(text) !== undefined, { error: 'expected a time of day from 00:00 to 24:00' });

const lossStreakSchema = z.strictObject({
  losses: z.int().min(1).describe('Losing round trips in a row, commission included, over all instruments.'),
  pauseMinutes: z.number().positive().describe('No entries for so long.'),
});

const priceCollarSchema = z.strictObject({
  entryFraction: z.number().positive().optional().describe("Farthest that an entry's limit or trigger may lie from the last close, as a fraction of it."),
  exitFraction: z.number().positive().optional().describe("The same for the stop and target that go with it."),
  maxAgeMinutes: z.number().positive().optional().describe('No entry when the last bar closed longer ago.'),
});

const tradingHoursSchema = z.strictObject({
  sessions: z.boolean().default(true).describe("Only within sessions of the instrument's calendar."),
  zone: z.string().refine(isZone, { error: 'expected an IANA time zone such as America/Chicago or UTC' }).optional().describe('Time zone of the windows.'),
  windows: z
    .array(
      z.strictObject({
        days: z.array(z.enum(WEEKDAYS)).min(1).default([...WEEKDAYS]).describe('Days on which the window begins.'),
        from: minuteOfDay.describe('First moment, `HH:MM`.'),
        to: minuteOfDay.describe('First moment after it; at or before `from`: on the next day.'),
      }),
    )
    .min(1)
    .optional()
    .describe('Only within one of these.'),
});

const instrumentLimits = z.strictObject({
  maxContracts: z.number().positive().optional().describe('Largest position, instead of that of the account.'),
  maxOrderQuantity: z.number().positive().optional().describe('Largest single order, instead of that of the account.'),
  maxNotional: z.number().positive().optional().describe('Largest notional, instead of that of the account.'),
  initialMargin: z.number().positive().optional().describe("What the marginBuffer counts for one contract at least, in the instrument's currency: in place of the venue's margin while that is not known."),
});

/** `risk:` ceilings that nothing can loosen; plugins only tighten them. */
export const riskSchema = z.strictObject({
  maxContracts: z.number().positive().default(5).describe('Largest position per instrument, in units of quantity.'),
  maxOrderQuantity: z.number().positive().optional().describe('Largest single order; default: maxContracts.'),
  maxTotalContracts: z.number().positive().optional().describe('Largest sum of the positions of all instruments, in units of quantity.'),
  maxNotional: z.number().positive().optional().describe('Largest notional per instrument, in the base currency.'),
  maxExposure: z.number().positive().optional().describe('Notional of all positions, in the base currency.'),
  maxExposureFraction: z.number().positive().optional().describe('Notional of all positions as a fraction of equity.'),
  marginBuffer: z.number().min(0).max(1).default(0.2).describe('Share of equity that margin must leave free.'),
  whenExceeded: z
    .union([exceeded, z.strictObject(byLimit)])
    .default('reduce')
    .describe('Entries over a limit of quantity are cut down to it, or refused; one word for all, or by limit.'),
  instruments: z.record(z.string(), instrumentLimits).default({}).describe('Limits of single instruments.'),
  allowInstruments: z.array(z.string()).min(1).optional().describe('Entries on these only; default: all.'),
  maxDailyLoss: z.number().positive().optional().describe("No entries once the session's loss, realised and open, reaches this, in the base currency."),
  maxDailyLossFraction: z.number().gt(0).max(1).optional().describe("No entries once the session's loss, realised and open, reaches this fraction of its opening equity."),
  maxDrawdownFraction: z.number().gt(0).max(1).optional().describe("Halts entries once equity fell this far from its peak."),
  lossStreak: lossStreakSchema.optional().describe('Pauses entries after losses.'),
  onBreach: z
    .strictObject({ dailyLoss: breach.describe('Of maxDailyLoss and maxDailyLossFraction.'), drawdown: breach.describe('Of maxDrawdownFraction.'), lossStreak: breach.describe('Of lossStreak.') })
    .prefault({})
    .describe('What else a breaker does: `halt` takes entries back and leaves exits alone, `flatten` also leaves every position.'),
  maxTradesPerDay: z.int().min(1).optional().describe('Entries per trading day, the session of the first instrument.'),
  maxOpenOrders: z.int().min(1).default(50).describe('Working orders of the account.'),
  maxOrdersPerMinute: z.int().min(1).max(10_000).optional().describe("No entries once so many orders were sent within the last minute of the account's time."),
  priceCollar: priceCollarSchema.optional().describe('Refuses entries at prices far from the market, or without a fresh one.'),
  tradingHours: tradingHoursSchema.optional().describe('When entries may be sent.'),
  allowOrders: z.boolean().default(false).describe('Real venues only: false refuses every order that would leave the process.'),
});

export type RiskSettings = z.output<typeof riskSchema>;
export type QuantityLimit = (typeof QUANTITY_LIMITS)[number];
export type TradingHoursSettings = z.output<typeof tradingHoursSchema>;

/** The limits of one instrument, in units of quantity and of money; a limit that is undefined is not set. */
export type InstrumentLimits = { readonly maxContracts: number; readonly maxOrderQuantity: number | undefined; readonly maxNotional: number | undefined; readonly initialMargin: number | undefined };

/** What the gate holds an instrument to: its own limits where it has some, else the account's. */
export function limitsOf(risk: RiskSettings, instrument: string): InstrumentLimits {
  const own = Object.hasOwn(risk.instruments, instrument) ? risk.instruments[instrument] : undefined;
  const maxContracts = own?.maxContracts ?? risk.maxContracts;
  const general = risk.maxOrderQuantity === undefined ? undefined : Math.min(risk.maxOrderQuantity, maxContracts);
  return { maxContracts, maxOrderQuantity: own?.maxOrderQuantity ?? general, maxNotional: own?.maxNotional ?? risk.maxNotional, initialMargin: own?.initialMargin };
}

/** True when an entry over this limit is refused instead of cut down to it. */
export function rejects(risk: RiskSettings, limit: QuantityLimit): boolean {
  return (typeof risk.whenExceeded === 'string' ? risk.whenExceeded : risk.whenExceeded[limit]) === 'reject';
}

function isZone(text: string): boolean {
  try {
    new ZoneClock(text).offsetAt(0);
    return true;
  } catch {
    return false;
  }
}
