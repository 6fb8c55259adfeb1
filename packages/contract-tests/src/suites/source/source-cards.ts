import { isAbsolute } from 'node:path';
import { messageOf } from '@keelson/core/errors';
import type { PluginContext, PortName } from '@keelson/core/plugin';
import type { SourceCapabilities } from '@keelson/core/ports';
import type { Card } from '../../frame/card.js';
import { expectEqual, expectThat, show, vacuousUnless } from '../../frame/expectations.js';
import { patient, runLab, type LabResult } from '../../lab/lab-run.js';
import { livelyBars } from '../../lab/sample-bars.js';
import { unhandledIn } from '../../lab/unhandled.js';
import { cardsOf, type SourceBench, type SourcePort, type SourceSubject } from './source-bench.js';

/** How a source stands in an account. */
export type Seat<Subject> = {
  readonly port: PortName;
  add(add: PluginContext<unknown>['add'], definition: Subject): void;
  /** The section of the account file, with the source under the id `subject`. */
  config(settings: unknown): Readonly<Record<string, unknown>>;
};

const failNow = (bench: { control(name: never): unknown }): void | Promise<void> => (bench.control('fail' as never) as () => void | Promise<void>)();
const healNow = (bench: { control(name: never): unknown }): void | Promise<void> => (bench.control('heal' as never) as () => void | Promise<void>)();
const hangNow = (bench: { control(name: never): unknown }): void | Promise<void> => (bench.control('hang' as never) as () => void | Promise<void>)();

/** An account that trades, with a source beside it that fails from the fortieth bar on. */
function account<Subject extends SourceSubject>(bench: SourceBench<Subject, unknown, unknown>, seat: Seat<Subject> | undefined): Promise<LabResult> {
  let bars = 0;
  return runLab({
    bars: livelyBars(120),
    timer: patient,
    baseDir: bench.session.baseDir ?? '.',
    ...(seat === undefined ? {} : { provides: [seat.port], add: (add) => seat.add(add, bench.subject), config: seat.config(bench.settings), observeBar: () => void (++bars === 40 && failNow(bench)) }),
    decide: () => ({ bars, signal }) => (bars.count % 20 === 0 ? signal.long({ confidence: 0.8 }) : bars.count % 20 === 10 ? signal.flat() : undefined),
  });
}

