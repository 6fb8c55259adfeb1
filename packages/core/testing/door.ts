import type { OrderIntent } from '../src/domain/order.js';
import { toPrice, toQuantity } from '../src/domain/units.js';
import { approveOrder } from '../src/pipeline/approve-orders.js';
import type { Desk } from '../src/pipeline/desk.js';
import { routeOrders } from '../src/pipeline/route-orders.js';
import { Kernel, type KernelOptions } from './kernel.js';

let ids = 0;
/** An order for the first instrument, with an id of its own. */
export function intentOf(kernel: Kernel, quantity: number, fields: Partial<OrderIntent> = {}): OrderIntent {
  return { clientOrderId: `i${++ids}`, instrument: kernel.desk.instrument.id, role: 'entry', side: 'buy', quantity: toQuantity(quantity), type: 'market', timeInForce: 'gtc', reduceOnly: false, decidedAt: kernel.account.now, decisionPrice: toPrice(100), reason: 'test', ...fields };
}

/** What the door lets through of an intent: the quantity, or the reason of the refusal. */
export function verdict(kernel: Kernel, intent: OrderIntent, desk: Desk = kernel.desk): number | string {
  const approval = approveOrder(intent, desk, kernel.account);
  return 'refused' in approval ? approval.refused : approval.approved.quantity;
}

export function withRisk(risk: Record<string, unknown>, options: KernelOptions = {}): Kernel {
  const kernel = new Kernel({ ...options, config: { risk } });
  kernel.see(100);
  return kernel;
}

/** Gives the account a position. */
export function hold(kernel: Kernel, lots: number, price = 100): void {
  kernel.fill(`given${++ids}`, Math.abs(lots), price, { side: lots > 0 ? 'buy' : 'sell' });
}

/** Brings intents to the door. @returns the quantity that was sent */
export function send(kernel: Kernel, ...intents: OrderIntent[]): number {
  const before = kernel.broker.submitted.length;
  kernel.desk.intents.push(...intents);
  routeOrders(kernel.desk, kernel.account);
  return kernel.broker.submitted.slice(before).reduce((sum, each) => sum + each.quantity, 0);
}
