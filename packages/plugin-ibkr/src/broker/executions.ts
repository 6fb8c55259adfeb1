import type { BrokerEvent, Fill } from '@keelson/core/domain';
import { toMoney, toPrice, toQuantity, toUtcMs } from '@keelson/core/domain';
import type { Timer } from '@keelson/core/ports';
import type { CommissionReport, Contract, Execution } from '@stoqey/ib';
import { readTime } from '../contracts/gateway-time.js';
import type { ResolvedContract } from '../contracts/resolve-contract.js';

/** So long a fill waits for what it cost; then it goes without, and the cost comes as a fee of its own. */
const COMMISSION_WAIT_MS = 1_000;

/** `told`: as it happened; `answered`: only in the answer to a question, where nobody knows whether it was booked with its cost. */
type Known = { readonly id: string; fill: Fill; state: 'held' | 'told' | 'answered'; commissionKnown: boolean; callOff: () => void };

/** The part of an execution's id that a correction keeps. */
function stem(execId: string): string {
  return execId.slice(0, Math.max(0, execId.lastIndexOf('.')));
}

function revision(execId: string): number {
  return Number.parseInt(execId.slice(execId.lastIndexOf('.') + 1), 10) || 0;
}

/**
 * Executions as they come: each is told once, with its commission joined; a correction takes the place of what it
 * corrects; and a repeated one is nothing new.
 */
export class Executions {
  private readonly byStem = new Map<string, Known>();
  /** Commissions that came before their execution. */
  private readonly early = new Map<string, CommissionReport>();

  constructor(
    private readonly timer: Timer,
    private readonly now: () => number,
    private readonly say: (event: BrokerEvent) => void,
    /** Names the order of an execution, and hears of it before the account does. */
    private readonly onExecution: (execution: Execution, quantity: number) => string,
    /** Hears of a correction of something from before this process: the account may have booked what it corrects, or not. */
    private readonly onOrphan: (execId: string) => void,
  ) {}

  /** An execution, also one that was asked for. @returns the fill; undefined for one of no instrument of the account */
  take(resolved: ResolvedContract | undefined, contract: Contract, execution: Execution, tell: boolean): Fill | undefined {
    const { execId, shares, price, side, time } = execution;
    if (resolved === undefined || execId === undefined || shares === undefined || price === undefined) return undefined;
    const known = this.byStem.get(stem(execId));
    if (known !== undefined && revision(execId) <= revision(known.id)) return known.fill;
    const early = this.early.get(execId);
    this.early.delete(execId);
    const correction = known !== undefined;
    const clientOrderId = correction ? known.fill.clientOrderId : this.onExecution(execution, shares);
    const fill: Fill = {
      executionId: execId,
      clientOrderId,
      instrument: resolved.instrument.id,
      side: side === 'BOT' ? 'buy' : 'sell',
      quantity: toQuantity(shares),
      price: toPrice(price),
      commission: toMoney(early?.commission ?? (correction ? known.fill.commission : 0)),
      commissionCurrency: early?.currency ?? contract.currency ?? resolved.instrument.currency,
      slippage: toMoney(0),
      liquidity: execution.lastLiquidity === 1 ? 'maker' : 'taker',
      time: toUtcMs(readTime(time ?? '', resolved.timeZone)),
    };
    if (correction) {
      known.callOff();
      const replaced: Known = { id: execId, fill, state: known.state, commissionKnown: known.commissionKnown || early !== undefined, callOff: () => undefined };
      this.byStem.set(stem(execId), replaced);
      if (known.state === 'told' && tell) this.say({ kind: 'fill-corrected', executionId: known.fill.executionId, replacement: fill, time: toUtcMs(this.now()) });
      else if (tell) this.tell(replaced);
      return fill;
    }
    const isOrphan = tell && revision(execId) > 1;
    const added: Known = { id: execId, fill, state: tell && !isOrphan ? 'held' : 'answered', commissionKnown: early !== undefined, callOff: () => undefined };
    this.byStem.set(stem(execId), added);
    if (isOrphan) this.onOrphan(execId);
    if (added.state === 'answered') return fill;
    if (added.commissionKnown) this.tell(added);
    else added.callOff = this.timer.after(COMMISSION_WAIT_MS, () => this.tell(added));
    return fill;
  }

  commission(report: CommissionReport): void {
    const { execId, commission, currency } = report;
    if (execId === undefined || commission === undefined) return;
    const known = this.byStem.get(stem(execId));
    if (known === undefined || known.id !== execId) {
      this.early.set(execId, report);
      return;
    }
    if (known.commissionKnown) return;
    known.commissionKnown = true;
    known.fill = { ...known.fill, commission: toMoney(commission), commissionCurrency: currency ?? known.fill.commissionCurrency };
    if (known.state === 'told') this.say({ kind: 'cash', movement: { id: `commission:${execId}`, kind: 'fee', instrument: known.fill.instrument, amount: toMoney(-commission), currency: known.fill.commissionCurrency, executionId: execId, time: toUtcMs(this.now()) } });
    else if (known.state === 'held') this.tell(known);
  }

  /** What was held back goes out: the order of things matters more than what they cost. */
  flush(): void {
    for (const known of this.byStem.values()) this.tell(known);
  }

  stop(): void {
    for (const known of this.byStem.values()) known.callOff();
  }

  /** The newest state of each. */
  fillOf(execId: string): Fill | undefined {
    return this.byStem.get(stem(execId))?.fill;
  }

  private tell(known: Known): void {
    known.callOff();
    if (known.state !== 'held') return;
    known.state = 'told';
    this.say({ kind: 'fill', fill: known.fill });
  }
}
