import type { BrokerEvent, Instrument, InstrumentId } from '@keelson/core/domain';
import { messageOf } from '@keelson/core/errors';
import type { VenueContext } from '@keelson/core/ports';
import type { IbConnection } from '../connection.js';
import { contractEnd } from '../contracts/contract-end.js';
import { queryOf } from '../contracts/contract-spec.js';

/** How often the calendar is looked at. */
const LOOK_MS = 3_600_000;
/** So long after a fill: what it leaves of the order's group has ended by then. */
const AFTER_FILL_MS = 5_000;

/**
 * Tells the account when a contract comes to its end: first that it is entered no more, then that a position in it is to
 * be left. Once nothing of the account is in it, the next one takes its place. It sends no orders: the account does.
 */
export class ContractWatch {
  private readonly told = new Map<InstrumentId, string>();
  private callOff: () => void = () => undefined;
  private rolling = false;

  constructor(
    private readonly connection: IbConnection,
    private readonly context: VenueContext<unknown>,
    private readonly say: (event: BrokerEvent) => void,
    /** Neither a position nor a living order. */
    private readonly isFree: (instrument: InstrumentId) => boolean,
  ) {}

  /** Looks at once, and from time to time; what was told before is told again to a new listener. */
  start(): void {
    this.told.clear();
    this.look();
  }

  stop(): void {
    this.callOff();
  }

  filled(instrument: InstrumentId): void {
    if ((this.told.get(instrument) ?? 'none') !== 'none') this.lookIn(AFTER_FILL_MS);
  }

  private lookIn(ms: number): void {
    this.callOff();
    this.callOff = this.context.timer.after(ms, () => this.look());
  }

  private look(): void {
    this.lookIn(LOOK_MS);
    const ended = this.context.instruments.filter((instrument) => this.tell(instrument) && this.isFree(instrument.id) && !queryOf(instrument).fixed);
    if (ended.length > 0 && !this.rolling && this.connection.gateway.isReady) void this.roll(ended);
  }

  private async roll(instruments: readonly Instrument[]): Promise<void> {
    this.rolling = true;
    try {
      for (const instrument of instruments) if (await this.connection.roll(instrument, () => this.isFree(instrument.id))) this.tell(instrument);
    } catch (thrown) {
      this.context.logger.warn(`the next contract was not found, and is looked for again: ${messageOf(thrown)}`);
    } finally {
      this.rolling = false;
    }
  }

  /** @returns whether something is restricted */
  private tell({ id }: Instrument): boolean {
    const resolved = this.connection.contractOf(id);
    if (resolved === undefined) return false;
    const time = this.context.clock.now();
    const { level, reason } = contractEnd(resolved, time);
    if (this.told.get(id) !== level) {
      this.told.set(id, level);
      this.say({ kind: 'restriction', instrument: id, level, reason: level === 'none' ? `it is traded in ${resolved.contract.localSymbol ?? resolved.contract.symbol}` : reason, time });
    }
    return level !== 'none';
  }
}
