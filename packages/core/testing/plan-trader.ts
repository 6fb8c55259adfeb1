import type { OrderIntent } from '../src/domain/order.js';
import { toQuantity } from '../src/domain/units.js';
import { carryOut } from '../src/engine/commands.js';
import { guardDisturbed } from '../src/pipeline/guard-position.js';
import type { ReplanWish } from '../src/pipeline/replan.js';
import { Kernel, type KernelOptions } from './kernel.js';

/** What the strategy of a {@link trader} wants at each bar. */
export type Wish = 'long' | 'short' | 'flat' | 'hold';

/** A kernel with one strategy, which wants what `wish` says, with `details`. */
export function trader(exits: Record<string, unknown>, quantity = 4, options: KernelOptions = {}): Kernel & { wish: Wish; details: Record<string, number> } {
  const kernel = Object.assign(new Kernel({ ...options, config: { exits, sizing: { use: 'fixed-quantity', quantity }, risk: { maxContracts: 100 }, ...options.config } }), { wish: 'hold' as Wish, details: {} as Record<string, number> });
  kernel.seat(({ signal }) => (kernel.wish === 'hold' ? undefined : signal[kernel.wish](kernel.details)));
  return kernel;
}

export const brief = (intents: readonly OrderIntent[]): string[] => intents.map((intent) => `${intent.role} ${intent.side} ${intent.quantity}`);
/** A feature whose value is read anew each time. */
export const feature = (read: () => number | undefined): never => ({ get value() { return read(); } }) as never;

/** Takes every change as a willing venue does. */
export function obey(kernel: Kernel): void {
  for (const change of kernel.broker.changes.splice(0)) {
    const order = kernel.account.orders.get(change.clientOrderId);
    kernel.say({
      kind: 'modified',
      clientOrderId: change.clientOrderId,
      quantity: change.quantity ?? toQuantity(order?.lots ?? 0),
      ...(change.stopPrice === undefined ? {} : { stopPrice: change.stopPrice }),
      ...(change.limitPrice === undefined ? {} : { limitPrice: change.limitPrice }),
      time: kernel.account.now,
    });
  }
}

/** Enters, fills, and brings the exits to work. @returns the id of the entry */
export function enterWith(kernel: ReturnType<typeof trader>, side: 'long' | 'short', details: Record<string, number>): string {
  Object.assign(kernel, { wish: side, details });
  const [entry] = kernel.step(100);
  if (entry === undefined) throw new Error(kernel.notes);
  kernel.wish = 'hold';
  kernel.fill(entry.clientOrderId, entry.quantity, 100);
  for (const leg of entry.bracket ?? []) kernel.activate(leg.clientOrderId, entry.quantity);
  return entry.clientOrderId;
}

/** Asks for another plan of X. @returns the notes of the account */
export function replan(kernel: Kernel, wish: ReplanWish & { readonly instrument?: string }): string {
  carryOut({ command: 'replan', instrument: 'X', reason: 'test', ...wish }, kernel.account);
  guardDisturbed(kernel.account);
  return kernel.notes;
}
