import type { Target } from '@keelson/core/domain';
import type { OverlayRequest, OverlayVerdict, RiskOverlay } from '@keelson/core/ports';

export const PASS: OverlayVerdict = Object.freeze({ kind: 'pass' });

export function veto(reason: string): OverlayVerdict {
  return { kind: 'veto', reason };
}

/** True where the target is larger than what is held on its side. */
function grows({ target, position }: OverlayRequest): boolean {
  const sameSide = Math.sign(target.quantity) === Math.sign(position.quantity);
  return !(target.quantity === 0 || (sameSide && Math.abs(target.quantity) <= Math.abs(position.quantity)));
}

/** An overlay that judges what grows or turns a position. What does not passes always: an exit is never held back. */
export function entryOverlay(review: (request: OverlayRequest, side: 1 | -1) => OverlayVerdict): RiskOverlay {
  return {
    review(request) {
      if (!Number.isFinite(request.target.quantity)) return veto(`target's quantity was ${request.target.quantity}, expected a number`);
      return grows(request) ? review(request, request.target.quantity > 0 ? 1 : -1) : PASS;
    },
  };
}

/**
 * Cuts an entry down to `quantity` (unsigned), but not below what is held on its side: a ceiling on entries sells
 * nothing. What is not a number allows nothing.
 */
export function atMost({ target, position }: OverlayRequest, quantity: number, because: string): OverlayVerdict {
  const wanted = Math.abs(target.quantity);
  if (wanted <= quantity) return PASS;
  const held = target.quantity * position.quantity > 0 ? Math.abs(position.quantity) : 0;
  const reason = `quantity was ${show(wanted)}, expected at most ${show(quantity > 0 ? quantity : 0)}: ${because}`;
  // negated, so that NaN is vetoed, too
  if (!(quantity > 0) && held === 0) return veto(reason);
  return { kind: 'reduce', quantity: quantity > held ? quantity : held, reason };
}

/** The price that an entry is measured from: its own, if it has one, else that of the decision. */
export function entryPrice({ entry, decisionPrice }: Target): number {
  return entry ?? decisionPrice;
}

/** Six digits are enough for a person. */
export function show(value: number): string {
  return String(Number(value.toPrecision(6)));
}

export function percent(fraction: number): string {
  return `${show(fraction * 100)}%`;
}
