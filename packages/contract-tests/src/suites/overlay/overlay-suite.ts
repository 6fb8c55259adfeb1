import { messageOf } from '@keelson/core/errors';
import { sliceBars } from '@keelson/core/series';
import { toMoney, toPrice } from '@keelson/core/domain';
import type { OverlayRequest } from '@keelson/core/ports';
import { OFFLINE, type Suite } from '../../frame/card.js';
import { expectEqual, expectThat, show } from '../../frame/expectations.js';
import { expectAsked } from '../../lab/expect-asked.js';
import { isOfSomethingBack, lentForTheCall } from '../../lab/lend.js';
import { paramsCards } from '../../lab/params-cards.js';
import { livelyBars, oddBars, stillBars } from '../../lab/sample-bars.js';
import { expectUnwritten } from '../../lab/unwritten.js';
import { ambientWatch } from '../../lab/watched.js';
import { overlayBars, runOverlay, sampleRun, wordsOf, type OverlaySubject, type Review } from './overlay-subject.js';

const KINDS: readonly unknown[] = ['pass', 'reduce', 'veto'];

/** What it decided, without the words for it. */
const decided = ({ instrument, verdict }: Review): unknown => ({ instrument, kind: verdict?.kind, quantity: verdict?.kind === 'reduce' ? verdict.quantity : undefined });

/** The request as it might be on a bad day. */
function oddRequests(request: OverlayRequest): readonly OverlayRequest[] {
  const { target } = request;
  const { stop: _stop, target: _target, entry: _entry, ...bare } = target;
  return [
    { ...request, target: bare },
    { ...request, target: { ...target, quantity: -target.quantity } },
    { ...request, target: { ...target, quantity: target.quantity * 1e6 } },
    { ...request, target: { ...target, stop: target.decisionPrice, target: target.decisionPrice } },
    { ...request, target: { ...target, entry: toPrice(target.decisionPrice * 2) } },
    { ...request, equity: toMoney(0), balance: toMoney(0) },
    { ...request, equity: toMoney(-1000), balance: toMoney(-1000) },
    { ...request, recentTrades: [], ownTrades: [], others: [] },
  ];
}

