import type { FeatureSet } from '../feature-set.js';
import { barTime } from './bar-time.js';
import { dayOfWeek } from './day-of-week.js';
import { openingRange } from './opening-range.js';
import { overnightGap } from './overnight-gap.js';
import { pivotPoints } from './pivot-points.js';
import { priorDay } from './prior-day.js';
import { sessionMinutes } from './session-minutes.js';
import { sessionRange } from './session-range.js';
import { sessionVwapDistance } from './session-vwap-distance.js';
import { timeBucket } from './time-bucket.js';

/** Where a bar stands in its trading session, by the instrument's calendar. */
export const session = {
  'bar-time': barTime,
  'session-minutes': sessionMinutes,
  'time-bucket': timeBucket,
  'day-of-week': dayOfWeek,
  'overnight-gap': overnightGap,
  'opening-range': openingRange,
  'session-range': sessionRange,
  'prior-day': priorDay,
  'pivot-points': pivotPoints,
  'session-vwap-distance': sessionVwapDistance,
} satisfies FeatureSet;
