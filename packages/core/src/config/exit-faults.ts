import { ConfigError } from '../errors.js';
import type { AccountConfig } from './account-schema.js';
import { givesStop } from './exits-schema.js';

/** What contradicts itself under `exits:`. */
export function exitFaults({ exits }: AccountConfig): ConfigError[] {
  const faults: ConfigError[] = [];
  const conflict = (path: string, text: string, hint: string): void => void faults.push(new ConfigError('CFG_CONFLICT', text, { hint, context: { path } }));
  if (exits.stopAtr !== undefined && exits.stopPoints !== undefined) conflict('exits.stopPoints', 'exits.stopPoints was given beside exits.stopAtr, expected one of the two', 'remove one');
  if (exits.partialTarget !== undefined && exits.partialTargets !== undefined) conflict('exits.partialTarget', 'exits.partialTarget was given beside exits.partialTargets, expected one of the two', 'put it into the list');
  exits.partialTargets?.forEach(({ atR }, i, levels) => {
    const before = levels[i - 1]?.atR;
    if (before !== undefined && atR <= before) conflict(`exits.partialTargets.${i}.atR`, `exits.partialTargets.${i}.atR was ${atR}, expected more than the level before it (${before})`, 'name the nearest level first');
  });
  const { trailing } = exits;
  if (trailing !== undefined) {
    const given = (['distanceAtr', 'distanceFraction', 'chandelier'] as const).filter((key) => trailing[key] !== undefined);
    if (given.length !== 1) conflict('exits.trailing', `exits.trailing had ${given.length === 0 ? 'no distance' : given.join(' and ')}, expected exactly one of distanceAtr, distanceFraction and chandelier`, given.length === 0 ? 'add one' : 'keep one');
  }
  return faults;
}

/** Who trades without any stop has to mean it, once it is not about the past. */
export function stopFaults({ mode, exits }: AccountConfig): ConfigError[] {
  if (exits.withoutStop !== undefined || givesStop(exits)) return [];
  const hint = 'add stopAtr, stopPoints or disasterStop; or withoutStop: refuse, where every signal names its own stop, or withoutStop: allow';
  return [new ConfigError('CFG_CONFLICT', `mode was ${mode} and exits gave no stop, expected one, or exits.withoutStop beside it`, { hint, context: { path: 'exits.withoutStop' } })];
}