/** What every risk overlay promises. */
export const overlaySuite: Suite<OverlaySubject> = {
  name: 'risk-overlay',
  prefix: 'OVL',
  about: 'What may make a position smaller, or veto it. Every card runs it in an account of the kernel with three instruments, which enters long and short with all sorts of stops and targets.',
  cards: [
    ...paramsCards<OverlaySubject>('OVL'),
    {
      id: 'OVL-040',
      title: 'reduces or vetoes something of what it is tried on',
      why: 'An overlay that lets everything pass protects nobody, and shows nothing to the other cards',
      tiers: OFFLINE,
      async run(subject) {
        const { reviews, lab, thrown } = await sampleRun(subject, 'own');
        expectAsked(reviews.length > 0 || thrown !== undefined, lab, subject.lengthBars ?? 400);
        const at = reviews.filter(({ verdict }) => verdict?.kind !== 'pass').length;
        expectThat(at > 0 || thrown !== undefined, `it let all of ${reviews.length} entries pass`, "settings and bars with which it does something: see the subject's params, bars and config");
      },
    },
    {
      id: 'OVL-050',
      title: 'answers at once with pass, reduce or veto',
      why: 'Anything else is taken for a veto, which nobody can explain',
      tiers: OFFLINE,
      async run(subject) {
        for (const { verdict } of (await sampleRun(subject, 'own')).reviews) expectThat(KINDS.includes(verdict?.kind), `it gave ${show(verdict)}`, "{ kind: 'pass' }, { kind: 'reduce', quantity, reason } or { kind: 'veto', reason }");
      },
    },
    {
      id: 'OVL-060',
      title: 'only ever reduces: to a quantity from 0 to that of the target',
      why: 'The kernel refuses a larger one, so what was meant as a limit would be none',
      tiers: OFFLINE,
      async run(subject) {
        for (const { verdict, target } of (await sampleRun(subject, 'own')).reviews) {
          if (verdict?.kind !== 'reduce') continue;
          const most = Math.abs(target.quantity);
          expectThat(Number.isFinite(verdict.quantity) && verdict.quantity >= 0 && verdict.quantity <= most, `it reduced ${most} to ${String(verdict.quantity)}`, `an unsigned quantity from 0 to ${most}`);
        }
      },
    },
    {
      id: 'OVL-070',
      title: 'says why it reduces or vetoes',
      why: 'A trade that was not made has to be explained as much as one that was',
      tiers: OFFLINE,
      async run(subject) {
        for (const { verdict, target } of (await sampleRun(subject, 'own')).reviews) {
          if (verdict?.kind === 'reduce' || verdict?.kind === 'veto') expectThat(typeof verdict.reason === 'string' && verdict.reason.trim() !== '', `the reason of a ${verdict.kind} of ${target.quantity} was ${show(verdict.reason)}`, 'what it found and what it allows');
        }
      },
    },
    {
      id: 'OVL-080',
      title: 'does not change what it is asked about, nor the bars',
      why: 'The next overlay, and the trace, would see another entry than the one that was decided',
      tiers: OFFLINE,
      async run(subject) {
        const { thrown } = await runOverlay(subject, {
          around: (call, request) => {
            const before = wordsOf(request);
            const verdict = expectUnwritten(request.bars, call);
            expectEqual(wordsOf(request), before, 'the request after its review');
            return verdict;
          },
        });
        if (thrown instanceof Error && thrown.name === 'ContractFault') throw thrown;
      },
    },
    {
      id: 'OVL-090',
      title: 'keeps nothing of what it is asked about',
      why: 'What is kept shows another bar later, and another position',
      tiers: OFFLINE,
      async run(subject) {
        const { thrown } = await runOverlay(subject, lentForTheCall());
        expectThat(!isOfSomethingBack(thrown), 'it used a request of an earlier review', 'the one at hand');
      },
    },
    {
      id: 'OVL-100',
      title: 'decides the same on the same bars, also when its journal is lived through again',
      why: 'What cannot be decided again cannot be explained',
      tiers: OFFLINE,
      async run(subject) {
        const [first, second] = [await runOverlay(subject), await runOverlay(subject)];
        expectEqual(second.reviews.length, first.reviews.length, 'the number of its reviews on a second run');
        second.reviews.forEach(({ verdict }, i) => expectEqual(verdict, first.reviews[i]?.verdict, `verdict ${i + 1} of a second run`));
        if (first.lab.error === undefined) expectEqual((await first.lab.replay()).difference, undefined, 'the first difference of a replay');
      },
    },
    {
      id: 'OVL-110',
      title: 'never changes what it decided when bars are appended',
      why: 'A limit that knows tomorrow makes any backtest safe',
      tiers: OFFLINE,
      async run(subject) {
        const bars = overlayBars(subject);
        const whole = await sampleRun(subject, 'own');
        for (const share of [0.4, 0.75]) {
          const part = Object.fromEntries(Object.entries(bars).map(([id, columns]) => [id, sliceBars(columns, 0, Math.floor(columns.length * share))]));
          (await runOverlay(subject, { bars: part })).reviews.forEach((review, i) => expectEqual(decided(review), whole.reviews[i] === undefined ? undefined : decided(whole.reviews[i]), `verdict ${i + 1} with ${share * 100}% of the bars`));
        }
      },
    },
    {
      id: 'OVL-120',
      title: 'throws at nothing: no stop, no trades yet, no equity left, an entry that is odd',
      why: 'A throw is a veto: what should limit entries ends them',
      tiers: OFFLINE,
      async run(subject) {
        const ids = Object.keys(overlayBars(subject));
        const length = subject.lengthBars ?? 400;
        for (const make of [undefined, oddBars, stillBars]) {
          const { thrown } = await runOverlay(subject, {
            ...(make === undefined ? {} : { bars: Object.fromEntries(ids.map((id, i) => [id, make(length, { seed: i + 1 })])) }),
            around: (call, request, overlay) => {
              const verdict = call();
              for (const odd of oddRequests(request)) overlay.review(odd);
              return verdict;
            },
          });
          expectThat(thrown === undefined, `it threw: ${messageOf(thrown)}`, 'a verdict, whatever it is asked about');
        }
      },
    },
    {
      id: 'OVL-130',
      title: 'reads neither the clock nor the chance of the machine',
      why: 'A run must come out the same tomorrow, and on another machine',
      tiers: OFFLINE,
      async run(subject) {
        const { reads, watch } = ambientWatch();
        await runOverlay(subject, { making: watch, around: (call) => watch(call) });
        expectThat(reads.size === 0, `it read ${[...reads].join(', ')}`, 'the time of the request');
      },
    },
    {
      id: 'OVL-140',
      title: 'shares nothing with another account of the process',
      why: 'One account would be limited by what another one lost',
      tiers: OFFLINE,
      async run(subject) {
        const bars = overlayBars(subject);
        const others = Object.fromEntries(Object.entries(bars).map(([id, columns], i) => [id, { ...livelyBars(columns.length, { seed: 77 + i }), time: columns.time }]));
        const alone = await runOverlay(subject, { bars, chunkBars: 5 });
        const [beside] = await Promise.all([runOverlay(subject, { bars, chunkBars: 5 }), runOverlay(subject, { bars: others, chunkBars: 7 })]);
        expectEqual(beside.reviews.map(decided), alone.reviews.map(decided), 'its verdicts beside another account');
      },
    },
  ],
};
