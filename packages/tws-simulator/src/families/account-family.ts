import { z } from 'zod';
import { accountLines, summaryLines } from '../accounts/account-lines.js';
import type { SimAccount } from '../accounts/sim-account.js';
import type { ClockTimer } from '../clock/simulator-clock.js';
import { command, ControlFault } from '../control/control-command.js';
import {
  accountDownloadEndMessage, accountMultiEndMessage, accountMultiMessage, accountSummaryEndMessage, accountSummaryMessage, accountTimeMessage, accountValueMessage,
  familyCodesMessage, pnlMessage, pnlSingleMessage, portfolioMessage, positionEndMessage, positionMessage, positionMultiEndMessage, positionMultiMessage,
  softDollarTiersMessage, type AccountLine, type ShownPosition,
} from '../protocol/account-messages.js';
import { REQUEST } from '../protocol/message-ids.js';
import { readVersionAndId, request, type MessageFamily } from '../server/message-family.js';
import type { Session } from '../server/session.js';
import type { World } from '../server/world.js';
import { dateTimeText } from '../time/zone-text.js';
import { shownPosition } from '../trading/shown-positions.js';
import type { FieldReader } from '../wire/field-reader.js';
import { Subscriptions } from './subscriptions.js';

/** The venue sends accounts again this often, and at once after a trade. */
const ACCOUNT_EVERY_MS = 180_000;
/** Profit and loss is sent this often while it changes. */
const PNL_EVERY_MS = 1_000;
/** Most account summaries that one client may hold. */
const MOST_SUMMARIES = 2;

