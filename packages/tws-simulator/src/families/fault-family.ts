import { command } from '../control/control-command.js';
import { faultSchema, type Fault } from '../faults/fault-schema.js';
import type { FaultyPushes } from '../faults/faulty-pushes.js';
import { noPushFaults } from '../faults/faulty-pushes.js';
import { MessageFaults } from '../faults/message-faults.js';
import type { Uplink } from '../faults/uplink.js';
import type { MessageFamily } from '../server/message-family.js';
import type { World } from '../server/world.js';

/** Faults on demand: `{ kind: 'skipStatuses', count: 2 }`. */
export function faultFamily(world: World, pushes: FaultyPushes, uplink: Uplink): MessageFamily {
  const { door, trading, clock, scenario } = world;
  const { settings } = trading.desk;
  const messages = new MessageFaults(world);

  const set = (fault: Fault): void => {
    switch (fault.kind) {
      case 'connectivity': return uplink.news(fault.code);
      case 'halfOpen':
        door.silent = fault.on;
        return messages.mute(fault.on);
      case 'dropDuringOrders': return messages.dropAfterOrders(fault.after, fault.clientId);
      case 'swallowOrders': return void (pushes.faults.swallowOrders = fault.count);
      case 'duplicateExecutions': return void (pushes.faults.duplicateExecutions = fault.count);
      case 'correctExecutions': return void Object.assign(pushes.faults, { correctExecutions: fault.count, priceChange: fault.priceChange, correctionDelayMs: fault.delayMs });
      case 'lateCommissions': return void (pushes.faults.commissionDelayMs = fault.delayMs);
      case 'noCommissions': return void (pushes.faults.commissionDelayMs = fault.on ? Infinity : undefined);
      case 'skipStatuses': return void (pushes.faults.skipStatuses = fault.count);
      case 'repeatStatuses': return void (pushes.faults.repeatStatuses = fault.count);
      case 'previewWithoutValues': return void (pushes.faults.previewsWithoutValues = fault.count);
      case 'restart':
        door.shut();
        return void clock.at(clock.now() + fault.downMs, () => door.open());
      case 'logout': return door.shut();
      case 'login': return door.open();
      case 'drift': return messages.drift(fault.message, fault.fields, fault.count);
      case 'refuseClient': return messages.refuseClient(fault.clientId, fault.on);
      case 'readOnly': return void (settings.readOnly = fault.on);
      case 'clockOffset': return messages.clockOffset(fault.ms);
      case 'pacing': return messages.refuseHistory(fault.count);
      case 'fillBeforeCancel': return void (settings.fillBeforeCancel = fault.on);
      case 'cancelDelay': return void (settings.cancelDelayMs = fault.ms);
      case 'clear': return clear();
    }
  };
  const clear = (): void => {
    messages.clear();
    Object.assign(pushes.faults, noPushFaults());
    door.silent = false;
    Object.assign(settings, { readOnly: scenario.trading.readOnly, cancelDelayMs: scenario.trading.cancelDelayMs, fillBeforeCancel: false });
  };

  return {
    name: 'faults',
    requests: [],
    commands: [command('fault', 'lets something go wrong', faultSchema, set)],
    sessionReady: (session) => uplink.greet(session),
  };
}
