import type { Instrument, SessionCalendar } from '@keelson/core/domain';
import { isKeelsonError, messageOf } from '@keelson/core/errors';
import type { Finding, Timer } from '@keelson/core/ports';
import type { IBApi } from '@stoqey/ib';
import type { IbConnection } from './connection.js';
import { dayText, lastTradeDay } from './contracts/contract-days.js';
import { closesFrom, contractEnd } from './contracts/contract-end.js';
import { queryOf } from './contracts/contract-spec.js';
import { hoursDifferences } from './contracts/hours-differences.js';
import { isOpenAt, readTradingHours } from './contracts/trading-hours.js';

/** So long quotes are waited for; delayed ones take their time. */
const QUOTE_MS = 8_000;
const WARN_DRIFT_MS = 2_000;
const MAX_DRIFT_MS = 10_000;
const KINDS: Readonly<Record<number, string>> = { 1: 'live', 2: 'frozen', 3: 'delayed', 4: 'delayed and frozen' };

const ok = (check: string, found: string): Finding => ({ level: 'ok', check, found });

/** The connection as it stands, and why not if it does not. */
export async function diagnoseConnection({ gateway }: IbConnection): Promise<{ readonly findings: readonly Finding[]; readonly release: () => void }> {
  try {
    const release = await gateway.connect();
    const kind = gateway.account.startsWith('D') ? 'paper' : 'live';
    return { findings: [ok('gateway', `${gateway.place} answers and is ready`), ok('account', `${gateway.account}, a ${kind} account`)], release };
  } catch (thrown) {
    const hint = isKeelsonError(thrown) ? thrown.hint : undefined;
    return { findings: [{ level: 'fault', check: 'gateway', found: messageOf(thrown), ...(hint === undefined ? {} : { hint }) }], release: () => undefined };
  }
}

/** @param machineNow this machine's time, UtcMs */
export async function diagnoseClock(connection: IbConnection, machineNow: () => number): Promise<Finding> {
  const before = machineNow();
  const theirs = await connection.now();
  // it tells whole seconds: anything within one of them agrees
  const drift = Math.max(0, Math.abs(theirs + 500 - (before + machineNow()) / 2) - 500 - (machineNow() - before) / 2);
  const found = `this machine and the gateway differ by ${(drift / 1000).toFixed(1)} s`;
  if (drift <= WARN_DRIFT_MS) return ok('clock', found);
  return { level: drift > MAX_DRIFT_MS ? 'fault' : 'warning', check: 'clock', found, hint: "synchronise this machine's clock, and the gateway's" };
}

/** Which contract an instrument stands for, and whether it trades now. */
export function diagnoseContract(connection: IbConnection, { id }: Instrument, now: number): Finding {
  const resolved = connection.contractOf(id);
  if (resolved === undefined) return { level: 'fault', check: `contract of ${id}`, found: 'none was found', hint: 'see symbols.ibkr' };
  const { contract, details } = resolved;
  const day = lastTradeDay(details);
  const hours = details.tradingHours === undefined ? undefined : isOpenAt(readTradingHours(details.tradingHours, details.timeZoneId ?? 'UTC'), now);
  const parts = [`${contract.localSymbol ?? contract.symbol} on ${contract.exchange}, number ${contract.conId}`];
  if (contract.secType === 'FUT' && day !== '') parts.push(`trades until ${day}`);
  const from = closesFrom(resolved);
  if (from !== undefined && now < from) parts.push(`entered until ${dayText(from)}`);
  if (hours !== undefined) parts.push(hours ? 'open now' : 'closed now');
  const { level, reason } = contractEnd(resolved, now);
  if (level !== 'none') return { level: 'warning', check: `contract of ${id}`, found: `${parts.join(', ')}; ${level === 'leave' ? 'a position is left' : 'it is entered no more'}: ${reason}`, hint: queryOf(resolved.instrument).fixed ? 'take the expiry out of symbols.ibkr, or name the next one' : 'the next expiry takes its place once nothing of the account is in this one' };
  return ok(`contract of ${id}`, parts.join(', '));
}

/** Whether the calendar of an instrument is the venue's, over the next days. */
export function diagnoseHours(connection: IbConnection, { id }: Instrument, calendar: SessionCalendar | undefined, now: number): readonly Finding[] {
  const resolved = connection.contractOf(id);
  if (resolved === undefined || calendar === undefined) return [];
  const [first, ...others] = hoursDifferences(resolved.details, calendar, now);
  if (first === undefined) return [ok(`hours of ${id}`, `those of calendar ${calendar.id}`)];
  return [{ level: 'warning', check: `hours of ${id}`, found: `${first}${others.length === 0 ? '' : `, and ${others.length} more`}`, hint: 'give the instrument the calendar of its exchange; a day on which the exchange closes at another time counts as it stands in the calendar' }];
}

/** What kind of quotes come for an instrument. */
export async function diagnoseMarketData(connection: IbConnection, { id }: Instrument, timer: Timer): Promise<Finding> {
  const check = `market data of ${id}`;
  const resolved = connection.contractOf(id);
  if (resolved === undefined) return { level: 'fault', check, found: 'there is no contract to ask for', hint: 'see symbols.ibkr' };
  return new Promise((resolve) => {
    let kind: number | undefined;
    let quotes = false;
    const end = (finding: Finding): void => {
      callOff();
      stream.close();
      resolve(finding);
    };
    const judge = (): Finding => {
      if (kind !== undefined && kind > 2) return { level: 'warning', check, found: `they are ${KINDS[kind]}`, hint: 'subscribe to them before trading on them' };
      if (quotes) return ok(check, `they are ${KINDS[kind ?? 1]}`);
      return { level: 'warning', check, found: `none came within ${QUOTE_MS / 1000} s`, hint: 'the market may be closed; look again in a session' };
    };
    const stream = connection.gateway.stream(
      (ib: IBApi, requestId) => ib.reqMktData(requestId, resolved.contract, '', false, false),
      (ib, requestId) => ib.cancelMktData(requestId),
      {
        onMessage: (event, args) => {
          if (event === 'marketDataType') kind = Number(args[1]);
          else if (event === 'tickPrice') quotes = true;
          if (quotes) end(judge());
        },
        onError: (error) => end({ level: 'fault', check, found: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) }),
      },
    );
    const callOff = timer.after(QUOTE_MS, () => end(judge()));
  });
}
