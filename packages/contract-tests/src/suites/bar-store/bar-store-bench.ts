import { isDeepStrictEqual } from 'node:util';
import type { BarColumns } from '@keelson/core/domain';
import { isKeelsonError, type KeelsonError } from '@keelson/core/errors';
import type { BarSeries, BarSpan, BarStore } from '@keelson/core/ports';
import { allocateBars, joinBars } from '@keelson/core/series';
import { KeptLog } from '../../fakes/kept-log.js';
import { VIRTUAL_START } from '../../fakes/virtual-time.js';
import { benchCards } from '../../frame/bench-card.js';
import { expectEqual, expectThat, needed, show } from '../../frame/expectations.js';
import { checkedParams } from '../../lab/params-cards.js';
import { filesOf, storedPlace } from '../../lab/place.js';
import type { BarStoreControl, BarStorePlace, BarStoreSubject } from './bar-store-subject.js';

export const SERIES: BarSeries = { source: 'feed 1f2e', instrument: 'LAB', timeframe: '1m' };
export const ALL: BarSpan = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
const MINUTE = 60_000;

/** Time of a minute, counted from the start of the trial. */
export const at = (minute: number): number => VIRTUAL_START + minute * MINUTE;
export const span = (from: number, to: number): BarSpan => ({ from: at(from), to: at(to) });
export const range = (from: number, to: number, step = 1): number[] => Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, i) => from + i * step);

/** Bars that open at these minutes; their prices say when they are and which `version` of them it is. */
export function barsAt(minutes: readonly number[], version = 1, withDepth = false): BarColumns {
  const bars = allocateBars(minutes.length, withDepth);
  minutes.forEach((minute, i) => {
    const price = 4_000 + minute / 7 + version / 3;
    bars.time[i] = at(minute);
    bars.open[i] = price;
    bars.close[i] = price + 0.1;
    bars.high[i] = price + 1 + 1 / 3;
    bars.low[i] = price - 1 - Number.EPSILON * 8192;
    bars.volume[i] = minute % 5 === 0 ? 0 : Math.abs(minute) + 0.5;
    if (bars.depth === undefined) return;
    bars.depth.bid[i] = i % 3 === 1 ? Number.NaN : price - 0.25;
    bars.depth.ask[i] = price + 0.25;
    bars.depth.bidSize[i] = i % 4 === 2 ? Number.NaN : minute;
    bars.depth.askSize[i] = 1e9 + i;
  });
  return bars;
}

const rowsOf = ({ length, time, open, high, low, close, volume, depth }: BarColumns): number[][] =>
  Array.from({ length }, (_, i) => [time, open, high, low, close, volume, ...(depth === undefined ? [] : [depth.bid, depth.ask, depth.bidSize, depth.askSize])].map((column) => column[i] as number));

/** Fails a card at the first bar that differs. */
export function expectBars(found: BarColumns, expected: BarColumns, what: string): void {
  const [rows, others] = [rowsOf(found), rowsOf(expected)];
  const row = rows.findIndex((each, i) => i < others.length && !isDeepStrictEqual(each, others[i]));
  if (row >= 0) expectEqual(rows[row], others[row], `bar ${row + 1} of ${what}`);
  expectEqual(rows.length, others.length, `number of ${what}`);
}

/** Fails a card unless `call` fails with DATA_STORE, and says what to do. */
export async function expectFault(call: () => Promise<unknown>, what: string): Promise<KeelsonError> {
  const error = await faultOf(call, what);
  expectThat(error !== undefined, `${what} passed`, 'an error with the code DATA_STORE');
  return error;
}

/** The DATA_STORE that a call fails with, if it does; any other error fails the card. */
export async function faultOf(call: () => Promise<unknown>, what: string): Promise<KeelsonError | undefined> {
  try {
    await call();
    return undefined;
  } catch (thrown) {
    expectThat(isKeelsonError(thrown) && thrown.code === 'DATA_STORE', `${what} threw ${show(thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : thrown)}`, 'the code DATA_STORE');
    expectThat((thrown.hint ?? '') !== '', `${thrown.line} had no hint`, 'what to do about it');
    return thrown;
  }
}

/** One place, and the stores that are opened there. */
export class BarStoreBench {
  private readonly made: BarStore[] = [];
  private readonly others: BarStoreBench[] = [];

  constructor(
    readonly subject: BarStoreSubject,
    readonly place: BarStorePlace,
  ) {}

  /** A store that is not open yet. */
  make(): BarStore {
    const { subject, place } = this;
    const params = checkedParams(place.params === undefined ? subject : { ...subject, params: place.params });
    const store = subject.definition.create({ params, account: 'contract', baseDir: place.baseDir, logger: new KeptLog() });
    this.made.push(store);
    return store;
  }

  async open(): Promise<BarStore> {
    const store = this.make();
    await store.open();
    return store;
  }

  /** The place as a start would find it if the process died now. */
  async afterDeath(): Promise<BarStoreBench> {
    const other = new BarStoreBench(this.subject, await storedPlace(this.place));
    this.others.push(other);
    return other;
  }

  /** Bars in one piece; fails a card when they do not ascend, over all chunks. */
  async bars(store: BarStore, within: BarSpan = ALL, series = SERIES): Promise<BarColumns> {
    const chunks: BarColumns[] = [];
    let last = Number.NEGATIVE_INFINITY;
    for await (const chunk of store.read(series, within)) {
      for (const time of chunk.time.subarray(0, chunk.length)) {
        expectThat(time > last, `a bar of ${show(time)} came after one of ${show(last)}`, 'a later one: bars ascend, each once');
        last = time;
      }
      chunks.push(chunk);
    }
    return chunks.length === 0 ? allocateBars(0) : joinBars(chunks);
  }

  control<Name extends keyof BarStoreControl>(name: Name): NonNullable<BarStoreControl[Name]> {
    const { control } = this.place;
    return needed(control?.[name]?.bind(control), `the subject cannot make it happen: no control ${name}`, this.subject.cannot?.[name]) as NonNullable<BarStoreControl[Name]>;
  }

  files(): ReadonlyMap<string, string> {
    return filesOf(this.place);
  }

  async close(): Promise<void> {
    for (const store of this.made) await store.close().catch(() => undefined); // a card about faults leaves stores that cannot be written
    for (const other of this.others) await other.close();
    await this.place.close?.();
  }
}

/** A card about a store, on a place of its own. */
export const barStoreCard = benchCards<BarStoreSubject, keyof BarStoreControl, BarStoreBench>((subject) => new BarStoreBench(subject, subject.place()));
