import type { Plan } from '../domain/plan.js';
import type { Backers } from '../domain/signal.js';
import type { MarketState } from '../ports/memory.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';

/** What the journal says of an entry's plan, before the entry leaves. */
export type PlanData = { readonly clientOrderId: string; readonly plan: Plan; readonly state?: MarketState; readonly backers?: Backers };

/** What the journal says of a desk and of the account's latches, as often as it changes. Absent fields are undefined. */
export type StateData =
  | { readonly instrument: string; readonly plan?: Plan; readonly leaving?: string; readonly partialTaken: boolean; readonly entryState?: MarketState }
  | { readonly halted?: string; readonly lossLatched: boolean };

export function planRecord(clientOrderId: string, plan: Plan, state: MarketState | undefined, backers: Backers | undefined): PlanData {
  return { clientOrderId, plan, ...(state === undefined ? {} : { state }), ...(backers === undefined ? {} : { backers }) };
}

/** Writes down what is held of every desk and of the account, where it changed since the last time. */
export function noteState(account: Account): void {
  if (!account.journal.enabled) return;
  for (const desk of account.desks) noteDesk(desk, account);
  const { noted, halted, day } = account;
  if (noted.halted === halted && noted.lossLatched === day.lossLatched) return;
  noted.halted = halted;
  noted.lossLatched = day.lossLatched;
  const data: StateData = { ...(halted === undefined ? {} : { halted }), lossLatched: day.lossLatched };
  account.journal.append({ kind: 'state', time: account.now, data });
}

export function noteDesk(desk: Desk, account: Account): void {
  if (!account.journal.enabled) return;
  const { noted, plan, leaving, partialTaken, entryState } = desk;
  if (noted.plan === plan && noted.leaving === leaving && noted.partialTaken === partialTaken && noted.entryState === entryState) return;
  noted.plan = plan;
  noted.leaving = leaving;
  noted.partialTaken = partialTaken;
  noted.entryState = entryState;
  const data: StateData = {
    instrument: desk.instrument.id,
    ...(plan === undefined ? {} : { plan }),
    ...(leaving === undefined ? {} : { leaving }),
    partialTaken,
    ...(entryState === undefined ? {} : { entryState }),
  };
  account.journal.append({ kind: 'state', time: account.now, data });
}

/** Takes a desk's or the account's state out of a journal. */
export function recallState(data: StateData, account: Account): void {
  if (!('instrument' in data)) {
    account.halted = data.halted;
    account.day.lossLatched = data.lossLatched;
    account.noted.halted = data.halted;
    account.noted.lossLatched = data.lossLatched;
    return;
  }
  const desk = account.desks.find((each) => each.instrument.id === data.instrument);
  if (desk === undefined) return;
  desk.plan = data.plan;
  desk.leaving = data.leaving;
  desk.partialTaken = data.partialTaken;
  desk.entryState = data.entryState;
  Object.assign(desk.noted, { plan: data.plan, leaving: data.leaving, partialTaken: data.partialTaken, entryState: data.entryState });
}
