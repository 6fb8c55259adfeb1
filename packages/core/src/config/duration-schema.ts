import * as z from '#zod';
import { parseDuration } from '../domain/duration.js';

const text = (least: number) => z.string().refine((value) => (parseDuration(value) ?? -1) >= least, { error: 'expected a span of time such as 30s, 5m, 1h or 4d' });

/** A span of time above 0, as text: `30s`, `5m`, `1h`, `4d`. */
export const durationSchema = text(1);
/** The same, or none: `0s`. */
export const delaySchema = text(0);
