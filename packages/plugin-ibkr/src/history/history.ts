import type { BarColumns, SessionCalendar, Timeframe } from '@keelson/core/domain';
import { InstrumentGrid, toUtcMs } from '@keelson/core/domain';
import type { HistoryRequest } from '@keelson/core/ports';
import { allocateBars } from '@keelson/core/series';
import type { ContractDetails } from '@stoqey/ib';
import { queryOf } from '../contracts/contract-spec.js';
import { contractDetails, type ResolvedContract } from '../contracts/resolve-contract.js';
import type { IbGateway } from '../gateway/gateway.js';
import { barSizeOf } from './bar-sizes.js';
import { adjustmentsOf, segmentsOf, type Segment } from './continuous.js';
import { fetchPage, headTime, type BarsWanted, type HistoryBar } from './fetch-bars.js';
import type { PacingGate } from './pacing-gate.js';

/** How far before a roll both contracts are looked at, to find the step between them. */
const LOOK_BACK_MS = 4 * 86_400_000;

const HOURS: Timeframe = { id: '1h', ms: 3_600_000, session: false };

/** Between two expiries. */
export type Step = { readonly difference: number; readonly price: number };

/** What history is made of. */
export type HistoryOptions = {
  /** Joins the expiries of a future, adjusted so that there are no steps at the rolls. */
  readonly continuous: boolean;
  readonly source: string;
};

/**
 * Closed bars of the past, page after page, as fast as the pacing rules allow. Each page is one chunk.
 */
export class History {
  constructor(
    private readonly gateway: IbGateway,
    private readonly pacing: PacingGate,
    private readonly options: HistoryOptions,
  ) {}

  /** @param now bars that close after it are not given */
  async *bars(resolved: ResolvedContract, { timeframe, calendar, from, to }: HistoryRequest, now: number): AsyncIterable<BarColumns> {
    const wanted = this.wanted(resolved, timeframe, calendar);
    const until = Math.min(to ?? now, now);
    const stretches = await this.stretches(resolved, wanted, from, until);
    for (const { contract, first, last, shift } of stretches) {
      yield* this.pages({ ...wanted, contract }, first, last, now, shift, resolved);
    }
  }

  /** Contracts traded in a session that is over, for the choice between two expiries. */
  async lastVolume(resolved: Pick<ResolvedContract, 'timeZone'>, details: ContractDetails, calendar: SessionCalendar, now: number): Promise<number> {
    const session = calendar.previousSession(toUtcMs(now));
    const wanted: BarsWanted = { contract: details.contract, timeframe: HOURS, calendar, source: 'TRADES', timeZone: resolved.timeZone };
    const bars = await fetchPage(this.gateway, this.pacing, wanted, session.open, session.close);
    return bars.reduce((sum, { volume }) => sum + volume, 0);
  }

  private wanted(resolved: ResolvedContract, timeframe: Timeframe, calendar: SessionCalendar): BarsWanted {
    const { secType } = resolved.contract;
    return { contract: resolved.contract, timeframe, calendar, timeZone: resolved.timeZone, source: this.options.source === 'auto' ? (secType === 'CASH' ? 'MIDPOINT' : 'TRADES') : this.options.source };
  }

  private async stretches(resolved: ResolvedContract, wanted: BarsWanted, from: number | undefined, until: number): Promise<ReadonlyArray<{ readonly contract: BarsWanted['contract']; readonly first: number; readonly last: number; readonly shift: number }>> {
    const { instrument, details } = resolved;
    const query = queryOf(instrument);
    const whole = async (): Promise<number> => from ?? (await headTime(this.gateway, this.pacing, wanted)) ?? until;
    if (!this.options.continuous || query.contract.secType !== 'FUT' || query.fixed) return [{ contract: resolved.contract, first: await whole(), last: until, shift: 0 }];
    const chain = await contractDetails(this.gateway, { ...query.contract, includeExpired: true });
    const all = segmentsOf(chain, details, query.spec.roll.days);
    const segments = all.filter((segment) => (segment.to === undefined || from === undefined || segment.to > from) && (segment.from === undefined || segment.from < until));
    const gaps: number[] = [];
    for (let i = 0; i + 1 < segments.length; i++) gaps.push(await this.gap(wanted, segments[i] as Segment, segments[i + 1] as Segment));
    const shifts = adjustmentsOf(gaps);
    const stretches = [];
    for (const [i, segment] of segments.entries()) {
      const contract = contractOf(segment.details, wanted);
      const first = Math.max(segment.from ?? Number.NEGATIVE_INFINITY, from ?? Number.NEGATIVE_INFINITY);
      stretches.push({ contract, first: Number.isFinite(first) ? first : ((await headTime(this.gateway, this.pacing, { ...wanted, contract })) ?? until), last: Math.min(segment.to ?? until, until), shift: shifts[i] as number });
    }
    return stretches;
  }

