import { toPrice, toQuantity } from '@keelson/core/domain';
import { expectEqual, expectThat, show } from '../../frame/expectations.js';
import { FAR } from './broker-bench.js';
import { brokerCard } from './broker-card.js';
import { expectRefused } from './expect-refusal.js';

export const rejectCards = [
  brokerCard({
    id: 'BRK-250',
    title: 'an order that the venue refuses is rejected once, with a code and a reason',
    why: 'the kernel acts on the code, and people on the reason',
    needs: ['refuseNext'],
    async play(bench) {
      await bench.control('refuseNext')();
      const id = bench.submit();
      await expectRefused(bench, id);
      await bench.settle();
      const refusals = bench.of('rejected', id);
      expectEqual(refusals.length, 1, 'number of rejected events');
      expectThat((refusals[0]?.reason ?? '').trim() !== '', `the reason was ${show(refusals[0]?.reason)}`, 'text');
    },
  }),
  brokerCard({
    id: 'BRK-260',
    title: 'a quantity that is no multiple of the lot is refused',
    why: 'one that is rounded is not what was decided',
    async play(bench) {
      const quantity = toQuantity(bench.instrument.lotSize * 1.5);
      await expectRefused(bench, bench.send({ ...bench.intent(), quantity }), ['BRK_REJECTED']);
    },
  }),
  brokerCard({
    id: 'BRK-270',
    title: 'a price that is no multiple of the tick is refused',
    why: 'one that is rounded may lie on the wrong side of what was risked',
    types: ['limit'],
    async play(bench) {
      const limitPrice = toPrice(bench.price(-FAR) + bench.instrument.tickSize / 2);
      await expectRefused(bench, bench.send({ ...bench.intent({ type: 'limit' }), limitPrice }), ['BRK_REJECTED']);
    },
  }),
  brokerCard({
    id: 'BRK-280',
    title: 'an instrument that is not of the account is refused',
    why: 'an order that falls back to another instrument is a trade that nobody wanted',
    async play(bench) {
      await expectRefused(bench, bench.send({ ...bench.intent(), instrument: 'NO-SUCH-INSTRUMENT' }), ['BRK_REJECTED', 'BRK_UNSUPPORTED']);
    },
  }),
  brokerCard({
    id: 'BRK-290',
    title: 'an order that the account cannot pay for is refused with BRK_MARGIN',
    why: 'lack of margin is no reason to try again, other refusals may be',
    async play(bench) {
      const quantity = toQuantity(bench.tooLarge);
      const id = bench.send({ ...bench.intent(), quantity });
      await bench.settle();
      if (bench.of('rejected', id).length === 0) await bench.tick();
      await expectRefused(bench, id, ['BRK_MARGIN']);
    },
  }),
  brokerCard({
    id: 'BRK-300',
    title: 'a refused order leaves nothing at the venue',
    why: 'reconciliation would adopt it',
    needs: ['refuseNext'],
    types: ['limit'],
    async play(bench) {
      await bench.control('refuseNext')();
      const id = bench.submit({ type: 'limit', limit: -FAR });
      await expectRefused(bench, id);
      expectEqual((await bench.snapshot()).orders, [], 'open orders after a refusal');
    },
  }),
];
