import type { ExitSettings } from '../config/exits-schema.js';
import type { Price } from '../domain/units.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';

/**
 * Fills in the stop and target of an entry where its signal named none: stop by ATR or points, at least
 * `minStopPoints` away; target by reward:risk from the stop's distance. Not yet rounded to ticks.
 *
 * @returns false when the account asks for a stop that cannot be placed yet: there is no entry without it
 */
export function setExitLevels(desk: Desk, exits: ExitSettings): boolean {
  const sign = desk.action === 'long' ? 1 : -1;
  const price = desk.entry === desk.entry ? desk.entry : desk.close;
  if (desk.stop !== desk.stop) {
    let distance = Number.NaN;
    if (exits.stopAtr !== undefined) {
      const atr = desk.exitAtr?.value;
      if (atr === undefined) return false;
      distance = exits.stopAtr * atr;
    } else if (exits.stopPoints !== undefined) distance = exits.stopPoints;
    if (exits.minStopPoints !== undefined && !(distance > exits.minStopPoints)) distance = exits.minStopPoints;
    if (distance === distance) desk.stop = price - sign * distance;
  }
  if (desk.target !== desk.target && exits.rewardRisk !== undefined && desk.stop === desk.stop) {
    desk.target = price + exits.rewardRisk * (price - desk.stop);
  }
  return true;
}

/**
 * Where an entry that has no other stop loses what `disasterStop` names, on the tick toward the entry: the stop that
 * rests at the venue for it. For a long undefined where even a price of 0 loses less.
 *
 * @param signedLots what is sent, or held
 * @param price what they are entered at, as far as it is known
 */
export function disasterLevel(desk: Desk, account: Account, signedLots: number, price: number): Price | undefined {
  const { stopAtr, stopPoints, minStopPoints, disasterStop } = account.settings.exits;
  if (disasterStop === undefined || stopAtr !== undefined || stopPoints !== undefined || minStopPoints !== undefined) return undefined;
  const { grid } = desk.position;
  const perPoint = grid.lots.value(Math.abs(signedLots)) * desk.instrument.multiplier * account.ledger.rateOf(desk.index);
  const distance = Math.max((disasterStop.lossFraction * account.ledger.equity) / perPoint, grid.ticks.step);
  const level = signedLots > 0 ? grid.priceUp(price - distance) : grid.priceDown(price + distance);
  return level > 0 && Number.isFinite(level) ? level : undefined;
}

/** Says which of `exits:` come to nothing for an entry that goes out without a stop: they are measured from it. */
export function noteExitsWithoutStop(desk: Desk, account: Account): void {
  const { rewardRisk, breakEvenAfterR, partialTargets, trailing } = account.settings.exits;
  if (rewardRisk !== undefined && desk.target !== desk.target) noteNeedsStop(desk, account, 'target', 'rewardRisk');
  if (breakEvenAfterR !== undefined) noteNeedsStop(desk, account, 'break-even stop', 'breakEvenAfterR');
  if (account.partials.length > 0) noteNeedsStop(desk, account, 'partial target', partialTargets === undefined ? 'partialTarget' : 'partialTargets');
  if (trailing !== undefined) noteNeedsStop(desk, account, 'trailing stop', 'trailing');
}

function noteNeedsStop(desk: Desk, account: Account, what: string, setting: string): void {
  account.notes.add(`no ${what} on ${desk.instrument.id}: ${setting} needs a stop, and neither the signal nor exits: gives one`);
}
