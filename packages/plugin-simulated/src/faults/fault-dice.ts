import type { Random } from '@keelson/core/ports';
import type { FaultKind, FaultSettings } from './fault-settings.js';

/** A fault that struck: enough to find it again in a second run with the same seed. */
export type StruckFault = { readonly number: number; readonly kind: FaultKind; readonly time: number; readonly about: string };

/**
 * Draws the faults. Every kind has chance of its own, so that another rate of one kind does not move all others.
 */
export class FaultDice {
  /** Off: nothing strikes, and nothing is drawn. */
  enabled = true;
  private struck = 0;
  private readonly random = new Map<string, Random>();

  constructor(
    readonly settings: FaultSettings,
    private readonly chance: Random,
    private readonly onFault: (fault: StruckFault) => void,
  ) {}

  strikes(kind: FaultKind, time: number, about: string): boolean {
    const rate = this.settings[kind];
    if (!this.enabled || rate === 0 || !(this.of(kind).next() < rate)) return false;
    this.struck++;
    this.onFault({ number: this.struck, kind, time, about });
    return true;
  }

  /** A whole number from 1 to `most`. */
  upTo(kind: FaultKind, most: number): number {
    return 1 + this.of(kind).int(most);
  }

  private of(kind: FaultKind): Random {
    let random = this.random.get(kind);
    if (random === undefined) this.random.set(kind, (random = this.chance.fork(kind)));
    return random;
  }
}
