import { DataError, messageOf } from '@keelson/core/errors';
import { z } from 'zod';

const barSchema = z
  .object({ time: z.iso.datetime({ offset: true }), open: z.number(), high: z.number(), low: z.number(), close: z.number(), volume: z.number().min(0).default(0) })
  .refine(({ open, high, low, close }) => low <= Math.min(open, close) && high >= Math.max(open, close), { error: 'low and high do not span open and close' });

export type FileBar = Omit<z.output<typeof barSchema>, 'time'> & { /** The bar's open, UtcMs. */ readonly time: number };

/**
 * One line of a file as a bar.
 * @param place names the line in messages
 * @throws DataError DATA_FORMAT
 */
export function readBar(line: string, place: string): FileBar {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw fault(place, messageOf(error));
  }
  const { data, error } = barSchema.safeParse(value);
  if (error !== undefined) throw fault(place, error.issues.map(({ path, message }) => [...path, message].join(' ')).join('; '));
  return { ...data, time: Date.parse(data.time) };
}

const fault = (place: string, found: string): DataError => new DataError('DATA_FORMAT', `${place} was no bar (${found}), expected time, open, high, low, close and volume as JSON`, { hint: 'correct the line' });
