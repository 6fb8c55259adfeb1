import type { MarginImpact } from '../accounts/sim-account.js';
import type { SimOrder } from '../matching/sim-order.js';
import { isDone } from '../matching/sim-order.js';
import type { DeskEvents } from '../orders/desk-events.js';
import type { Execution } from '../orders/execution.js';
import type { VenueError } from '../orders/venue-error.js';
import { formatVenueTime } from '../time/zone-text.js';
import { openOrderMessage } from '../protocol/open-order.js';
import { commissionMessage, executionMessage, orderBoundMessage, orderStatusMessage } from '../protocol/order-messages.js';
import type { Session } from '../server/session.js';
import type { World } from '../server/world.js';

/** Writes what happens to orders to the clients that may see it: their own, and the master of them all. */
export class OrderPushes implements DeskEvents {
  constructor(private readonly world: World) {}

  order(order: SimOrder): void {
    for (const session of this.audience(order.clientId)) this.showOrder(session, order);
  }

  status(order: SimOrder): void {
    for (const session of this.audience(order.clientId)) this.showStatus(session, order);
  }

  execution(execution: Execution): void {
    for (const session of this.audience(execution.clientId)) this.showExecution(session, -1, execution);
  }

  commission(execution: Execution): void {
    for (const session of this.audience(execution.clientId)) session.send(commissionMessage(execution));
  }

  error(clientId: number, orderId: number, { code, text }: VenueError): void {
    this.world.sessions.of(clientId)?.error(orderId, code, text);
  }

  whatIf(order: SimOrder, impact: MarginImpact, commission: number): void {
    this.preview(order, impact, commission);
  }

  /** The answer to a what-if order, without its values while they are not known. */
  preview(order: SimOrder, impact: MarginImpact | undefined, commission: number): void {
    const session = this.world.sessions.of(order.clientId);
    if (session === undefined) return;
    const { tradables } = this.world.trading;
    const contract = tradables.shown(order.conId, order.form.contract.exchange);
    session.send(openOrderMessage(session.serverVersion, order, contract, { orderId: order.orderId, status: 'PreSubmitted', parentId: 0, preview: impact === undefined ? undefined : { impact, commission, currency: contract.currency } }));
  }

  bound(order: SimOrder): void {
    this.world.sessions.of(order.clientId)?.send(orderBoundMessage(order));
  }

  /** openOrder to one client. */
  showOrder(session: Session, order: SimOrder): void {
    const contract = this.world.trading.tradables.shown(order.conId, order.form.contract.exchange);
    session.send(openOrderMessage(session.serverVersion, order, contract, { orderId: idFor(session, order), status: statusOf(order), parentId: this.parentIdFor(session, order) }));
  }

  /** orderStatus to one client. */
  showStatus(session: Session, order: SimOrder): void {
    const whyHeld = this.world.trading.desk.whyHeld(order);
    session.send(orderStatusMessage(order, idFor(session, order), statusOf(order), this.parentIdFor(session, order), whyHeld));
  }

  /** execDetails to one client. */
  showExecution(session: Session, requestId: number, execution: Execution): void {
    const { trading, scenario } = this.world;
    const order = trading.desk.store.byPerm(execution.permId);
    const contract = trading.tradables.shown(execution.conId, order?.form.contract.exchange);
    session.send(executionMessage(session.serverVersion, requestId, execution, contract, formatVenueTime(execution.timeMs, scenario.timeZone), execution.orderId));
  }

  private audience(clientId: number): readonly Session[] {
    const { sessions, scenario } = this.world;
    const own = sessions.of(clientId);
    const master = scenario.trading.masterClientId === undefined ? undefined : sessions.of(scenario.trading.masterClientId);
    if (own === undefined) return master === undefined ? [] : [master];
    return master === undefined || master === own ? [own] : [own, master];
  }

  private parentIdFor(session: Session, order: SimOrder): number {
    const parent = order.parentPermId === 0 ? undefined : this.world.trading.desk.store.byPerm(order.parentPermId);
    return parent === undefined ? 0 : idFor(session, parent);
  }
}

/** Ids belong to their client: others see 0 and know the order by its permId. */
const idFor = (session: Session, order: SimOrder): number => (session.clientId === order.clientId ? order.orderId : 0);

/** An order that only stands in the gateway is not at work. */
const statusOf = (order: SimOrder): string => (order.transmitted || isDone(order) ? order.status : 'Inactive');
