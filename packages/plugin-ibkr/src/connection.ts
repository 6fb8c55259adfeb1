import type { Instrument, InstrumentId, Rolled } from '@keelson/core/domain';
import { toPrice, toUtcMs } from '@keelson/core/domain';
import { ConfigError } from '@keelson/core/errors';
import type { VenueContext } from '@keelson/core/ports';
import type { Contract } from '@stoqey/ib';
import { tradedExpiries } from './contracts/choose-expiry.js';
import { queryOf } from './contracts/contract-spec.js';
import { openInterest } from './contracts/open-interest.js';
import { contractDetails, resolveContract, type ResolvedContract } from './contracts/resolve-contract.js';
import { IbGateway } from './gateway/gateway.js';
import { History } from './history/history.js';
import { PacingGate } from './history/pacing-gate.js';
import type { ConnectionSettings } from './settings.js';

/** So many expiries before the present one are held against it: months that hardly trade may lie between. */
const EARLIER = 3;

/** What broker and feed of one account share: the connection, the contracts, and the count of questions. */
export class IbConnection {
  readonly gateway: IbGateway;
  readonly pacing: PacingGate;
  private readonly resolved = new Map<InstrumentId, ResolvedContract>();
  /** What was resolved before it was looked for anew. */
  private readonly former = new Map<InstrumentId, ResolvedContract>();
  private readonly rollListeners = new Set<(resolved: ResolvedContract) => number | undefined>();
  /** Open of the first bar of the present contract, where one of another came before it. */
  private readonly firstBars = new Map<InstrumentId, number>();
  private resolving: Promise<void> | undefined;

  constructor(
    settings: ConnectionSettings,
    private readonly context: Pick<VenueContext<unknown>, 'calendars' | 'timer' | 'logger'>,
  ) {
    this.gateway = new IbGateway(settings, context.timer, context.logger);
    this.pacing = new PacingGate(context.timer);
  }

  /**
   * Finds the contracts of all instruments, once. An instrument of which the account holds an older expiry keeps that
   * one until it is flat: orders that close a position must go to the contract that it is in.
   * @param held contracts with a position or working orders at the venue
   */
  async resolve(instruments: readonly Instrument[], held: readonly Contract[] = []): Promise<void> {
    await this.resolving;
    this.resolving = this.find(instruments, held);
    try {
      await this.resolving;
    } finally {
      this.resolving = undefined;
    }
  }

  /** Contracts are looked for anew: expiries change from day to day. */
  forget(): void {
    for (const [id, resolved] of this.resolved) this.former.set(id, resolved);
    this.resolved.clear();
  }

  /**
   * Tells of instruments that stand for another contract from now on.
   * @param listener gives the open (UtcMs) of the first bar that will be of it, if it knows
   * @returns the way to stop listening
   */
  onRoll(listener: (resolved: ResolvedContract) => number | undefined): () => void {
    this.rollListeners.add(listener);
    return () => this.rollListeners.delete(listener);
  }

  /**
   * Chooses the contract of an instrument anew, while the present one stands.
   * @param mayChange asked when the choice is made: nothing of the account may be in the present one
   * @param chosen the one to take, where it was looked for before
   * @returns whether there is another one now
   */
  async roll(instrument: Instrument, mayChange: () => boolean, chosen?: ResolvedContract): Promise<boolean> {
    const found = chosen ?? (await this.choose(instrument, [], await this.now()));
    const present = this.resolved.get(instrument.id);
    if (present === undefined || present.contract.conId === found.contract.conId || !mayChange()) return false;
    this.take(found, present);
    return true;
  }

  /** The contract that would take the place of the present one; undefined where there is none. */
  async successor(instrument: Instrument): Promise<ResolvedContract | undefined> {
    const found = await this.choose(instrument, [], await this.now());
    return found.contract.conId === this.resolved.get(instrument.id)?.contract.conId ? undefined : found;
  }

  /** How prices of expiries that still trade compare with those of the present one, which comes after them; undefined where there are none. */
  async rolledTo(instrument: Instrument): Promise<Rolled | undefined> {
    const { gateway, pacing, context } = this;
    const resolved = this.resolved.get(instrument.id);
    const calendar = context.calendars[instrument.calendar];
    if (resolved === undefined || calendar === undefined) return undefined;
    const now = await this.now();
    const chain = tradedExpiries(await contractDetails(gateway, queryOf(instrument).contract), now);
    const earlier = chain.slice(0, Math.max(0, chain.findIndex(({ contract }) => contract.conId === resolved.contract.conId))).slice(-EARLIER);
    const history = new History(gateway, pacing, { continuous: false, source: 'auto' });
    const differences: Record<string, number> = {};
    let price: number | undefined;
    for (const details of earlier) {
      const step = await history.step(resolved, details, calendar, now);
      if (step === undefined) continue;
      differences[details.contract.localSymbol ?? String(details.contract.conId)] = step.difference;
      price = step.price;
    }
    const barsFrom = this.firstBars.get(instrument.id);
    return price === undefined ? undefined : { contract: resolved.contract.localSymbol ?? String(resolved.contract.conId), price: toPrice(price), differences, ...(barsFrom === undefined ? {} : { barsFrom: toUtcMs(barsFrom) }) };
  }

