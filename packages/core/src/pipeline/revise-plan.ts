import type { Plan } from '../domain/plan.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';
import { noteDesk } from './note-state.js';

/** What a later version of a plan may say anew; who it is for, and its hard stop, stay. */
export type PlanChange = Partial<Pick<Plan, 'stop' | 'initialStop' | 'target' | 'timeLimit' | 'invalidation' | 'conviction' | 'convictionAt' | 'scaledAtr'>>;

/** Makes the next version of the open position's plan and writes it down, with the reason. */
export function revisePlan(desk: Desk, account: Account, fields: PlanChange, change: string): void {
  const { plan } = desk;
  if (plan === undefined) return;
  desk.plan = nextVersion(plan, fields, change);
  noteDesk(desk, account);
}

export function nextVersion(plan: Plan, fields: PlanChange, change: string): Plan {
  return { ...plan, ...fields, version: plan.version + 1, change };
}
