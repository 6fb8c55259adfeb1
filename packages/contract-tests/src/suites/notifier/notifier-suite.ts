import { toUtcMs } from '@keelson/core/domain';
import { messageOf } from '@keelson/core/errors';
import type { Notification, Notifier, NotifierDefinition } from '@keelson/core/ports';
import { KeptLog } from '../../fakes/kept-log.js';
import { VIRTUAL_START } from '../../fakes/virtual-time.js';
import { OFFLINE, type Suite } from '../../frame/card.js';
import { expectEqual, expectThat, needed, show } from '../../frame/expectations.js';
import { checkedParams, paramsCards, type Configured } from '../../lab/params-cards.js';
import { outcomeOf, promised, turns } from '../../lab/turn.js';

/** What stands behind a notifier, under a test's control. Without a part of it the cards that need it are skipped, unless `NotifierSubject.cannot` says why. */
export type NotifierOutside = {
  /** What has arrived so far, oldest first: a text for each notification, as its reader sees it. */
  readonly arrived: () => readonly string[];
  /** From now on deliveries fail. */
  readonly fail?: () => void;
  /** From now on they succeed again. */
  readonly heal?: () => void;
  /** From now on they are not answered. */
  readonly hang?: () => void;
  /** Lets the time limit of a delivery pass. */
  readonly letTimePass?: () => void | Promise<void>;
};

/** A notifier, and how it is tried. */
export type NotifierSubject = Configured & {
  readonly definition: NotifierDefinition;
  /** Made anew for each card, before the notifier. The log it is made with is what arrives where there is nothing outside. */
  readonly outside?: (log: KeptLog) => NotifierOutside;
  /** Texts of its settings that nobody may read: tokens, passwords, addresses that hold one. */
  readonly secrets?: readonly string[];
  /** What its outside can never do or suffer, each with the reason. The cards that need it have nothing to hold, and pass with that note. */
  readonly cannot?: Readonly<Partial<Record<'fail' | 'heal' | 'hang' | 'letTimePass' | 'secrets', string>>>;
};

type Trial = { readonly notifier: Notifier; readonly log: KeptLog; readonly outside: NotifierOutside | undefined };

function start(subject: NotifierSubject): Trial {
  const log = new KeptLog();
  const outside = subject.outside?.(log);
  return { log, outside, notifier: subject.definition.create({ params: checkedParams(subject), logger: log }) };
}

const notice = (n: number, fields: Partial<Notification> = {}): Notification => ({ severity: 'critical', title: `title-${n}`, text: `text-${n}`, time: toUtcMs(VIRTUAL_START + n * 1000), ...fields });

async function failing(subject: NotifierSubject): Promise<{ readonly trial: Trial; readonly delivery: Promise<void> }> {
  const trial = start(subject);
  needed(trial.outside?.fail, 'its outside cannot be made to fail (outside.fail)', subject.cannot?.fail)();
  return { trial, delivery: told(trial.notifier, notice(1)) };
}

const told = (notifier: Notifier, notification: Notification): Promise<void> => promised(() => notifier.notify(notification), 'notify');

