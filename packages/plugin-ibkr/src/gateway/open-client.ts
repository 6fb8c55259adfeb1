import { BrokerError } from '@keelson/core/errors';
import type { Timer } from '@keelson/core/ports';
import type { IBApi } from '@stoqey/ib';
import type { Socket } from 'node:net';
import type { ConnectionSettings } from '../settings.js';

/** Messages a second; the gateway allows 50 and drops the client above. */
const MOST_MESSAGES = 45;

export type ClientHandlers = {
  readonly onMessage: (event: string, args: readonly unknown[]) => void;
  readonly onError: (id: number, number: number, text: string) => void;
  readonly onClosed: () => void;
  /** A handler threw; the client itself would lose the rest of what came with that message. */
  readonly onFault: (thrown: unknown) => void;
};

export type OpenedClient = { readonly ib: IBApi; readonly account: string; readonly nextOrderId: number };

/**
 * Connects a client of its own and waits until the gateway has named the accounts and the next order id: only then it
 * takes orders. Handlers hear of everything from then on, and of notices before.
 * @throws BrokerError `BRK_CONNECTION` with what is there instead
 */
export async function openClient(settings: ConnectionSettings, timer: Timer, handlers: ClientHandlers): Promise<OpenedClient> {
  const { IBApi: Client, EventName } = await import('@stoqey/ib'); // loaded only by accounts that use it
  const { host, port, clientId, connectTimeoutMs } = settings;
  const ib = new Client({ host, port, maxReqPerSec: MOST_MESSAGES });
  const place = `${host}:${port}`;
  let opened = false;
  let callOff = (): void => undefined;
  const guarded = (act: () => void): void => {
    try {
      act();
    } catch (thrown) {
      handlers.onFault(thrown);
    }
  };

  const ready = new Promise<{ readonly accounts: readonly string[]; readonly nextOrderId: number }>((resolve, reject) => {
    let accounts: readonly string[] | undefined;
    let nextOrderId: number | undefined;
    let answered = false;
    const fail = (message: string, hint: string): void => reject(new BrokerError('BRK_CONNECTION', message, { hint, retry: 'safe' }));
    ib.on(EventName.result, (event, args) => {
      answered = true;
      const values = args as readonly unknown[];
      if (event === 'managedAccounts') accounts = String(values[0]).split(',').map((code) => code.trim()).filter((code) => code !== '');
      if (event === 'nextValidId') nextOrderId = Number(values[0]);
      if (event === 'info') guarded(() => noted(-1, Number(values[1]), String(values[0])));
      else if (opened) guarded(() => handlers.onMessage(event, values));
      if (accounts !== undefined && nextOrderId !== undefined) resolve({ accounts, nextOrderId });
    });
    ib.on(EventName.connected, () => guarded(() => sendAtOnce(ib)));
    ib.on(EventName.error, (error, number, id) => guarded(() => noted(id, number, error.message)));
    ib.on(EventName.disconnected, () => {
      if (opened) guarded(() => handlers.onClosed());
      else fail(`the gateway at ${place} closed the connection${answered ? '' : ' before it was ready'}`, 'see its log: the address may not be trusted, or another program listens there');
    });
    const noted = (id: number, number: number, text: string): void => {
      if (opened) handlers.onError(id, number, text);
      else if (number === 326) fail(`client id ${clientId} is in use at ${place}`, 'end the other program, or choose another clientId');
      else if (number === 502 || /ECONNREFUSED/.test(text)) fail(`nothing listens at ${place}`, 'start IB Gateway or TWS, enable its API, and check host and port');
      else if (number === 503) fail(`the gateway at ${place} is too old: ${text}`, 'update it');
      else if (/ENOTFOUND|EHOSTUNREACH|ETIMEDOUT|ENETUNREACH|EAI_AGAIN/.test(text)) fail(`${place} cannot be reached: ${text}`, 'check host and port');
    };
    callOff = timer.after(connectTimeoutMs, () => fail(`no gateway was ready at ${place} within ${connectTimeoutMs} ms`, answered ? 'it may be logging in, or ask for a confirmation on its screen' : 'something else may listen there: check the port'));
    ib.connect(clientId);
  });
  try {
    const { accounts, nextOrderId } = await ready;
    const account = chosen(accounts, settings);
    opened = true;
    return { ib, account, nextOrderId };
  } catch (thrown) {
    ib.removeAllListeners();
    ib.on(EventName.error, () => undefined);
    ib.disconnect();
    throw thrown;
  } finally {
    callOff();
  }
}

/**
 * The client has no setting for this, so its connection is reached into: without it the second order of a bracket waits
 * until the gateway's machine has acknowledged the first, which takes up to 40 ms (Nagle's algorithm and delayed acknowledgements).
 */
function sendAtOnce(ib: IBApi): void {
  const { controller } = ib as unknown as { readonly controller?: { readonly socket?: { readonly client?: Pick<Socket, 'setNoDelay'> } } };
  controller?.socket?.client?.setNoDelay(true);
}

/** Codes of paper accounts begin with a D. */
function chosen(accounts: readonly string[], { account, kind, host, port }: ConnectionSettings): string {
  const known = accounts.join(', ');
  if (account !== undefined && !accounts.includes(account)) throw new BrokerError('BRK_CONNECTION', `account ${account} is not in the login at ${host}:${port}, which has ${known}`, { hint: 'set account to one of these' });
  const [first, ...others] = accounts;
  if (account === undefined && others.length > 0) throw new BrokerError('BRK_CONNECTION', `the login at ${host}:${port} has several accounts: ${known}`, { hint: 'set account to one of these' });
  const code = account ?? first ?? '';
  const found = code.startsWith('D') ? 'paper' : 'live';
  if (found !== kind) throw new BrokerError('BRK_CONNECTION', `account ${code} is a ${found} account, expected a ${kind} one`, { hint: `connect to the other gateway, or set kind: ${found}` });
  return code;
}
