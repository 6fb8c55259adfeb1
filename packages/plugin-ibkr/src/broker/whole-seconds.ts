import { toUtcMs, type BrokerEvent, type UtcMs } from '@keelson/core/domain';

const SECOND_MS = 1_000;

/**
 * An event in the second that it was heard in. The gateway stamps executions with whole seconds: an acceptance told to the
 * millisecond would seem to come after the fill that followed it within that second.
 */
export function inWholeSeconds(event: BrokerEvent): BrokerEvent {
  if (event.kind === 'fill') return event;
  if (event.kind === 'cash') return { ...event, movement: { ...event.movement, time: floorOf(event.movement.time) } };
  return { ...event, time: floorOf(event.time) };
}

function floorOf(time: UtcMs): UtcMs {
  return toUtcMs(Math.floor(time / SECOND_MS) * SECOND_MS);
}