/** What every notifier promises. */
export const notifierSuite: Suite<NotifierSubject> = {
  name: 'notifier',
  prefix: 'NTF',
  about: 'What tells people. It is called off the bar path, and what it fails at changes nothing.',
  cards: [
    ...paramsCards<NotifierSubject>('NTF'),
    {
      id: 'NTF-040',
      title: 'delivers severity, title and text of what it is told',
      why: 'Half a message about an open position is worse than none',
      tiers: OFFLINE,
      async run(subject) {
        const trial = start(subject);
        const outside = needed(trial.outside, 'there is no outside to look at (outside)');
        for (const severity of ['info', 'warning', 'critical'] as const) {
          const before = outside.arrived().length;
          await outcomeOf(told(trial.notifier, notice(7, { severity })));
          const [text = ''] = outside.arrived().slice(before);
          for (const part of ['title-7', 'text-7', severity]) expectThat(text.includes(part), `what arrived of a notification was ${show(text)}`, `${part} in it`);
        }
      },
    },
    {
      id: 'NTF-050',
      title: 'keeps the order',
      why: 'Halted, then resumed, is another story than resumed, then halted',
      tiers: OFFLINE,
      async run(subject) {
        const trial = start(subject);
        const outside = needed(trial.outside, 'there is no outside to look at (outside)');
        await Promise.all([1, 2, 3, 4, 5].map((n) => outcomeOf(told(trial.notifier, notice(n)))));
        const order = outside.arrived().flatMap((text) => /title-(\d)/.exec(text)?.[1] ?? []);
        expectEqual(order, ['1', '2', '3', '4', '5'], 'the order of arrival');
      },
    },
    {
      id: 'NTF-060',
      title: 'ends every delivery',
      why: 'Deliveries that never end pile up for as long as the account runs',
      tiers: OFFLINE,
      async run(subject) {
        expectThat((await outcomeOf(told(start(subject).notifier, notice(1)))) !== undefined, 'a delivery had not ended', 'a promise that resolves');
      },
    },
    {
      id: 'NTF-070',
      title: 'rejects when a delivery fails',
      why: 'The kernel logs a rejection; what fails in silence is believed to have been read',
      tiers: OFFLINE,
      async run(subject) {
        const ended = await outcomeOf((await failing(subject)).delivery);
        expectThat(ended !== undefined && 'failed' in ended, ended === undefined ? 'a delivery that failed had not ended' : 'a delivery that failed resolved', 'a rejection');
      },
    },
    {
      id: 'NTF-080',
      title: 'delivers again once its outside does',
      why: 'A network that was away for a minute must not silence it for the night',
      tiers: OFFLINE,
      async run(subject) {
        const { trial, delivery } = await failing(subject);
        await outcomeOf(delivery);
        const outside = trial.outside as NotifierOutside;
        needed(outside.heal, 'its outside cannot be healed (outside.heal)', subject.cannot?.heal)();
        const before = outside.arrived().length;
        await outcomeOf(told(trial.notifier, notice(2)));
        expectThat(outside.arrived().slice(before).some((text) => text.includes('title-2')), 'what it was told after a failure did not arrive', 'a delivery');
      },
    },
    {
      id: 'NTF-090',
      title: 'gives up on an answer that does not come',
      why: 'A service that hangs would hold every later message back',
      tiers: OFFLINE,
      async run(subject) {
        const trial = start(subject);
        needed(trial.outside?.hang, 'its outside cannot be made to hang (outside.hang)', subject.cannot?.hang)();
        const pass = needed(trial.outside?.letTimePass, 'time cannot be made to pass (outside.letTimePass)', subject.cannot?.letTimePass);
        const delivery = told(trial.notifier, notice(1));
        await turns(5);
        await pass();
        const ended = await outcomeOf(delivery);
        expectThat(ended !== undefined && 'failed' in ended, 'a delivery without an answer had not ended', 'a rejection after its time limit');
      },
    },
    {
      id: 'NTF-100',
      title: 'shows no secret, neither in a message, nor in the log, nor in an error',
      why: 'A token in a log is a token that others have',
      tiers: OFFLINE,
      async run(subject) {
        const secrets = needed(subject.secrets, 'the subject names no secrets (secrets)', subject.cannot?.secrets);
        const trial = start(subject);
        const ended = [await outcomeOf(told(trial.notifier, notice(1)))];
        if (trial.outside?.fail !== undefined) {
          trial.outside.fail();
          ended.push(await outcomeOf(told(trial.notifier, notice(2))));
        }
        const texts = [...(trial.outside?.arrived() ?? []), show(trial.log.entries), ...ended.map((end) => (end !== undefined && 'failed' in end && end.failed instanceof Error ? `${end.failed.message} ${show(end.failed)}` : show(end)))];
        const leaking = secrets.findIndex((secret) => texts.some((text) => text.includes(secret)));
        expectThat(leaking < 0, `secret ${leaking + 1} of ${secrets.length} stood in a message, the log or an error`, 'none of them anywhere');
      },
    },
    {
      id: 'NTF-110',
      title: 'takes any text: long, empty, of many lines, of any script',
      why: 'The message about a fault carries the text of the fault, and nobody chose that',
      tiers: OFFLINE,
      async run(subject) {
        const { notifier } = start(subject);
        for (const text of ['', 'x'.repeat(20_000), 'one\ntwo\r\n\tthree', '<b>&"\'`*_[]()~>#+-=|{}.!', '止损 🚨 ‮abc', '\u0000\u0007']) {
          const ended = await outcomeOf(told(notifier, notice(1, { title: text.slice(0, 200), text })));
          expectThat(ended !== undefined && 'value' in ended, `a text such as ${show(text.slice(0, 20))} ${ended === undefined ? 'had not been delivered' : `was rejected: ${'failed' in ended ? messageOf(ended.failed) : ''}`}`, 'a delivery, shortened where it has to be');
        }
      },
    },
    {
      id: 'NTF-120',
      title: 'does not change what it is told',
      why: 'The next notifier is told the same object',
      tiers: OFFLINE,
      async run(subject) {
        const notification = notice(1);
        const before = { ...notification };
        await outcomeOf(told(start(subject).notifier, notification));
        expectEqual(notification, before, 'the notification after its delivery');
      },
    },
  ],
};
