import { toUtcMs } from '@keelson/core/domain';
import { messageOf } from '@keelson/core/errors';
import { ADVISOR } from '@keelson/core/plugin';
import type { Advice, Advisor, AdvisorDefinition, AdvisorRequest } from '@keelson/core/ports';
import { KeptLog } from '../../fakes/kept-log.js';
import { VIRTUAL_START, VirtualTime } from '../../fakes/virtual-time.js';
import { OFFLINE, type Suite } from '../../frame/card.js';
import { expectEqual, expectThat, needed, show } from '../../frame/expectations.js';
import { runLab } from '../../lab/lab-run.js';
import { isOfSomethingBack, lend } from '../../lab/lend.js';
import { checkedParams, paramsCards, type Configured } from '../../lab/params-cards.js';
import { livelyBars } from '../../lab/sample-bars.js';
import { outcomeOf, promised, turns, type Outcome } from '../../lab/turn.js';
import { unhandledIn } from '../../lab/unhandled.js';

/** What stands behind an advisor, under a test's control. Without a part of it the cards that need it are skipped, unless `AdvisorSubject.cannot` says why. */
export type AdvisorOutside = {
  /** From now on it fails. */
  readonly fail?: () => void;
  /** From now on it does not answer. */
  readonly hang?: () => void;
};

/** An advisor, and how it is tried. */
export type AdvisorSubject = Configured & {
  readonly definition: AdvisorDefinition;
  /** Made anew for each card, before the advisor. */
  readonly outside?: () => AdvisorOutside;
  /** What its outside can never do or suffer, each with the reason. The cards that need it have nothing to hold, and pass with that note. */
  readonly cannot?: Readonly<Partial<Record<keyof AdvisorOutside, string>>>;
};

const DAY = 86_400_000;
const FIELDS = ['bias', 'confidence', 'expiresAt', 'rationale'];

type Trial = { readonly advisor: Advisor; readonly outside: AdvisorOutside | undefined };

function start(subject: AdvisorSubject): Trial {
  const outside = subject.outside?.();
  return { outside, advisor: subject.definition.create({ params: checkedParams(subject), clock: new VirtualTime(), logger: new KeptLog() }) };
}

const question = (fields: Partial<AdvisorRequest> = {}): AdvisorRequest => ({
  instrument: 'LAB',
  time: toUtcMs(VIRTUAL_START),
  closes: Array.from({ length: 50 }, (_, i) => 100 + Math.sin(i)),
  regime: { tradable: true, reason: '', labels: { volatility: 'high' } },
  position: { quantity: 0, averagePrice: undefined },
  context: {},
  events: [],
  ...fields,
});

/** How a question ended; undefined when it has not, after all that is ready has run. */
async function ask(advisor: Advisor, request: AdvisorRequest, cancel: AbortSignal = new AbortController().signal, meanwhile: () => void = () => undefined): Promise<Outcome<Advice | undefined> | undefined> {
  const answer = promised(() => advisor.refresh(request, cancel), 'refresh');
  await turns(5);
  meanwhile();
  return outcomeOf(answer);
}

const adviceIn = (answer: Outcome<Advice | undefined> | undefined): Advice | undefined => (answer !== undefined && 'value' in answer ? answer.value : undefined);

const adviceOf = async (subject: AdvisorSubject, request: AdvisorRequest): Promise<Advice | undefined> => adviceIn(await ask(start(subject).advisor, request));

/** Requests of all sorts, as an account may put them. */
const QUESTIONS: readonly AdvisorRequest[] = [
  question(),
  question({ closes: [] }),
  question({ closes: [100] }),
  question({ regime: { tradable: false, reason: 'closed', labels: {} } }),
  question({ context: { vix: { value: 21, ageMs: 60_000 } } }),
  question({ position: { quantity: -3, averagePrice: undefined } }),
];

