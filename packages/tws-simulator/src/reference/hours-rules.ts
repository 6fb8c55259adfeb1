import type { HoursRule } from './exchange-hours.js';

const clock = (hours: number, minutes = 0): number => hours * 60 + minutes;

/** Hours as the venue gives them: futures on CME and COMEX, stocks, spot currencies. */
export const HOURS = {
  cme: { zone: 'America/Chicago', zoneName: 'US/Central', open: clock(17), close: clock(16), liquidOpen: clock(8, 30), liquidClose: clock(16), holidays: 'futures', earlyClose: clock(12) },
  comex: { zone: 'America/New_York', zoneName: 'US/Eastern', open: clock(18), close: clock(17), liquidOpen: clock(9, 30), liquidClose: clock(17), holidays: 'futures', earlyClose: clock(13) },
  usStock: { zone: 'America/New_York', zoneName: 'US/Eastern', open: clock(4), close: clock(20), liquidOpen: clock(9, 30), liquidClose: clock(16), holidays: 'stocks' },
  forex: { zone: 'America/New_York', zoneName: 'US/Eastern', open: clock(17, 15), close: clock(17), liquidOpen: clock(17, 15), liquidClose: clock(17) },
} as const satisfies Record<string, HoursRule>;
