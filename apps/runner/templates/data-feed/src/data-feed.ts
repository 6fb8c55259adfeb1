import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BarColumns } from '@keelson/core/domain';
import { DataError, messageOf } from '@keelson/core/errors';
import { defineDataFeed } from '@keelson/core/plugin';
import type { DataFeed, DataFeedCapabilities, DataProvenance, HistoryRequest, VenueContext } from '@keelson/core/ports';
import { allocateBars } from '@keelson/core/series';
import { z } from 'zod';
import { readBar, type FileBar } from './read-bar.js';

const params = z.strictObject({
  path: z.string().min(1).describe('File of JSON Lines from the folder of the account; {instrument} stands for the id of each instrument.'),
});

type Params = z.output<typeof params>;

/**
 * `__ID__`: bars of the past from files of JSON Lines, one bar a line, in the timeframe of the account:
 * `{"time":"2024-01-02T14:30:00Z","open":1,"high":2,"low":1,"close":2,"volume":10}`; `time` is the bar's open.
 */
export const dataFeed = defineDataFeed({ params, create: (context: VenueContext<Params>) => new JsonLinesFeed(context) });

class JsonLinesFeed implements DataFeed {
  readonly capabilities: DataFeedCapabilities = { history: true, live: false, volume: true, depth: false };
  private readonly sources = new Map<string, DataProvenance>();

  constructor(private readonly context: VenueContext<Params>) {}

  /** @throws DataError DATA_MISSING when a file cannot be read */
  async connect(): Promise<void> {
    for (const { id } of this.context.instruments) await this.read(id);
  }

  async disconnect(): Promise<void> {}

  /** @throws DataError DATA_MISSING, DATA_FORMAT, DATA_ORDER, DATA_EMPTY */
  async *history({ instrument, from, to }: HistoryRequest): AsyncGenerator<BarColumns> {
    const { id } = instrument;
    const bytes = await this.read(id);
    const file = this.fileOf(id);
    this.sources.set(id, { instrument: id, source: file, hash: `sha256:${createHash('sha256').update(bytes).digest('hex')}` });
    const bars: FileBar[] = [];
    let before = Number.NEGATIVE_INFINITY;
    for (const [index, line] of bytes.toString('utf8').split(/\r?\n/).entries()) {
      if (line.trim() === '') continue;
      const bar = readBar(line, `line ${index + 1} of ${file}`);
      if (bar.time <= before) throw new DataError('DATA_ORDER', `line ${index + 1} of ${file} is not later than the bar before it, expected bars in ascending order`, { hint: 'sort the file by time, and take out what is there twice' });
      before = bar.time;
      if (bar.time >= (from ?? Number.NEGATIVE_INFINITY) && bar.time < (to ?? Number.POSITIVE_INFINITY)) bars.push(bar);
    }
    if (before === Number.NEGATIVE_INFINITY) throw new DataError('DATA_EMPTY', `${file} holds no bars, expected at least one`, { hint: 'name another file' });
    if (bars.length > 0) yield columnsOf(bars);
  }

  provenance(): readonly DataProvenance[] {
    return [...this.sources.values()];
  }

  warnings(): readonly string[] {
    return [];
  }

  private fileOf(instrument: string): string {
    return this.context.params.path.replaceAll('{instrument}', instrument);
  }

  private async read(instrument: string): Promise<Buffer> {
    const file = this.fileOf(instrument);
    try {
      return await readFile(resolve(this.context.baseDir, file));
    } catch (error) {
      throw new DataError('DATA_MISSING', `${file} cannot be read (${messageOf(error)}), expected a file of JSON Lines`, { hint: 'correct data.path: it starts at the folder of the account', cause: error });
    }
  }
}

function columnsOf(bars: readonly FileBar[]): BarColumns {
  const columns = allocateBars(bars.length);
  bars.forEach((bar, row) => {
    columns.time[row] = bar.time;
    columns.open[row] = bar.open;
    columns.high[row] = bar.high;
    columns.low[row] = bar.low;
    columns.close[row] = bar.close;
    columns.volume[row] = bar.volume;
  });
  return columns;
}
