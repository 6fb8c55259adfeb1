import type { BrokerEvent } from '../domain/events.js';
import type { OrderChange, OrderIntent } from '../domain/order.js';
import type { VerdictData } from '../pipeline/confirm-proposals.js';
import { recallState, type PlanData, type StateData } from '../pipeline/note-state.js';
import { changeAgain, sendAgain } from '../pipeline/route-orders.js';
import type { JournalRecord } from '../ports/journal.js';
import { BarRing } from '../series/bar-ring.js';
import { pushJournalBar, type BarsData } from './bars-record.js';
import { isJournalFault, recallCommand, type Command } from './commands.js';
import { foldEvent } from './fold-events.js';
import { HeardUntil } from './heard-until.js';
import type { ArrivedBar, Kernel } from './kernel.js';
import type { Recalling } from './recorded-off-path.js';

/**
 * Brings an account to where its journal ends, from the facts in it: bars, orders that left, what the venue said,
 * plans and latches. Nothing is decided, so a strategy or a setting may have changed since. A venue in this process
 * gets the same bars and orders again and so comes to the same state; one outside is not spoken to.
 */
export class Recall {
  readonly heard = new HeardUntil();
  records = 0;
  /** Ids of the commands that were obeyed. */
  readonly obeyed = new Set<string>();
  private readonly details: readonly BarRing[];
  private readonly plans = new Map<string, PlanData>();
  /** Written down as leaving; whether it did, the next records say. */
  private leaving: OrderIntent | undefined;

  constructor(
    private readonly kernel: Kernel,
    private readonly arrivals: Recalling,
  ) {
    this.details = kernel.account.desks.map(() => new BarRing(64));
  }

  take(record: JournalRecord): void {
    const { kernel } = this;
    const { account } = kernel;
    this.records++;
    this.settleLeaving(record);
    if (record.time > account.now) account.now = record.time;
    switch (record.kind) {
      case 'bars':
        this.takeBars(record);
        break;
      case 'plan': {
        const data = record.data as PlanData;
        const sent = account.orders.get(data.clientOrderId);
        if (sent === undefined) this.plans.set(data.clientOrderId, data);
        else sent.plan = data.plan; // a later version of an entry that works
        break;
      }
      case 'intent':
        this.leaving = record.data as OrderIntent;
        break;
      case 'refusal':
        account.names.resumeAfter((record.data as { readonly intent: OrderIntent }).intent.clientOrderId); // its number is used up
        break;
      case 'change':
        changeAgain(record.data as OrderChange, account);
        break;
      case 'cancel':
        this.takeCancel((record.data as { readonly clientOrderId: string }).clientOrderId);
        break;
      case 'broker-event':
        // a venue in this process has said it again by now
        if (account.broker.market === undefined) {
          kernel.reachDayOf(record.data as BrokerEvent);
          foldEvent(record.data as BrokerEvent, account);
        }
        this.heard.event(record.data as BrokerEvent, record.time);
        break;
      case 'proposal-verdict': {
        const { source, id } = record.data as VerdictData;
        for (const desk of account.desks) desk.gate?.forget(source, id); // it was decided on, and counts once
        break;
      }
      case 'command':
        this.noteCommand(record.data as Command, record.time);
        recallCommand(record.data as Command, account);
        break;
      case 'state':
        recallState(record.data as StateData, account);
        break;
      default:
        this.arrivals.advance(account.now);
        this.arrivals.recall(record);
    }
  }

  /** Behind the last record. */
  end(): void {
    this.sendLeaving(); // the process died with it on its way, or a moment later
  }

  /** An entry that could not be written in time never left: right behind it stands the halt for that, or its refusal. */
  private settleLeaving({ kind, data }: JournalRecord): void {
    const { leaving } = this;
    if (leaving === undefined) return;
    const isRefused = kind === 'refusal' && (data as { readonly intent: OrderIntent }).intent.clientOrderId === leaving.clientOrderId;
    const isUnwritten = leaving.role === 'entry' && kind === 'command' && isJournalFault(data as Command);
    if (!isRefused && !isUnwritten) {
      this.sendLeaving();
      return;
    }
    this.plans.delete(leaving.clientOrderId);
    this.kernel.account.names.resumeAfter(leaving.clientOrderId); // its number is used up
    this.leaving = undefined;
  }

  private sendLeaving(): void {
    const { leaving } = this;
    this.leaving = undefined;
    if (leaving !== undefined) this.takeIntent(leaving);
  }

  private noteCommand(command: Command, time: number): void {
    if (command.command === 'protect' && command.compared === true) this.heard.compared(time);
    if ('id' in command && command.id !== undefined) this.obeyed.add(command.id);
  }

  private takeBars(record: JournalRecord): void {
    const { kernel } = this;
    const { desks } = kernel.account;
    const { bars, warmup } = record.data as BarsData;
    const taken: ArrivedBar[] = [];
    for (const bar of bars) {
      const [instrument, detail] = bar;
      const ring = detail === 1 ? this.details[instrument] : desks[instrument]?.bars;
      if (ring === undefined) continue; // an instrument that the account no longer has
      pushJournalBar(bar, ring);
      taken.push({ instrument, detail: detail === 1, ring });
    }
    if (warmup === true) kernel.warm(record.time, taken, taken.length);
    else kernel.recall(record.time, taken, taken.length);
  }

  private takeIntent(intent: OrderIntent): void {
    const { account } = this.kernel;
    const desk = account.desks.find((each) => each.instrument.id === intent.instrument);
    account.names.resumeAfter(intent.clientOrderId);
    account.observer?.sentBefore(intent);
    if (desk === undefined) return;
    account.ordersSent++;
    account.rate?.note(account.now);
    account.hash.order(intent, desk.index);
    if (intent.role === 'entry') account.day.entries++;
    if (account.settings.dryRun) return;
    const order = account.orders.add(intent, desk.index);
    const data = this.plans.get(intent.clientOrderId);
    this.plans.delete(intent.clientOrderId);
    order.plan = data?.plan;
    if (order.plan?.carried !== undefined) desk.carried = undefined; // it was entered anew
    order.state = data?.state;
    order.backers = data?.backers;
    sendAgain(intent, account);
  }

  private takeCancel(clientOrderId: string): void {
    const { account } = this.kernel;
    const order = account.orders.get(clientOrderId);
    if (order !== undefined) account.orders.noteCancel(order);
    if (account.broker.market !== undefined) account.broker.cancel(clientOrderId);
  }
}
