import type { Timer } from '@keelson/core/ports';
import type { Contract } from '@stoqey/ib';
import type { IbGateway } from '../gateway/gateway.js';

/** Generic tick that asks for the open interest of a future, and the tick that brings it. */
const ASKED = '588';
const TICK = 86;
/** So long it is waited for: the gateway sends it once, soon after the first quotes. */
const WAIT_MS = 8_000;

/** Contracts that are open in a future, as the exchange counted them last; undefined where the gateway does not tell. */
export function openInterest(gateway: IbGateway, contract: Contract, timer: Timer): Promise<number | undefined> {
  return new Promise((resolve) => {
    const end = (value: number | undefined): void => {
      callOff();
      stream.close();
      resolve(value);
    };
    const stream = gateway.stream(
      (ib, id) => ib.reqMktData(id, contract, ASKED, false, false),
      (ib, id) => ib.cancelMktData(id),
      {
        onMessage: (event, [, tick, value]) => {
          if (event === 'tickSize' && Number(tick) === TICK && Number(value) > 0) end(Number(value));
        },
        onError: () => end(undefined), // no permission: there is another way to choose
      },
    );
    const callOff = timer.after(WAIT_MS, () => end(undefined));
  });
}
