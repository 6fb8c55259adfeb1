import { ConfigError } from '../errors.js';
import type { AccountConfig } from './account-schema.js';
import { nearest } from './nearest.js';
import { limitsOf, QUANTITY_LIMITS, rejects, type RiskSettings } from './risk-schema.js';

/** What contradicts itself, or the rest of the account, under `risk:`. */
export function riskFaults(config: AccountConfig): ConfigError[] {
  return [...nameFaults(config), ...quantityFaults(config), ...lossFaults(config), ...unusedFaults(config.risk), ...hoursFaults(config.risk)];
}

function conflict(path: string, found: string, expected: string, hint: string): ConfigError {
  return new ConfigError('CFG_CONFLICT', `${path} was ${found}, expected ${expected}`, { hint, context: { path } });
}

function nameFaults({ risk, instruments }: AccountConfig): ConfigError[] {
  const ids = instruments.map(({ id }) => id);
  const unknown = (path: string, id: string): ConfigError[] => {
    if (ids.includes(id)) return [];
    const close = nearest(id, ids);
    return [new ConfigError('CFG_REFERENCE', `${path} names '${id}', expected one of ${ids.join(', ')}`, { hint: close === undefined ? 'add it to instruments:, or take it out' : `did you mean ${close}?`, context: { path } })];
  };
  return [...Object.keys(risk.instruments).flatMap((id) => unknown(`risk.instruments.${id}`, id)), ...(risk.allowInstruments ?? []).flatMap((id, i) => unknown(`risk.allowInstruments.${i}`, id))];
}

function quantityFaults({ risk, instruments, sizing }: AccountConfig): ConfigError[] {
  const faults: ConfigError[] = [];
  if (risk.maxOrderQuantity !== undefined && risk.maxOrderQuantity > risk.maxContracts) {
    faults.push(conflict('risk.maxOrderQuantity', `${risk.maxOrderQuantity}`, `at most risk.maxContracts (${risk.maxContracts})`, 'lower maxOrderQuantity or raise maxContracts'));
  }
  for (const [id, own] of Object.entries(risk.instruments)) {
    const { maxContracts, maxOrderQuantity, maxNotional } = limitsOf(risk, id);
    const path = `risk.instruments.${id}`;
    if (maxOrderQuantity !== undefined && maxOrderQuantity > maxContracts) faults.push(conflict(`${path}.maxOrderQuantity`, `${maxOrderQuantity}`, `at most the maxContracts of ${id} (${maxContracts})`, 'lower maxOrderQuantity or raise maxContracts'));
    if (own.maxNotional !== undefined && risk.maxExposure !== undefined && own.maxNotional > risk.maxExposure) faults.push(conflict(`${path}.maxNotional`, `${maxNotional}`, `at most risk.maxExposure (${risk.maxExposure})`, 'lower maxNotional or raise maxExposure'));
    if (Object.keys(own).length === 0) faults.push(conflict(path, 'empty', 'at least one limit', 'add maxContracts, maxOrderQuantity, maxNotional or initialMargin, or take it out'));
  }
  if (risk.maxNotional !== undefined && risk.maxExposure !== undefined && risk.maxNotional > risk.maxExposure) {
    faults.push(conflict('risk.maxNotional', `${risk.maxNotional}`, `at most risk.maxExposure (${risk.maxExposure})`, 'lower maxNotional or raise maxExposure'));
  }
  for (const { id, lotSize } of instruments) {
    const { maxContracts, maxOrderQuantity = maxContracts } = limitsOf(risk, id);
    const most = Math.min(maxContracts, maxOrderQuantity, risk.maxTotalContracts ?? maxContracts);
    const path = most === risk.maxTotalContracts ? 'risk.maxTotalContracts' : Object.hasOwn(risk.instruments, id) ? `risk.instruments.${id}` : most < maxContracts ? 'risk.maxOrderQuantity' : 'risk.maxContracts';
    if (most < lotSize * (1 - 1e-9)) faults.push(conflict(path, `${most}`, `at least one lot of ${id} (${lotSize})`, `raise it, or give ${id} limits of its own under risk.instruments`));
    else if (sizing.use === 'fixed-quantity' && sizing.quantity > maxOrderQuantity && rejects(risk, maxOrderQuantity < maxContracts ? 'maxOrderQuantity' : 'maxContracts')) {
      faults.push(conflict('sizing.quantity', `${sizing.quantity}`, `at most ${maxOrderQuantity}, the largest order on ${id}, since risk.whenExceeded refuses every larger one`, 'lower the quantity, or reduce instead of reject'));
    }
  }
  return faults;
}

