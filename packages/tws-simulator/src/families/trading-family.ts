import { FaultyPushes } from '../faults/faulty-pushes.js';
import { Uplink } from '../faults/uplink.js';
import type { MessageFamily } from '../server/message-family.js';
import type { World } from '../server/world.js';
import { OrderPushes } from '../trading/order-pushes.js';
import { faultFamily } from './fault-family.js';
import { orderFamily } from './order-family.js';

/** Orders, and what can go wrong with them on the way to and from the client. */
export function tradingFamily(world: World): MessageFamily {
  const { trading, clock } = world;
  const shows = new OrderPushes(world);
  const pushes = new FaultyPushes(shows, clock, (execId, price) => trading.desk.correct(execId, price));
  trading.events.add(pushes);
  const uplink = new Uplink(world, (up) => (up ? pushes.release() : pushes.hold()));
  const orders = orderFamily(world, shows, pushes, uplink);
  const faults = faultFamily(world, pushes, uplink);
  return { ...orders, ...faults, name: 'trading', requests: orders.requests, commands: [...(orders.commands ?? []), ...(faults.commands ?? [])] };
}
