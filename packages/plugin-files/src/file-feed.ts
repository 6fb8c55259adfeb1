import { resolve } from 'node:path';
import type { BarColumns, InstrumentId } from '@keelson/core/domain';
import { ConfigError } from '@keelson/core/errors';
import { defineDataFeed } from '@keelson/core/plugin';
import type { DataFeed, DataFeedCapabilities, DataProvenance, HistoryRequest, VenueContext } from '@keelson/core/ports';
import { fileFeedParams, type FileFeedParams } from './params.js';
import { carriedBy, readBars, type ReadResult } from './read-bars.js';
import { closest } from './suggest.js';

const PLACEHOLDER = '{instrument}';

type Carried = Pick<DataFeedCapabilities, 'volume' | 'depth'>;

/** Bars of the past from CSV and Parquet files, one file for each instrument. */
export class FileFeed implements DataFeed {
  /** By the files' columns, once connected. */
  capabilities: DataFeedCapabilities = { history: true, live: false, volume: false, depth: false };
  private readonly carried = new Map<InstrumentId, Carried>();
  private readonly read = new Map<InstrumentId, DataProvenance & { readonly warnings: readonly string[] }>();

  constructor(private readonly context: VenueContext<FileFeedParams>) {}

  /**
   * Looks at the columns of every file.
   * @throws ConfigError CFG_REFERENCE when `paths` and the account's instruments differ
   * @throws DataError DATA_MISSING, DATA_EMPTY, DATA_FORMAT, DATA_COLUMNS
   */
  async connect(): Promise<void> {
    this.checkPaths();
    for (const { id } of this.context.instruments) {
      const file = this.pathOf(id);
      this.carried.set(id, await carriedBy(file, resolve(this.context.baseDir, file), this.context.params));
    }
    const all = [...this.carried.values()];
    this.capabilities = { ...this.capabilities, volume: all.every(({ volume }) => volume), depth: all.every(({ depth }) => depth) };
  }

  carries(instrument: InstrumentId): Carried {
    return this.carried.get(instrument) ?? this.capabilities;
  }

  async disconnect(): Promise<void> {}

  async *history(request: HistoryRequest): AsyncGenerator<BarColumns> {
    const { id } = request.instrument;
    const file = this.pathOf(id);
    const { chunks, hash, warnings }: ReadResult = await readBars(file, resolve(this.context.baseDir, file), request, this.context.params);
    this.read.set(id, { instrument: id, source: file, hash, warnings });
    yield* chunks;
  }

  provenance(): readonly DataProvenance[] {
    return [...this.read.values()].map(({ instrument, source, hash }) => ({ instrument, source, hash }));
  }

  warnings(): readonly string[] {
    const { path } = this.context.params;
    const shared = path !== undefined && !path.includes(PLACEHOLDER) && this.context.instruments.length > 1
      ? [`${path}: read for each of ${this.context.instruments.length} instruments, which so have equal bars; write {instrument} in the path, or use paths`]
      : [];
    return [...shared, ...[...this.read.values()].flatMap(({ warnings }) => warnings)];
  }

  private checkPaths(): void {
    const { paths } = this.context.params;
    if (paths === undefined) return;
    const ids = this.context.instruments.map(({ id }) => id);
    for (const id of ids) this.pathOf(id);
    for (const id of Object.keys(paths)) {
      if (ids.includes(id)) continue;
      const near = closest(id, ids);
      throw new ConfigError('CFG_REFERENCE', `data.paths names ${id}, expected instruments of the account (${ids.join(', ')})`, { hint: near === undefined ? 'remove it' : `did you mean ${near}?` });
    }
  }

  private pathOf(id: InstrumentId): string {
    const { path, paths } = this.context.params;
    if (path !== undefined) return path.replaceAll(PLACEHOLDER, id);
    const own = paths !== undefined && Object.hasOwn(paths, id) ? paths[id] : undefined;
    if (own !== undefined) return own;
    throw new ConfigError('CFG_REFERENCE', `data.paths has no file for ${id} (it has ${Object.keys(paths ?? {}).join(', ')}), expected one for each instrument`, { hint: `add ${id} to data.paths` });
  }
}

/** The feed `file`. */
export const fileFeed = defineDataFeed<FileFeedParams>({ params: fileFeedParams, create: (context) => new FileFeed(context) });
