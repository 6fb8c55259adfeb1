import type { BrokerEvent, Instrument, InstrumentId, Rolled } from '@keelson/core/domain';
import { messageOf } from '@keelson/core/errors';
import type { VenueContext } from '@keelson/core/ports';
import type { IbConnection } from '../connection.js';
import { dayText } from '../contracts/contract-days.js';
import { closesFrom, contractEnd, type ContractEnd } from '../contracts/contract-end.js';
import { queryOf } from '../contracts/contract-spec.js';
import type { ResolvedContract } from '../contracts/resolve-contract.js';

/** How often the calendar is looked at. */
const LOOK_MS = 3_600_000;
/** So long after a fill: what it leaves of the order's group has ended by then. */
const AFTER_FILL_MS = 5_000;
/** The same for a position that is carried over: it is out of the market meanwhile. */
const CARRY_MS = 500;
/** What the venue did not tell is asked again after so long. */
const AGAIN_MS = 3_000;
/** A roll is told of so long before. */
const AHEAD_MS = 5 * 86_400_000;

/**
 * Tells the account when a contract comes to its end: first that it is entered no more, then that a position in it is to
 * be left, or carried over. Once nothing of the account is in it, the next one takes its place. It sends no orders: the
 * account does.
 */
export class ContractWatch {
  private readonly told = new Map<InstrumentId, string>();
  /** Contracts that positions can be carried over into; undefined where none was found. */
  private readonly successors = new Map<InstrumentId, ResolvedContract | undefined>();
  /** Carried positions may wait to hear what their prices are in the present contract. */
  private readonly unmeasured = new Set<InstrumentId>();
  private callOff: () => void = () => undefined;
  private stopped = true;
  private busy = false;
  /** Something is to be looked at as soon as what is being asked has its answers, or has been given up. */
  private waits = false;

  constructor(
    private readonly connection: IbConnection,
    private readonly context: VenueContext<unknown>,
    private readonly say: (event: BrokerEvent) => void,
    /** Neither a position nor a living order. */
    private readonly isFree: (instrument: InstrumentId) => boolean,
  ) {}

  /** Looks at once, and from time to time; what was told before is told again to a new listener. */
  start(): void {
    this.stopped = false;
    this.told.clear();
    this.successors.clear();
    for (const instrument of this.context.instruments) if (carries(instrument)) this.unmeasured.add(instrument.id);
    this.look();
  }

  stop(): void {
    this.stopped = true;
    this.callOff();
  }

  /** A fill, or the end of an order: what held the contract back may be gone. */
  moved(instrument: InstrumentId): void {
    const level = this.told.get(instrument) ?? 'none';
    if (level !== 'none') this.lookIn(level === 'carry' ? CARRY_MS : AFTER_FILL_MS);
  }

  /** Rolls that are near, a line each. */
  ahead(): readonly string[] {
    const now = this.context.clock.now();
    return this.context.instruments.flatMap(({ id }) => {
      const resolved = this.connection.contractOf(id);
      const from = resolved && closesFrom(resolved);
      if (resolved === undefined || from === undefined || now >= from || now < from - AHEAD_MS) return [];
      return [`${resolved.contract.localSymbol ?? id} is entered no more from ${dayText(from)} on${carries(resolved.instrument) ? ', and a position is carried over then' : ''}`];
    });
  }

  private lookIn(ms: number): void {
    this.callOff();
    if (this.stopped) return; // an answer may come after the end
    this.callOff = this.context.timer.after(ms, () => this.look());
  }

  private look(): void {
    this.lookIn(LOOK_MS);
    const { instruments } = this.context;
    const ended = instruments.filter((instrument) => this.tell(instrument) && !queryOf(instrument).fixed);
    const free = ended.filter(({ id }) => this.isFree(id));
    const held = ended.filter((instrument) => !free.includes(instrument) && carries(instrument) && this.successors.get(instrument.id) === undefined);
    const unmeasured = instruments.filter((instrument) => this.unmeasured.has(instrument.id) && !ended.includes(instrument));
    if (free.length + held.length + unmeasured.length === 0 || !this.connection.gateway.isReady) return;
    this.waits = this.busy;
    if (!this.busy) void this.goOn(free, held, unmeasured);
  }

  private async goOn(free: readonly Instrument[], held: readonly Instrument[], unmeasured: readonly Instrument[]): Promise<void> {
    this.busy = true;
    try {
      for (const instrument of held) {
        this.successors.set(instrument.id, await this.connection.successor(instrument));
        this.tell(instrument);
      }
      for (const instrument of free) {
        if (!(await this.connection.roll(instrument, () => this.isFree(instrument.id), this.successors.get(instrument.id)))) continue;
        this.successors.delete(instrument.id);
        if (carries(instrument)) await this.measure(instrument);
        else this.tell(instrument);
      }
      for (const instrument of unmeasured) await this.measure(instrument);
    } catch (thrown) {
      this.context.logger.warn(`the venue was asked for the contracts of a roll, and is asked again: ${messageOf(thrown)}`);
      if (!this.connection.gateway.isReady) return; // the next connection begins anew
      // in its last days a position is left, whether the next contract is known or not
      for (const instrument of held) if (!this.successors.has(instrument.id)) this.successors.set(instrument.id, undefined);
      for (const instrument of held) this.tell(instrument);
      this.lookIn(AGAIN_MS);
    } finally {
      this.busy = false;
      if (this.waits) this.lookIn(0);
    }
  }

  /** Says what the present contract is compared with those before it; the last of what it has to say of a roll. */
  private async measure(instrument: Instrument): Promise<void> {
    this.unmeasured.add(instrument.id);
    const rolled = await this.connection.rolledTo(instrument);
    this.unmeasured.delete(instrument.id);
    if (rolled !== undefined) this.told.delete(instrument.id); // it is news although the level may be known
    else this.context.logger.info(`no expiry before the present one of ${instrument.id} trades beside it`);
    this.tell(instrument, rolled);
  }

  /** A position that may be carried over is not left before it is known whether it can be. */
  private awaiting(instrument: Instrument, end: ContractEnd): ContractEnd {
    return end.level === 'leave' && carries(instrument) && !this.successors.has(instrument.id) ? { ...end, level: 'no-entries' } : end;
  }

  /** @returns whether something is restricted */
  private tell(instrument: Instrument, rolled?: Rolled): boolean {
    const { id } = instrument;
    const resolved = this.connection.contractOf(id);
    if (resolved === undefined) return false;
    const time = this.context.clock.now();
    const next = this.successors.get(id)?.contract;
    const end = this.awaiting(instrument, contractEnd(resolved, time, next && (next.localSymbol ?? String(next.conId))));
    const { level, reason, carry } = end;
    if (this.told.get(id) !== nameOf(end)) {
      this.told.set(id, nameOf(end));
      this.say({
        kind: 'restriction',
        instrument: id,
        level,
        reason: level === 'none' ? `it is traded in ${resolved.contract.localSymbol ?? resolved.contract.symbol}` : reason,
        ...(carry === undefined ? {} : { carry }),
        ...(rolled === undefined ? {} : { rolled }),
        time,
      });
    }
    return level !== 'none';
  }
}

function nameOf({ level, carry }: ContractEnd): string {
  return carry === undefined ? level : 'carry';
}

function carries(instrument: Instrument): boolean {
  const { contract, spec, fixed } = queryOf(instrument);
  return contract.secType === 'FUT' && !fixed && spec.roll.position === 'reopen';
}
