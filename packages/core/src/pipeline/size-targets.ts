import type { Account } from './account.js';
import type { Desk } from './desk.js';
import { setExitLevels } from './exit-levels.js';

/**
 * Signal → signed target in lots. A position in the signal's own direction stays as it is: a repeated signal
 * neither doubles it nor buys back what a partial target took.
 *
 * @returns false when there is nothing to do
 */
export function sizeTargets(desk: Desk, account: Account): boolean {
  if (desk.action === 'flat') {
    desk.targetLots = 0;
    return true;
  }
  const sign = desk.action === 'long' ? 1 : -1;
  const { lots } = desk.position;
  if (lots * sign > 0) return false;
  if (!atrIsWarm(desk, account) || !stopOnRightSide(desk, account, sign)) {
    desk.targetLots = 0;
    return lots !== 0; // the signal is against the position: leave it, without entering
  }
  desk.targetLots = sign * Math.max(0, desk.position.grid.lots.down(quantity(desk, account)));
  if (desk.targetLots === 0 && lots === 0) {
    account.notes.add(`no entry on ${desk.instrument.id}: the sized quantity is below one lot`);
    return false;
  }
  return true;
}

/** Sets the levels of the exits, and says which ATR an entry still waits for. */
function atrIsWarm(desk: Desk, account: Account): boolean {
  const of = !setExitLevels(desk, account.settings.exits) ? 'exits' : account.settings.sizing.use === 'volatility' && desk.sizeAtr?.value === undefined ? 'sizing' : undefined;
  if (of === undefined) return true;
  account.notes.add(`no entry on ${desk.instrument.id}: the ATR of ${of} is not warm yet`);
  return false;
}

/** Unsigned quantity by the account's sizing rule; 0 where what it needs is not known. */
function quantity(desk: Desk, account: Account): number {
  const { sizing } = account.settings;
  if (sizing.use === 'fixed-quantity') return sizing.quantity;
  const { multiplier } = desk.instrument;
  const price = desk.entry === desk.entry ? desk.entry : desk.close;
  const moneyPerPoint = multiplier * account.ledger.rateOf(desk.index);
  const budget = account.ledger.equity * sizing.fraction;
  let perUnit: number;
  if (sizing.use === 'equity-fraction') perUnit = price * moneyPerPoint;
  else if (sizing.use === 'volatility') perUnit = (desk.sizeAtr?.value ?? Number.NaN) * moneyPerPoint;
  else {
    if (desk.stop !== desk.stop) account.notes.add(`no entry on ${desk.instrument.id}: sizing by risk needs a stop, and neither the signal nor exits: gives one`);
    perUnit = Math.abs(price - desk.stop) * moneyPerPoint;
  }
  return perUnit > 0 && budget > 0 ? budget / perUnit : 0;
}

function stopOnRightSide(desk: Desk, account: Account, sign: number): boolean {
  const price = desk.entry === desk.entry ? desk.entry : desk.close;
  const { grid } = desk.position;
  // the stop as it will stand: rounding goes toward the entry, and may reach it
  const stop = desk.stop !== desk.stop ? desk.stop : sign > 0 ? grid.priceUp(desk.stop) : grid.priceDown(desk.stop);
  const wrong = (price - stop) * sign <= 0 ? 'stop' : (desk.target - price) * sign <= 0 ? 'target' : (price - desk.invalidation) * sign <= 0 ? 'invalidation' : undefined;
  if (wrong === undefined) return true;
  account.notes.add(`no entry on ${desk.instrument.id}: the ${wrong} of a ${desk.action} signal lay on the wrong side of the price`);
  return false;
}
