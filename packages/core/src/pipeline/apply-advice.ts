import type { Account } from './account.js';
import type { Desk } from './desk.js';

/**
 * Latest advice → confidence up or down, by at most 0.10 up and 0.15 down per advisor. Neutral, stale and
 * absent advice is 0. Nothing here can reach the action, a quantity or a price: law 2.
 */
export function applyAdvice(desk: Desk, account: Account): void {
  const { advice } = desk;
  if (advice.length === 0 || desk.action === 'flat') return;
  for (let i = 0; i < advice.length; i++) {
    const latest = advice[i];
    if (latest === undefined || (latest.bias !== 'bullish' && latest.bias !== 'bearish') || !(latest.expiresAt > account.now)) continue;
    const sure = Math.min(1, Math.max(0, latest.confidence));
    if (!(sure > 0)) continue;
    const agrees = (latest.bias === 'bullish') === (desk.action === 'long');
    const change = agrees ? Math.min(0.1, 0.15 * sure) : -Math.min(0.15, 0.2 * sure);
    desk.confidence = Math.min(1, Math.max(0, desk.confidence + change));
  }
}