function lossFaults({ risk, initialCash }: AccountConfig): ConfigError[] {
  const { maxDailyLossFraction, maxDrawdownFraction, maxDailyLoss } = risk;
  const faults: ConfigError[] = [];
  if (maxDailyLossFraction !== undefined && maxDrawdownFraction !== undefined && maxDailyLossFraction > maxDrawdownFraction) {
    faults.push(conflict('risk.maxDailyLossFraction', `${maxDailyLossFraction}`, `at most risk.maxDrawdownFraction (${maxDrawdownFraction}), which is always met before`, 'lower maxDailyLossFraction or raise maxDrawdownFraction'));
  }
  if (maxDailyLoss !== undefined && maxDailyLoss >= initialCash) faults.push(conflict('risk.maxDailyLoss', `${maxDailyLoss}`, `less than initialCash (${initialCash})`, 'lower it'));
  return faults;
}

/** Settings of a limit that is not set would let somebody believe that it is. */
function unusedFaults(risk: RiskSettings): ConfigError[] {
  const faults: ConfigError[] = [];
  const set = { dailyLoss: risk.maxDailyLoss !== undefined || risk.maxDailyLossFraction !== undefined, drawdown: risk.maxDrawdownFraction !== undefined, lossStreak: risk.lossStreak !== undefined };
  const keys = { dailyLoss: 'maxDailyLoss or maxDailyLossFraction', drawdown: 'maxDrawdownFraction', lossStreak: 'lossStreak' };
  for (const breaker of ['dailyLoss', 'drawdown', 'lossStreak'] as const) {
    if (risk.onBreach[breaker] === 'flatten' && !set[breaker]) faults.push(conflict(`risk.onBreach.${breaker}`, 'flatten', `risk.${keys[breaker]} beside it`, `add ${keys[breaker]}, or take it out`));
  }
  if (typeof risk.whenExceeded !== 'string') {
    for (const limit of QUANTITY_LIMITS) {
      const isSet = risk[limit] !== undefined || Object.values(risk.instruments).some((own) => limit in own);
      if (risk.whenExceeded[limit] === 'reject' && !isSet) faults.push(conflict(`risk.whenExceeded.${limit}`, 'reject', `risk.${limit} beside it`, `add ${limit}, or take it out`));
    }
  }
  if (risk.priceCollar !== undefined && Object.keys(risk.priceCollar).length === 0) faults.push(conflict('risk.priceCollar', 'empty', 'at least one limit', 'add entryFraction, exitFraction or maxAgeMinutes'));
  return faults;
}

function hoursFaults({ tradingHours }: RiskSettings): ConfigError[] {
  if (tradingHours === undefined) return [];
  const { sessions, zone, windows } = tradingHours;
  const path = 'risk.tradingHours';
  const faults = (windows ?? []).flatMap(({ from, to }, i) => (from === to ? [conflict(`${path}.windows.${i}.to`, to, `another time than from (${from})`, 'write from 00:00 to 24:00 for the whole day')] : []));
  if (windows !== undefined && zone === undefined) faults.push(conflict(path, 'windows without a zone', 'the time zone that they are in', 'add zone, e.g. America/Chicago or UTC'));
  if (windows === undefined && zone !== undefined) faults.push(conflict(`${path}.zone`, zone, 'windows that are in it', 'add windows, or take it out'));
  if (windows === undefined && !sessions) faults.push(conflict(`${path}.sessions`, 'false', 'windows instead', 'add windows, or take tradingHours out'));
  return faults;
}
