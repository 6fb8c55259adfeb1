import { z } from 'zod';
import { FAULT_KINDS } from './fault-log.js';
import { TIME_FORMATS } from './stamp-reader.js';

const column = z.union([z.string(), z.int().min(0)]);

const columns = z
  .strictObject({
    time: column.optional(),
    date: column.optional().describe('Only where date and time of day stand in two columns.'),
    open: column.optional(),
    high: column.optional(),
    low: column.optional(),
    close: column.optional(),
    volume: column.optional(),
    bid: column.optional().describe('Best bid when the bar closed; with ask, bidSize and askSize it gives the bars depth.'),
    ask: column.optional(),
    bidSize: column.optional().describe('Quantity at the best bid.'),
    askSize: column.optional(),
  })
  .describe('Header name or 0-based index of each column; what is left out is found by its usual names.');

const zone = z
  .string()
  .refine(isZone, { error: 'expected a zone of the IANA database, such as UTC or America/Chicago' });

/** Settings of the file feed; they stand under `data:` of an account. */
export const fileFeedParams = z
  .strictObject({
    path: z.string().min(1).optional().describe('The file, relative to the account file; `{instrument}` stands for the instrument id.'),
    paths: z.record(z.string(), z.string().min(1)).optional().describe('One file per instrument id.'),
    format: z.enum(['auto', 'csv', 'parquet']).default('auto'),
    delimiter: z.enum(['auto', ',', ';', '\t', '|']).default('auto'),
    decimal: z.enum(['.', ',']).default('.').describe('Decimal sign.'),
    header: z.union([z.literal('auto'), z.boolean()]).default('auto').describe('Whether the first line names the columns.'),
    columns: columns.prefault({}),
    timeFormat: z.enum(TIME_FORMATS).default('auto'),
    zone: zone.default('UTC').describe('Zone of stamps that carry none.'),
    stamp: z.enum(['open', 'close']).default('open').describe("Whether a stamp marks its bar's open or close."),
    quality: z.enum(['strict', 'warn', 'off']).default('strict').describe('What a fault does: fail, be reported, or go unseen.'),
    tolerate: z.array(z.enum(FAULT_KINDS)).default([]).describe('Kinds of fault that strict reports instead of failing.'),
    maxGapBars: z.int().min(0).default(60).describe('Bars that may be missing in a row within a session.'),
  })
  .refine((params) => params.path !== undefined || params.paths !== undefined, { error: 'no file was named, expected path or paths: add path' })
  .refine((params) => params.path === undefined || params.paths === undefined, { error: 'path was given beside paths, expected one of the two: remove one', path: ['paths'] })
  .refine((params) => params.decimal !== params.delimiter, { error: 'expected another sign than the delimiter', path: ['decimal'] });

export type FileFeedParams = z.output<typeof fileFeedParams>;
export type FileFeedInput = z.input<typeof fileFeedParams>;
/** How one file is to be read: the settings without the places. */
export type ReadSettings = Omit<FileFeedParams, 'path' | 'paths'>;
export type ColumnSettings = ReadSettings['columns'];

function isZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: text }).format(0);
    return true;
  } catch {
    return false;
  }
}