/** Accounts: values, positions, profit and loss, each once and then whenever it changes. */
export function accountFamily(world: World): MessageFamily {
  const { trading, scenario, clock } = world;
  const { baseCurrency } = scenario.trading;
  const afterTrades = new Subscriptions();
  const profits = new Subscriptions();
  let accountTimer: ClockTimer | undefined;
  let profitTimer: ClockTimer | undefined;

  const linesOf = (account: SimAccount): readonly AccountLine[] => accountLines(account.id, trading.valuesOf(account), baseCurrency);
  const positionsOf = (account: SimAccount) => [...account.positions].map((position) => shownPosition(account, position, trading.tradables));
  const accountsOf = (id: string): readonly SimAccount[] => {
    const one = trading.accounts.get(id);
    return one === undefined ? (id === '' || id === 'All' ? [...trading.accounts.values()] : []) : [one];
  };
  const unknownAccount = (session: Session, requestId: number, id: string): void => session.error(requestId, 321, `Error validating request.-'b7' : cause - Invalid account code '${id}'.`);

  const updates = (session: Session, { subscribe, accountId }: { subscribe: boolean; accountId: string }): void => {
    afterTrades.end(session, 'updates', 0);
    if (!subscribe) return;
    const account = accountsOf(accountId)[0];
    if (account === undefined) return unknownAccount(session, -1, accountId);
    const told = new Map<string, string>();
    const tell = (): void => {
      for (const line of linesOf(account)) changed(told, `${line.key} ${line.currency}`, line.value, () => session.send(accountValueMessage(account.id, line)));
      for (const position of positionsOf(account)) shown(told, `position ${position.contract.conId}`, position, JSON.stringify(position), () => session.send(portfolioMessage(account.id, position)));
      session.send(accountTimeMessage(dateTimeText(clock.now(), scenario.timeZone).slice(9, 14)));
    };
    tell();
    session.send(accountDownloadEndMessage(account.id));
    afterTrades.begin(session, 'updates', 0, tell);
  };

  const updatesMulti = (session: Session, { requestId, accountId, model }: MultiRequest): void => {
    const accounts = accountsOf(accountId);
    if (accounts.length === 0) return unknownAccount(session, requestId, accountId);
    const told = new Map<string, string>();
    const tell = (): void => {
      for (const account of accounts) {
        for (const line of linesOf(account)) changed(told, `${account.id} ${line.key} ${line.currency}`, line.value, () => session.send(accountMultiMessage(requestId, account.id, model, line)));
      }
    };
    tell();
    session.send(accountMultiEndMessage(requestId));
    afterTrades.begin(session, 'updates multi', requestId, tell);
  };

  const summary = (session: Session, { requestId, group, tags }: { requestId: number; group: string; tags: readonly string[] }): void => {
    const accounts = accountsOf(group);
    if (accounts.length === 0) return unknownAccount(session, requestId, group);
    if (afterTrades.count(session, 'summary') >= MOST_SUMMARIES) return session.error(requestId, 322, "Error processing request.-'bc' : cause - Maximum number of account summary requests exceeded");
    const told = new Map<string, string>();
    const tell = (): void => {
      for (const account of accounts) {
        for (const line of summaryLines(trading.valuesOf(account), tags, baseCurrency)) {
          changed(told, `${account.id} ${line.key} ${line.currency}`, line.value, () => session.send(accountSummaryMessage(requestId, account.id, line)));
        }
      }
    };
    tell();
    session.send(accountSummaryEndMessage(requestId));
    afterTrades.begin(session, 'summary', requestId, tell);
  };

  const positions = (session: Session): void => {
    const told = new Map<string, string>();
    const tell = (): void => {
      for (const account of trading.accounts.values()) {
        for (const position of positionsOf(account)) {
          shown(told, `${account.id} ${position.contract.conId}`, position, `${position.quantity} ${position.averageCost}`, () => session.send(positionMessage(account.id, position)));
        }
      }
    };
    tell();
    session.send(positionEndMessage());
    afterTrades.begin(session, 'positions', 0, tell);
  };

  const positionsMulti = (session: Session, { requestId, accountId, model }: MultiRequest): void => {
    const accounts = accountsOf(accountId);
    if (accounts.length === 0) return unknownAccount(session, requestId, accountId);
    const told = new Map<string, string>();
    const tell = (): void => {
      for (const account of accounts) {
        for (const position of positionsOf(account)) {
          shown(told, `${account.id} ${position.contract.conId}`, position, `${position.quantity} ${position.averageCost}`, () => session.send(positionMultiMessage(requestId, account.id, model, position)));
        }
      }
    };
    tell();
    session.send(positionMultiEndMessage(requestId));
    afterTrades.begin(session, 'positions multi', requestId, tell);
  };

  const pnl = (session: Session, { requestId, accountId }: { requestId: number; accountId: string }): void => {
    const [account] = accountsOf(accountId);
    if (account === undefined) return unknownAccount(session, requestId, accountId);
    const told = new Map<string, string>();
    const tell = (): void => {
      const { dailyProfit, unrealized, realized } = trading.valuesOf(account);
      changed(told, 'pnl', `${dailyProfit} ${unrealized} ${realized}`, () => session.send(pnlMessage(requestId, dailyProfit, unrealized, realized)));
    };
    tell();
    profits.begin(session, 'pnl', requestId, tell);
    keepTellingProfits();
  };

  const pnlSingle = (session: Session, { requestId, accountId, conId }: { requestId: number; accountId: string; conId: number }): void => {
    const [account] = accountsOf(accountId);
    if (account === undefined) return unknownAccount(session, requestId, accountId);
    if (world.catalogue.of(conId) === undefined) return session.error(requestId, 200, 'No security definition has been found for the request');
    const told = new Map<string, string>();
    const tell = (): void => {
      const held = account.position(conId);
      const { quantity, unrealized, realized, marketValue } = shownPosition(account, held, trading.tradables);
      const daily = account.dailyProfitOf(held);
      changed(told, 'pnl', `${quantity} ${daily} ${unrealized} ${realized} ${marketValue}`, () => session.send(pnlSingleMessage(requestId, quantity, daily, unrealized, realized, marketValue)));
    };
    tell();
    profits.begin(session, 'pnl single', requestId, tell);
    keepTellingProfits();
  };

  const keepTellingProfits = (): void => {
    if (profitTimer !== undefined || profits.isEmpty) return;
    profitTimer = clock.at(clock.now() + PNL_EVERY_MS, () => {
      profitTimer = undefined;
      profits.tell();
      keepTellingProfits();
    });
  };
  const keepTellingAccounts = (): void => {
    accountTimer = clock.at(clock.now() + ACCOUNT_EVERY_MS, () => {
      afterTrades.tell();
      keepTellingAccounts();
    });
  };
  trading.events.add({ commission: () => afterTrades.tell() });

  const end = (subscriptions: Subscriptions, kind: string) => (session: Session, requestId: number): void => subscriptions.end(session, kind, requestId);
  return {
    name: 'accounts',
    requests: [
      request(REQUEST.accountUpdates, (reader) => (reader.int(), { subscribe: reader.bool(), accountId: reader.stringOr('') }), updates),
      request(REQUEST.accountUpdatesMulti, readMulti, updatesMulti),
      request(REQUEST.cancelAccountUpdatesMulti, readVersionAndId, end(afterTrades, 'updates multi')),
      request(REQUEST.accountSummary, (reader) => (reader.int(), { requestId: reader.int(), group: reader.string(), tags: reader.string().split(',').map((tag) => tag.trim()).filter((tag) => tag !== '') }), summary),
      request(REQUEST.cancelAccountSummary, readVersionAndId, end(afterTrades, 'summary')),
      request(REQUEST.positions, (reader) => reader.left, positions),
      request(REQUEST.cancelPositions, (reader) => reader.left, (session) => afterTrades.end(session, 'positions', 0)),
      request(REQUEST.positionsMulti, readMulti, positionsMulti),
      request(REQUEST.cancelPositionsMulti, readVersionAndId, end(afterTrades, 'positions multi')),
      request(REQUEST.pnl, (reader) => ({ requestId: reader.int(), accountId: reader.string(), model: reader.stringOr('') }), pnl),
      request(REQUEST.cancelPnl, (reader) => reader.int(), end(profits, 'pnl')),
      request(REQUEST.pnlSingle, (reader) => ({ requestId: reader.int(), accountId: reader.string(), model: reader.string(), conId: reader.int() }), pnlSingle),
      request(REQUEST.cancelPnlSingle, (reader) => reader.int(), end(profits, 'pnl single')),
      request(REQUEST.familyCodes, (reader) => reader.left, (session) => session.send(familyCodesMessage(scenario.accounts))),
      request(REQUEST.softDollarTiers, (reader) => reader.int(), (session, requestId) => session.send(softDollarTiersMessage(requestId))),
    ],
    commands: [
      command('account', 'tells the money and the positions of an account', z.strictObject({ account: z.string().default('') }), ({ account: id }) => {
        const account = trading.account(id);
        if (account === undefined) throw new ControlFault(`account was ${JSON.stringify(id)}, expected one of ${scenario.accounts.join(', ')}`);
        return { id: account.id, ...trading.valuesOf(account), positions: positionsOf(account).filter(({ quantity }) => quantity !== 0) };
      }),
      command('deposit', 'moves money into an account, or out of it', z.strictObject({ account: z.string().default(''), amount: z.number() }), ({ account: id, amount }) => {
        const account = trading.account(id);
        if (account === undefined) throw new ControlFault(`account was ${JSON.stringify(id)}, expected one of ${scenario.accounts.join(', ')}`);
        trading.deposit(account, amount);
        afterTrades.tell();
      }),
      command('startDay', 'starts the trading day: profits of the day count from here', z.strictObject({}), () => trading.startDay()),
    ],
    sessionClosed: (session) => {
      afterTrades.endAll(session);
      profits.endAll(session);
    },
    started: keepTellingAccounts,
    stopped: () => {
      accountTimer?.cancel();
      profitTimer?.cancel();
    },
  };
}

interface MultiRequest {
  readonly requestId: number;
  readonly accountId: string;
  readonly model: string;
}

function readMulti(reader: FieldReader): MultiRequest {
  reader.int();
  return { requestId: reader.int(), accountId: reader.string(), model: reader.stringOr('') };
}

/** Tells a value when it is not the one that was told last. */
function changed(told: Map<string, string>, key: string, value: string, tell: () => void): void {
  if (told.get(key) === value) return;
  told.set(key, value);
  tell();
}

/** The same for positions: one that is closed is told only to who heard of it open. */
function shown(told: Map<string, string>, key: string, { quantity }: ShownPosition, value: string, tell: () => void): void {
  if (quantity !== 0 || told.has(key)) changed(told, key, value, tell);
}
