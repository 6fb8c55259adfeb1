import { readFileSync } from 'node:fs';
import type { Broker } from '@keelson/core/ports';
import { SkippedCard, brokerSuite, declareSuite, pluginSuite, type BrokerSession } from '@keelson/contract-tests';
import { afterEach, describe, it } from 'vitest';
import { mes, openRig, realTimer, type Rig } from '../testing/rig.js';
import { IbkrBroker } from './broker/ibkr-broker.js';
import plugin from './index.js';

let open: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const close of open.reverse()) await close();
  open = [];
});

/** A session over the socket, with the simulated gateway in the venue's place. */
async function session(): Promise<BrokerSession> {
  const rig: Rig = await openRig({}, { answerTimeoutMs: 300 });
  const { simulator } = rig;
  let last = 5000;
  const price = (to: number): void => {
    last = to;
    simulator.run('setPrice', { symbol: 'MES', last: to });
    simulator.advance(1_000);
  };
  price(last);
  const brokerOf = (from: Rig): Broker => new IbkrBroker(from.connection, from.settings, from.context({ margin: true }));
  open.push(() => rig.close());
  return {
    broker: brokerOf(rig),
    instrument: mes,
    price: () => last,
    tooLarge: 100_000,
    patience: 400,
    settle: () => new Promise((resolve) => realTimer.after(5, resolve)),
    control: {
      movePrice: price,
      limitLiquidity: (quantity) => void simulator.run('limitFills', { quantity }),
      refuseNext: () => void simulator.run('fault', { kind: 'readOnly', on: true }),
      loseNextAnswer: () => void simulator.run('fault', { kind: 'swallowOrders', count: 1 }),
      dropConnection: () => void simulator.run('fault', { kind: 'logout' }),
      restoreConnection: () => void simulator.run('fault', { kind: 'login' }),
      correctExecution: (executionId, to) => {
        if (to === undefined) throw new SkippedCard('the gateway corrects executions, and takes none back');
        simulator.run('correctExecution', { execId: executionId, price: to });
      },
      endSession: () => simulator.advance(8 * 3_600_000),
    },
    restart: async () => {
      simulator.drop();
      const again = await rig.again();
      open.push(() => again.close());
      return brokerOf(again);
    },
  };
}

const packageJson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly name: string; readonly version: string };
declareSuite(pluginSuite, { describe, it }, { plugin, packageJson });
declareSuite(brokerSuite, { describe, it }, { open: session });
