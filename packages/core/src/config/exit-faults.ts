import { ConfigError } from '../errors.js';
import type { AccountConfig } from './account-schema.js';

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
