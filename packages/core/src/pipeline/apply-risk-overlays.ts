import { messageOf } from '../errors.js';
import type { OverlayVerdict } from '../ports/risk-overlay.js';
import type { Account } from './account.js';
import type { DecisionObserver } from './decision-observer.js';
import type { Desk } from './desk.js';
import { overlayRequestOf } from './overlay-request.js';
import { targetOf } from './snapshots.js';

/**
 * Target → the same, a smaller one, or none. What an overlay asks for is only taken when it is smaller; a
 * throw is a veto. A target against the open position that is vetoed still closes it.
 */
export function applyRiskOverlays(desk: Desk, account: Account): void {
  if (desk.targetLots === 0) return;
  const { overlays } = desk;
  for (let i = 0; i < overlays.length && desk.targetLots !== 0; i++) {
    const { id, overlay } = overlays[i] as (typeof overlays)[number];
    const before = Math.abs(desk.targetLots);
    let verdict: OverlayVerdict;
    try {
      verdict = overlay.review(overlayRequestOf(desk, account));
    } catch (thrown) {
      verdict = { kind: 'veto', reason: `it threw: ${messageOf(thrown)}` };
    }
    if (!isVerdict(verdict)) verdict = { kind: 'veto', reason: 'it gave no verdict' };
    if (verdict.kind === 'veto') {
      account.notes.add(`overlay '${id}' vetoed an entry on ${desk.instrument.id}: ${verdict.reason}`);
      desk.targetLots = 0;
    } else if (verdict.kind === 'reduce') shrink(desk, account, verdict.quantity, `overlay '${id}': ${verdict.reason}`);
    if (account.journal.enabled && Math.abs(desk.targetLots) < before) note(id, verdict, before, desk, account);
    if (account.observer !== undefined) tell(id, verdict, before, desk, account.observer);
  }
  if (account.hooks.transformed.target) {
    const wanted = account.hooks.pass('target', targetOf(desk)).quantity;
    if (wanted * desk.targetLots < 0) account.notes.add("a 'target' hook tried to turn a target around: refused");
    else shrink(desk, account, Math.abs(wanted), "a 'target' hook");
  }
}

/** What the journal says of a target that an overlay made smaller, or took away. Quantities are unsigned. */
export type OverlayData = { readonly instrument: string; readonly overlay: string; readonly verdict: 'reduce' | 'veto'; readonly reason: string; readonly before: number; readonly after: number };

function note(overlay: string, verdict: OverlayVerdict, before: number, { instrument, targetLots, position }: Desk, account: Account): void {
  if (verdict.kind === 'pass') return;
  const { lots } = position.grid;
  const data: OverlayData = { instrument: instrument.id, overlay, verdict: verdict.kind, reason: verdict.reason, before: lots.value(before), after: lots.value(Math.abs(targetLots)) };
  account.journal.append({ kind: 'overlay', time: account.now, data });
}

function tell(overlay: string, verdict: OverlayVerdict, before: number, { targetLots, position }: Desk, observer: DecisionObserver): void {
  const { lots } = position.grid;
  observer.overlay({ overlay, verdict: verdict.kind, ...('reason' in verdict ? { reason: verdict.reason } : {}), before: lots.value(before), after: lots.value(Math.abs(targetLots)) });
}

function isVerdict(value: unknown): value is OverlayVerdict {
  const kind = (value as OverlayVerdict | undefined)?.kind;
  return kind === 'pass' || kind === 'reduce' || kind === 'veto';
}

function shrink(desk: Desk, account: Account, quantity: number, by: string): void {
  const lots = quantity > 0 ? desk.position.grid.lots.down(quantity) : 0;
  const now = Math.abs(desk.targetLots);
  if (lots > now) account.notes.add(`${by} tried to enlarge a target: refused`);
  else if (lots < now) {
    desk.targetLots = lots * Math.sign(desk.targetLots);
    if (by.startsWith('overlay')) account.notes.add(`${by} (reduced on ${desk.instrument.id})`);
  }
}
