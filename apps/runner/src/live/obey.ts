import { isoTime, type Plan } from '@keelson/core/domain';
import type { LiveEngine } from '@keelson/core/engine';
import type { ControlCommand, Obeyed } from './control.js';

/** Carries a command out; one that may be refused is answered. */
export function obey(engine: LiveEngine, command: ControlCommand): Obeyed {
  const before = planFor(engine, command)?.version;
  const { kept, refused } = engine.command(command);
  if (command.command !== 'replan') return { kept };
  if (refused !== undefined) return { kept, answer: { done: false, text: refused } };
  const plan = planFor(engine, command);
  return { kept, answer: { done: true, text: plan === undefined ? 'the position is closed by now' : plan.version === before ? `the plan said so already: ${planText(plan)}` : planText(plan) } };
}

function planFor({ account }: LiveEngine, command: ControlCommand): Plan | undefined {
  return command.command === 'replan' ? account.desks.find(({ instrument }) => instrument.id === command.instrument)?.plan : undefined;
}

function planText({ instrument, side, version, stop, target, timeLimit, invalidation }: Plan): string {
  const parts = { stop, target, 'time limit': timeLimit === undefined ? undefined : isoTime(timeLimit), invalidation };
  return `plan of the ${side} position in ${instrument}, version ${version}: ${Object.entries(parts).map(([name, value]) => `${name} ${value ?? 'none'}`).join(', ')}`;
}