  private async gap(wanted: BarsWanted, older: Segment, newer: Segment): Promise<number> {
    return (await this.stepOf(wanted, older.details, newer.details, older.to as number))?.difference ?? 0;
  }

  /**
   * The step between two expiries, as history is adjusted by it: newer close less older close in the last hour before `at`
   * in which both traded. With the newest price of the newer one; undefined where they never traded together.
   */
  async step(resolved: ResolvedContract, older: ContractDetails, calendar: SessionCalendar, at: number): Promise<Step | undefined> {
    return this.stepOf(this.wanted(resolved, HOURS, calendar), older, resolved.details, at);
  }

  private async stepOf(wanted: BarsWanted, older: ContractDetails, newer: ContractDetails, at: number): Promise<Step | undefined> {
    const [old, next] = await Promise.all([older, newer].map((details) => fetchPage(this.gateway, this.pacing, { ...wanted, timeframe: HOURS, contract: contractOf(details, wanted) }, at - LOOK_BACK_MS, at)));
    const newest = next?.at(-1);
    const closes = new Map(next?.map((bar) => [bar.time, bar.close]));
    const both = old?.filter((bar) => closes.has(bar.time)).at(-1);
    return both === undefined || newest === undefined ? undefined : { difference: (closes.get(both.time) as number) - both.close, price: newest.close };
  }

  private async *pages(wanted: BarsWanted, first: number, last: number, now: number, shift: number, { instrument }: ResolvedContract): AsyncIterable<BarColumns> {
    const { pageMs } = barSizeOf(wanted.timeframe);
    const { ticks } = new InstrumentGrid(instrument);
    let newest = Number.NEGATIVE_INFINITY;
    for (let from = first; from < last; from += pageMs) {
      if (!hasSession(wanted.calendar, from, Math.min(from + pageMs, last))) continue;
      const page = await fetchPage(this.gateway, this.pacing, wanted, from, Math.min(from + pageMs, last));
      const bars = page.filter((bar) => bar.time > newest && closeOf(bar.time, wanted) <= now);
      if (bars.length === 0) continue;
      newest = (bars.at(-1) as HistoryBar).time;
      yield toColumns(bars, shift === 0 ? (price) => price : (price) => ticks.value(ticks.nearest(price + shift)));
    }
  }
}

function contractOf(details: ContractDetails, { contract }: BarsWanted): BarsWanted['contract'] {
  return { ...details.contract, exchange: contract.exchange ?? details.contract.exchange ?? '', includeExpired: true };
}

function closeOf(open: number, { timeframe, calendar }: BarsWanted): number {
  const session = calendar.sessionAt(toUtcMs(open));
  if (timeframe.session) return session?.close ?? open + timeframe.ms;
  return Math.min(open + timeframe.ms, session?.close ?? Number.POSITIVE_INFINITY);
}

/** Nothing is asked about a weekend. */
function hasSession(calendar: SessionCalendar, from: number, to: number): boolean {
  return calendar.sessionAt(toUtcMs(from)) !== undefined || calendar.nextSession(toUtcMs(from)).open < to;
}

function toColumns(bars: readonly HistoryBar[], price: (value: number) => number): BarColumns {
  const columns = allocateBars(bars.length);
  for (const [i, bar] of bars.entries()) {
    columns.time[i] = bar.time;
    columns.open[i] = price(bar.open);
    columns.high[i] = price(bar.high);
    columns.low[i] = price(bar.low);
    columns.close[i] = price(bar.close);
    columns.volume[i] = bar.volume;
  }
  return columns;
}
