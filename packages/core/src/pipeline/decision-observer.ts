import type { OrderIntent } from '../domain/order.js';
import type { TelemetryOverlay } from '../domain/telemetry.js';
import type { Desk } from './desk.js';

/** Looks at a decision between its stages and changes nothing. Where nobody looks it costs nothing. */
export interface DecisionObserver {
  begin(desk: Desk): void;
  /** Behind a stage that may have moved confidence. */
  step(stage: 'votes' | 'memory' | 'advice', desk: Desk): void;
  /** What the memory recalled. */
  recalled(sample: number, winRate: number): void;
  /** Behind a stage that sets the target. */
  wants(stage: 'sized' | 'target', desk: Desk): void;
  overlay(said: TelemetryOverlay): void;
  end(desk: Desk): void;
  /** An order of an earlier run, out of the journal. */
  sentBefore(intent: OrderIntent): void;
}
