import { detectTimeFormat, StampReader, ZoneClock } from '@keelson/plugin-files';

/** How a file's rows are placed in time. */
export type RowTimes = {
  /** Zone of stamps that carry none. */
  readonly zone: string;
  /**
   * When a row is known: `close` when its stamp has come, `open` once its stamp has passed (the bars of the account),
   * `step` one step of the table after its stamp, since rows are stamped where the time begins that they tell of.
   */
  readonly known: 'open' | 'close' | 'step';
};

const SAMPLE = 20;
const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * The part of a table in text or of JSON Lines, with a time in each line, that was known at `cutAt`. Undefined when the text is no
 * such table.
 */
export function cutTable(text: string, cutAt: number, times: RowTimes): string | undefined {
  const lines = text.split('\n');
  const filled = lines.map((line, i) => (line.trim() === '' || line.startsWith('#') ? -1 : i)).filter((i) => i >= 0);
  if (filled.length === 0) return undefined;
  const sample = filled.slice(1, SAMPLE + 1).map((i) => lines[i] as string);
  const stampOf = findStamps(sample.length === 0 ? [lines[filled[0] as number] as string] : sample, times.zone);
  if (stampOf === undefined) return undefined;
  const stamps = lines.map((line, i) => (line.trim() === '' || (i === filled[0] && sample.length > 0 && Number.isNaN(stampOf(line))) ? Number.NaN : stampOf(line)));
  const step = times.known === 'step' ? usualStep(stamps) : 0;
  const isKnown = (stamp: number): boolean => Number.isNaN(stamp) || (times.known === 'open' ? stamp < cutAt : stamp + step <= cutAt);
  return lines.filter((_, i) => isKnown(stamps[i] as number)).join('\n');
}

type StampOf = (line: string) => number;

/** The first column, or the first two together, in which every line of the sample has a time that does not go back. */
function findStamps(sample: readonly string[], zone: string): StampOf | undefined {
  if (sample.every((line) => line.trimStart().startsWith('{'))) return findJsonStamps(sample, zone);
  for (const delimiter of DELIMITERS) {
    const width = (sample[0] as string).split(delimiter).length;
    if (width < 2 && delimiter !== ',') continue;
    for (let column = 0; column < width; column++) {
      for (const columns of [[column], [column, column + 1]]) {
        const textOf = (line: string): string => {
          const fields = line.split(delimiter);
          return columns.map((at) => (fields[at] ?? '').trim().replace(/^"|"$/g, '')).join(' ');
        };
        const stampOf = readerOf(textOf(sample[0] as string), zone, textOf);
        // a date alone may have its time of day in the next column
        if (stampOf === undefined || (columns.length === 1 && isClock((sample[0] as string).split(delimiter)[column + 1]))) continue;
        if (ascend(sample.map(stampOf))) return stampOf;
      }
    }
  }
  return undefined;
}

/** JSON Lines: the first key under which every object of the sample has a time that does not go back. */
function findJsonStamps(sample: readonly string[], zone: string): StampOf | undefined {
  const first = objectOf(sample[0] as string) ?? {};
  for (const key of Object.keys(first)) {
    const textOf = (line: string): string => {
      const value = objectOf(line)?.[key];
      return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
    };
    const stampOf = readerOf(textOf(sample[0] as string), zone, textOf);
    if (stampOf !== undefined && ascend(sample.map(stampOf))) return stampOf;
  }
  return undefined;
}

function objectOf(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

const ascend = (stamps: readonly number[]): boolean => stamps.every((stamp, i) => !Number.isNaN(stamp) && (i === 0 || stamp >= (stamps[i - 1] as number)));

const isClock = (text: string | undefined): boolean => /^"?\d{1,2}:\d{2}/.test((text ?? '').trim());

function readerOf(first: string, zone: string, textOf: (line: string) => string): StampOf | undefined {
  const format = detectTimeFormat(first);
  // a number of few digits is a price or a count, not a time
  if (format === undefined || format === 'ambiguous' || (format === 'epoch-s' && !/^\d{9,10}(\.\d*)?$/.test(first))) return undefined;
  const clock = new ZoneClock(zone);
  return (line) => {
    const bytes = Buffer.from(textOf(line));
    return new StampReader(format, clock).read(bytes, 0, bytes.length);
  };
}

/** The most frequent distance of two rows, if it is that of at least half of them; else 0: events without length. */
function usualStep(stamps: readonly number[]): number {
  const known = stamps.filter((stamp) => !Number.isNaN(stamp));
  const counts = new Map<number, number>();
  for (let i = 1; i < known.length; i++) {
    const step = (known[i] as number) - (known[i - 1] as number);
    if (step > 0) counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  let best = 0;
  for (const [step, count] of counts) if (count > (counts.get(best) ?? 0)) best = step;
  return (counts.get(best) ?? 0) * 2 >= known.length - 1 ? best : 0;
}