/** The cards that are the same for all that is asked off the bar path. Ids begin at 500. */
export function sourceCards<Subject extends SourceSubject, Source, Answer>(prefix: string, port: SourcePort<Subject, Source, Answer>, seat: Seat<Subject>): ReadonlyArray<Card<Subject>> {
  const card = cardsOf(port);
  return [
    card({
      id: `${prefix}-500`,
      title: 'answers with a promise that ends, also while it owes another answer, and never throws at once',
      why: 'A throw would stand in the loop that trades, and a question without an end is never asked again',
      async play(bench) {
        const source = bench.make();
        const questions = [bench.put(source), bench.put(source)];
        for (const question of questions) expectThat((await bench.ended(question)) !== undefined, 'a question had not ended', 'an answer, or a rejection');
      },
    }),
    card({
      id: `${prefix}-510`,
      title: 'is made without its outside, which it asks when it is asked',
      why: 'An account must be able to start, and to guard what it holds, while a server is away',
      needs: ['fail'],
      async play(bench) {
        await failNow(bench);
        try {
          bench.make();
        } catch (thrown) {
          expectThat(false, `without its outside it could not be made: ${messageOf(thrown)}`, 'a rejection of the first question');
        }
      },
    }),
    card({
      id: `${prefix}-520`,
      title: 'rejects with a message when its outside fails, also after good answers',
      why: 'A failure that is told makes it absent and is reported; one that passes for “nothing new” is believed',
      needs: ['fail'],
      async play(bench) {
        const source = bench.make();
        await bench.answer(bench.put(source));
        await failNow(bench);
        const outcome = await bench.outcome(source);
        expectThat('failed' in outcome, `with its outside away it gave ${'value' in outcome ? show(outcome.value) : ''}`, 'a rejection');
        expectThat(messageOf(outcome.failed).trim() !== '', 'the rejection had no message', 'what failed');
      },
    }),
    card({
      id: `${prefix}-530`,
      title: 'answers again once its outside does',
      why: 'A network that was away for a minute must not silence it for the night',
      needs: ['fail', 'heal'],
      async play(bench) {
        const source = bench.make();
        await failNow(bench);
        await bench.outcome(source);
        await healNow(bench);
        await bench.answer(bench.put(source));
      },
    }),
    card({
      id: `${prefix}-540`,
      title: 'ends when it is called off',
      why: 'The kernel calls off what takes too long, and at the end of a run: what goes on keeps the process alive',
      needs: ['hang'],
      async play(bench) {
        const source = bench.make();
        await hangNow(bench);
        const cancel = new AbortController();
        const going = bench.put(source, cancel.signal);
        for (let turns = 0; turns < 3; turns++) await bench.settle(); // so that it has got as far as to wait
        cancel.abort();
        expectThat((await bench.ended(going)) !== undefined, 'a question that was called off had not ended', 'a rejection, or an answer');
        expectThat((await bench.ended(bench.put(source, AbortSignal.abort()))) !== undefined, 'a question that was called off before it was put had not ended', 'a rejection, or an answer');
      },
    }),
    card({
      id: `${prefix}-590`,
      title: 'lets an account run to its end when its outside fails on the way, with the orders that it sends without it',
      why: 'Whatever is asked off the bar path must never stop what is on it',
      needs: ['fail'],
      async play(bench) {
        const alone = await account(bench, undefined);
        const { value: beside, unhandled } = await unhandledIn(() => account(bench, seat));
        expectThat(beside.error === undefined, `the account broke off: ${messageOf(beside.error)}`, 'a run to its end');
        expectThat(unhandled.length === 0, `it left a rejection that nobody handles, and that ends the process: ${messageOf(unhandled[0])}`, 'every promise of its own to be awaited');
        const orders = ({ submitted }: LabResult) => submitted.map(({ side, quantity, decidedAt }) => `${side} ${quantity} at ${decidedAt}`);
        expectEqual(orders(beside), orders(alone), 'orders of an account beside a source that fails');
      },
    }),
  ];
}

type Feed = { readonly capabilities: SourceCapabilities; readonly files?: readonly string[]; close?(): Promise<void> };

/** The cards that feeds of context and of news share: what they say of themselves, and their end. */
export function feedCards<Subject extends SourceSubject, Source extends Feed, Answer>(prefix: string, port: SourcePort<Subject, Source, Answer>): ReadonlyArray<Card<Subject>> {
  const card = cardsOf(port);
  return [
    card({
      id: `${prefix}-040`,
      title: 'says whether it knows the past, and the present',
      why: 'In a run over history a source of the present only is left out, and said to be: what claims the past is relied on',
      async play(bench) {
        const { history, live } = bench.make().capabilities;
        expectEqual([typeof history, typeof live], ['boolean', 'boolean'], 'types of history and live');
        expectThat(history || live, 'it knew neither the past nor the present', 'one of them');
      },
    }),
    card({
      id: `${prefix}-050`,
      title: 'names the files that it reads by absolute paths',
      why: 'They are looked for before a run: a file that is missing at its first question is found out hours later',
      async play(bench) {
        const { files } = bench.make();
        vacuousUnless(files !== undefined && files.length > 0, 'it names no files');
        for (const file of files) expectThat(isAbsolute(file), `it named the file ${show(file)}`, 'an absolute path');
      },
    }),
    card({
      id: `${prefix}-060`,
      title: 'may be closed before it was asked, and twice',
      why: 'An account that fails to start is taken down all the same',
      async play(bench) {
        const [unasked, asked] = [bench.make(), bench.make()];
        await bench.answer(bench.put(asked));
        for (const source of [unasked, asked, asked]) {
          const outcome = await bench.ended(Promise.resolve(source.close?.()));
          expectThat(outcome !== undefined && 'value' in outcome, outcome === undefined ? 'closing had not ended' : `closing threw ${messageOf((outcome as { readonly failed: unknown }).failed)}`, 'an end');
        }
      },
    }),
  ];
}
