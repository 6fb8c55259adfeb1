import { brokerSuite, declareSuite, type BrokerSession } from '@keelson/contract-tests';
import { afterAll, describe, it } from 'vitest';
import { mes, openRig, realTimer, type Rig } from '../testing/rig.js';
import { IbkrBroker } from './broker/ibkr-broker.js';

/*
 * The cards of a paper account, one after the other on one account that lasts. Its time stands still, and so the card that
 * needs two executions of different times is left to the suite over fresh venues.
 */
const cards = brokerSuite.cards.filter(({ tiers, id }) => tiers.includes('paper') && id !== 'BRK-1110');
const LAST = 5_000;

let rig: Promise<Rig> | undefined;
let sessions = 0;
afterAll(async () => (await rig)?.close());

async function openAccount(): Promise<Rig> {
  const opened = await openRig({ pacing: { enabled: false } });
  opened.simulator.run('setPrice', { symbol: 'MES', last: LAST });
  opened.simulator.advance(1_000);
  return opened;
}

async function open(): Promise<BrokerSession> {
  rig ??= openAccount();
  const account = await rig;
  const processes: Rig[] = [];
  const brokerOfNext = async (): Promise<IbkrBroker> => {
    const process = await account.again();
    processes.push(process);
    return new IbkrBroker(process.connection, process.settings, process.context({ margin: true }));
  };
  return {
    broker: await brokerOfNext(),
    instrument: mes,
    price: () => LAST,
    tooLarge: 100_000,
    patience: 400,
    run: `paper${sessions++}`,
    settle: () => new Promise((resolve) => realTimer.after(5, resolve)),
    restart: () => {
      account.simulator.drop();
      return brokerOfNext();
    },
    close: async () => {
      for (const process of processes) await process.close();
    },
  };
}

declareSuite({ ...brokerSuite, cards }, { describe, it }, { open }, { tier: 'paper', paper: true, of: 'a paper account' });
