import type { Plan } from '../domain/plan.js';
import type { Backers } from '../domain/signal.js';
import type { MarketState } from '../ports/memory.js';
import type { Account } from './account.js';
import type { CarriedPosition } from './carried-position.js';
import type { Desk } from './desk.js';
import type { Latch } from './latches.js';

/** What the journal says of an entry's plan, before the entry leaves. */
export type PlanData = { readonly clientOrderId: string; readonly plan: Plan; readonly state?: MarketState; readonly backers?: Backers };

/** What the journal says of a desk and of the account's latches, as often as it changes. Absent fields are undefined. */
export type StateData =
  | { readonly instrument: string; readonly plan?: Plan; readonly leaving?: string; readonly partialsTaken: number; readonly entryState?: MarketState; readonly carried?: CarriedPosition }
  | { readonly latches: readonly Latch[]; readonly losses: number };

export function planRecord(clientOrderId: string, plan: Plan, state: MarketState | undefined, backers: Backers | undefined): PlanData {
  return { clientOrderId, plan, ...(state === undefined ? {} : { state }), ...(backers === undefined ? {} : { backers }) };
}

/** Writes down what is held of every desk and of the account, where it changed since the last time. */
export function noteState(account: Account): void {
  if (!account.journal.enabled) return;
  for (const desk of account.desks) noteDesk(desk, account);
  const { noted, latches } = account;
  // who does not limit losses in a row need not write them down
  const losses = account.settings.risk.lossStreak === undefined ? 0 : account.streak.losses;
  if (noted.latches === latches.version && noted.losses === losses) return;
  noted.latches = latches.version;
  noted.losses = losses;
  const data: StateData = { latches: latches.list, losses };
  account.journal.append({ kind: 'state', time: account.now, data });
}

export function noteDesk(desk: Desk, account: Account): void {
  if (!account.journal.enabled) return;
  const { noted, plan, leaving, partialsTaken, entryState, carried } = desk;
  if (noted.plan === plan && noted.leaving === leaving && noted.partialsTaken === partialsTaken && noted.entryState === entryState && noted.carried === carried) return;
  noted.plan = plan;
  noted.leaving = leaving;
  noted.partialsTaken = partialsTaken;
  noted.entryState = entryState;
  noted.carried = carried;
  const data: StateData = {
    instrument: desk.instrument.id,
    ...(plan === undefined ? {} : { plan }),
    ...(leaving === undefined ? {} : { leaving }),
    partialsTaken,
    ...(entryState === undefined ? {} : { entryState }),
    ...(carried === undefined ? {} : { carried }),
  };
  account.journal.append({ kind: 'state', time: account.now, data });
}

/** Takes a desk's or the account's state out of a journal. */
export function recallState(data: StateData, account: Account): void {
  if (!('instrument' in data)) {
    recallLatches(data, account);
    return;
  }
  const desk = account.desks.find((each) => each.instrument.id === data.instrument);
  if (desk === undefined) return;
  desk.plan = data.plan;
  desk.leaving = data.leaving;
  desk.partialsTaken = data.partialsTaken;
  desk.entryState = data.entryState;
  desk.carried = data.carried;
  Object.assign(desk.noted, { plan: data.plan, leaving: data.leaving, partialsTaken: data.partialsTaken, entryState: data.entryState, carried: data.carried });
}

function recallLatches({ latches, losses }: { readonly latches: readonly Latch[]; readonly losses: number }, account: Account): void {
  const wasDown = account.latches.has('drawdown');
  account.latches.restore(latches);
  account.streak.losses = losses;
  Object.assign(account.noted, { latches: account.latches.version, losses });
  if (wasDown && !account.latches.has('drawdown')) account.measureDrawdownAnew();
}