  contractOf(instrument: InstrumentId): ResolvedContract | undefined {
    return this.resolved.get(instrument);
  }

  instrumentOf({ conId }: Contract): ResolvedContract | undefined {
    for (const each of this.resolved.values()) if (each.contract.conId === conId) return each;
    return undefined;
  }

  /**
   * What an execution of the account's own order belongs to: also one in an expiry that was traded before this one, or it
   * would seem as if the venue had taken it back. Undefined where several instruments are of that product.
   */
  instrumentOfOwn(contract: Contract): ResolvedContract | undefined {
    const exact = this.instrumentOf(contract);
    if (exact !== undefined || contract.secType !== 'FUT') return exact;
    const [only, ...others] = [...this.resolved.values()].filter(({ contract: { secType, symbol, currency } }) => secType === 'FUT' && symbol === contract.symbol && currency === contract.currency);
    return others.length === 0 ? only : undefined;
  }

  /** The gateway's clock, UtcMs to the second. */
  async now(): Promise<number> {
    const [seconds] = await this.gateway.askAll<number>('the time', (ib) => ib.reqCurrentTime(), (event, args, found) => {
      if (event === 'currentTime') found.push(Number(args[0]));
      return event === 'currentTime';
    });
    return (seconds as number) * 1000;
  }

  private async find(instruments: readonly Instrument[], held: readonly Contract[]): Promise<void> {
    const missing = instruments.filter(({ id }) => !this.resolved.has(id));
    if (missing.length === 0) return;
    const now = await this.now();
    for (const instrument of missing) this.take(await this.choose(instrument, held, now), this.former.get(instrument.id));
  }

  private take(found: ResolvedContract, former: ResolvedContract | undefined): void {
    const { instrument, contract } = found;
    this.resolved.set(instrument.id, found);
    this.former.delete(instrument.id);
    this.context.logger.info(`${instrument.id} is ${contract.localSymbol ?? contract.symbol} (${contract.conId})`);
    if (former === undefined || former.contract.conId === contract.conId) return;
    this.firstBars.delete(instrument.id);
    for (const listener of this.rollListeners) {
      const firstBar = listener(found);
      if (firstBar !== undefined) this.firstBars.set(instrument.id, firstBar);
    }
  }

  private async choose(instrument: Instrument, held: readonly Contract[], now: number): Promise<ResolvedContract> {
    const { gateway, pacing, context } = this;
    const { fixed, spec } = queryOf(instrument);
    if (fixed && spec.roll.position === 'reopen') throw new ConfigError('CFG_CONFLICT', `instruments[${instrument.id}].symbols.ibkr: roll.position is reopen, and the expiry is fixed: there is no next one to enter`, { hint: 'take contractMonth, localSymbol and conId out, or set roll.position: flatten' });
    const calendar = context.calendars[instrument.calendar];
    const history = new History(gateway, pacing, { continuous: false, source: 'TRADES' });
    const found = await resolveContract(gateway, pinned(instrument, held, context.logger), now, async (details, by) => {
      if (by === 'volume') return calendar === undefined ? undefined : history.lastVolume({ timeZone: 'UTC' }, details, calendar, now);
      const open = await openInterest(gateway, details.contract, context.timer);
      if (open === undefined) context.logger.warn(`the gateway told no open interest of ${details.contract.localSymbol ?? instrument.id}: the expiry is chosen by the days before its end`);
      return open;
    });
    return { ...found, instrument };
  }
}

/** The instrument, held to an expiry of it that the account has something in. */
function pinned(instrument: Instrument, held: readonly Contract[], logger: VenueContext<unknown>['logger']): Instrument {
  const { contract, fixed, spec } = queryOf(instrument);
  if (fixed || contract.secType !== 'FUT') return instrument;
  const same = held.filter(({ secType, symbol, conId }) => secType === 'FUT' && symbol === contract.symbol && conId !== undefined);
  const [first] = same;
  if (first === undefined) return instrument;
  if (same.some(({ conId }) => conId !== first.conId)) logger.warn(`the account has several expiries of ${instrument.id}: ${same.map(({ localSymbol, conId }) => localSymbol ?? conId).join(', ')}`);
  return { ...instrument, symbols: { ...instrument.symbols, ibkr: { ...spec, symbol: contract.symbol, exchange: contract.exchange, conId: first.conId } } };
}