/** What every advisor promises. */
export const advisorSuite: Suite<AdvisorSubject> = {
  name: 'advisor',
  prefix: 'ADV',
  about: 'What gives an opinion, off the bar path. It never trades, and what it fails at makes its influence neutral.',
  cards: [
    ...paramsCards<AdvisorSubject>('ADV'),
    {
      id: 'ADV-040',
      title: 'says how often it wants to be asked, and how long an answer takes to count',
      why: 'Over history an answer arrives by these numbers alone: without them a backtest asks on every bar, or never',
      tiers: OFFLINE,
      run(subject) {
        const { everyMs, latencyMs } = start(subject).advisor.schedule;
        expectThat(Number.isFinite(everyMs) && everyMs > 0, `everyMs was ${String(everyMs)}`, 'a number above 0');
        expectThat(Number.isFinite(latencyMs) && latencyMs >= 0, `latencyMs was ${String(latencyMs)}`, '0 or more');
      },
    },
    {
      id: 'ADV-050',
      title: 'answers every question with a promise that ends, and never throws at once',
      why: 'A throw would stand in the loop that trades, and a question without an end is never asked again',
      tiers: OFFLINE,
      async run(subject) {
        const { advisor } = start(subject);
        for (const request of QUESTIONS) expectThat((await ask(advisor, request)) !== undefined, `a question with ${request.closes.length} closes had no answer`, 'advice, no opinion, or a rejection');
      },
    },
    {
      id: 'ADV-060',
      title: 'gives a bias, a confidence from 0 to 1 and a rationale, or no opinion',
      why: 'Anything else is reported as a failure and counts as neutral: the advisor is paid for and not heard',
      tiers: OFFLINE,
      async run(subject) {
        for (const request of QUESTIONS) {
          const advice = await adviceOf(subject, request);
          if (advice === undefined) continue;
          expectThat(['bullish', 'bearish', 'neutral'].includes(advice.bias), `bias was ${show(advice.bias)}`, 'bullish, bearish or neutral');
          expectThat(advice.confidence >= 0 && advice.confidence <= 1, `confidence was ${show(advice.confidence)}`, '0 to 1');
          expectThat(typeof advice.rationale === 'string' && advice.rationale.trim() !== '', `the rationale was ${show(advice.rationale)}`, 'why');
        }
      },
    },
    {
      id: 'ADV-070',
      title: 'gives nothing beside advice: no action, no quantity, no price',
      why: 'Advisors advise. What looks like an order will one day be taken for one',
      tiers: OFFLINE,
      async run(subject) {
        for (const request of QUESTIONS) {
          const extra = Object.keys((await adviceOf(subject, request)) ?? {}).filter((key) => !FIELDS.includes(key));
          expectThat(extra.length === 0, `its advice had ${extra.join(', ')}`, `${FIELDS.join(', ')} only`);
        }
      },
    },
    {
      id: 'ADV-080',
      title: 'gives advice that expires after the question, by the time of the question',
      why: 'Over history the machine’s clock is years ahead: advice that lives by it never expires, or is dead at once',
      tiers: OFFLINE,
      async run(subject) {
        const [first, later] = [question(), question({ time: toUtcMs(VIRTUAL_START - 400 * DAY) })];
        const [now, then] = [await adviceOf(subject, first), await adviceOf(subject, later)];
        for (const [advice, { time }] of [
          [now, first],
          [then, later],
        ] as const) {
          if (advice === undefined) continue;
          const lasts = advice.expiresAt - time;
          expectThat(Number.isFinite(advice.expiresAt) && lasts > 0, `it expired ${-lasts} ms before its question`, 'a time after it');
          expectThat(lasts < 366 * DAY, `it expired ${Math.round(lasts / DAY)} days after its question`, 'a span that an opinion lasts');
        }
      },
    },
    {
      id: 'ADV-090',
      title: 'does not change what it is asked, and keeps nothing of it',
      why: 'The question holds the regime that the account trades by',
      tiers: OFFLINE,
      async run(subject) {
        const { advisor } = start(subject);
        for (const request of [...QUESTIONS, ...QUESTIONS]) {
          const before = JSON.stringify(request);
          const { lent, back } = lend(request);
          const answer = await ask(advisor, lent);
          back();
          expectThat(answer === undefined || !('failed' in answer && isOfSomethingBack(answer.failed)), 'it used an earlier question', 'the one at hand');
          expectEqual(JSON.stringify(request), before, 'the question after its answer');
        }
      },
    },
    {
      id: 'ADV-100',
      title: 'rejects when what it asks fails',
      why: 'A failure that is told can be reported; one that passes for no opinion is never mended',
      tiers: OFFLINE,
      async run(subject) {
        const { advisor, outside } = start(subject);
        needed(outside?.fail, 'its outside cannot be made to fail (outside.fail)', subject.cannot?.fail)();
        const answer = await ask(advisor, question());
        expectThat(answer !== undefined && 'failed' in answer, answer === undefined ? 'it had not ended' : `it gave ${show(adviceIn(answer))}`, 'a rejection');
      },
    },
    {
      id: 'ADV-110',
      title: 'ends when it is called off',
      why: 'The kernel calls off what takes too long, and at the end of a run: what goes on costs money and keeps the process alive',
      tiers: OFFLINE,
      async run(subject) {
        const { advisor, outside } = start(subject);
        needed(outside?.hang, 'its outside cannot be made to hang (outside.hang)', subject.cannot?.hang)();
        const cancel = new AbortController();
        expectThat((await ask(advisor, question(), cancel.signal, () => cancel.abort())) !== undefined, 'a question that was called off had not ended', 'a rejection, or no opinion');
        expectThat((await ask(advisor, question(), AbortSignal.abort())) !== undefined, 'a question that was called off before it was put had not ended', 'a rejection, or no opinion');
      },
    },
    {
      id: 'ADV-120',
      title: 'lets an account run to its end, with no order that would not be there without it',
      why: 'Advice may move confidence; what is traded, and how much, is decided without it',
      tiers: OFFLINE,
      async run(subject) {
        subject.outside?.();
        const run = (advised: boolean) =>
          runLab({
            bars: livelyBars(400),
            provides: ['advisor'],
            add: (add) => add(ADVISOR, 'subject', subject.definition),
            config: advised ? { advisors: [{ use: 'subject', config: subject.params ?? {} }] } : {},
            decide:
              () =>
              ({ bars, signal }) =>
                bars.count % 20 === 0 ? signal.long({ confidence: 0.8 }) : bars.count % 20 === 10 ? signal.flat() : undefined,
          });
        const plain = await run(false);
        const { value: advised, unhandled } = await unhandledIn(() => run(true));
        expectThat(advised.error === undefined, `the account broke off: ${messageOf(advised.error)}`, 'a run to its end');
        expectThat(unhandled.length === 0, `it left a rejection that nobody handles, and that ends the process: ${messageOf(unhandled[0])}`, 'every promise of its own to be awaited');
        const known = new Set(plain.submitted.map(({ side, quantity, decidedAt }) => `${side} ${quantity} ${decidedAt}`));
        const stray = advised.submitted.find(({ side, quantity, decidedAt }) => !known.has(`${side} ${quantity} ${decidedAt}`));
        expectThat(stray === undefined, `with it the account sent ${show(stray)}`, 'orders that it sends without it, or fewer');
      },
    },
  ],
};
