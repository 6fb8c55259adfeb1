import type { Instrument, InstrumentId } from '@keelson/core/domain';
import type { VenueContext } from '@keelson/core/ports';
import type { Contract } from '@stoqey/ib';
import { queryOf } from './contracts/contract-spec.js';
import { resolveContract, type ResolvedContract } from './contracts/resolve-contract.js';
import { IbGateway } from './gateway/gateway.js';
import { History } from './history/history.js';
import { PacingGate } from './history/pacing-gate.js';
import type { ConnectionSettings } from './settings.js';

/** What broker and feed of one account share: the connection, the contracts, and the count of questions. */
export class IbConnection {
  readonly gateway: IbGateway;
  readonly pacing: PacingGate;
  private readonly resolved = new Map<InstrumentId, ResolvedContract>();
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
    this.resolved.clear();
  }

  contractOf(instrument: InstrumentId): ResolvedContract | undefined {
    return this.resolved.get(instrument);
  }

  instrumentOf({ conId }: Contract): ResolvedContract | undefined {
    for (const each of this.resolved.values()) if (each.contract.conId === conId) return each;
    return undefined;
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
    const history = new History(this.gateway, this.pacing, { continuous: false, source: 'TRADES' });
    for (const instrument of missing) {
      const calendar = this.context.calendars[instrument.calendar];
      const found = await resolveContract(this.gateway, pinned(instrument, held, this.context.logger), now, async (details) => (calendar === undefined ? 0 : history.lastVolume({ timeZone: 'UTC' }, details, calendar, now)));
      this.resolved.set(instrument.id, { ...found, instrument });
      this.context.logger.info(`${instrument.id} is ${found.contract.localSymbol ?? found.contract.symbol} (${found.contract.conId})`);
    }
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
