import type { Trade, UtcMs } from '@keelson/core/domain';
import { toFraction, toMoney, toPrice, toQuantity, toUtcMs } from '@keelson/core/domain';
import { messageOf } from '@keelson/core/errors';
import type { Episode, MarketState, Memory, MemoryDefinition, Recollection } from '@keelson/core/ports';
import { KeptLog } from '../../fakes/kept-log.js';
import { VIRTUAL_START } from '../../fakes/virtual-time.js';
import { OFFLINE, type Suite } from '../../frame/card.js';
import { expectEqual, expectThat, needed, show, vacuousUnless } from '../../frame/expectations.js';
import { checkedParams, paramsCards, type Configured } from '../../lab/params-cards.js';
import { ambientWatch } from '../../lab/watched.js';

/** A memory, and how it is tried. */
export type MemorySubject = Omit<Configured, 'params'> & {
  readonly definition: MemoryDefinition;
  /** Settings of an empty memory. Read anew for each: for one that keeps its trades, a getter that names a new file. */
  readonly params?: unknown;
  /** Whether it keeps its trades over the end of the process, where the settings say. */
  readonly durable?: boolean;
};

const HOUR = 3_600_000;
const at = (hours: number): UtcMs => toUtcMs(VIRTUAL_START + hours * HOUR);

const STATE: MarketState = { instrument: 'LAB', action: 'long', confidence: toFraction(0.7), labels: { volatility: 'high', session: 'open' } };

/** A trade that was entered in `state` and ended at the hour `end`; it won or lost one, after commission. */
function episode(id: string, end: number, won: boolean, state: MarketState = STATE): Episode {
  const trade: Trade = {
    instrument: state.instrument,
    side: state.action === 'short' ? 'short' : 'long',
    quantity: toQuantity(1),
    entryTime: at(end - 1),
    entryPrice: toPrice(100),
    exitTime: at(end),
    exitPrice: toPrice(won ? 102 : 98),
    pnl: toMoney(won ? 2 : -2),
    commission: toMoney(1),
    entryReason: 'in',
    exitReason: 'out',
  };
  return { id, state, enteredAt: at(end - 1), trade };
}

/** Six trades, an hour apart from hour 1 on: won, lost, won, won, lost, won. */
const HISTORY: readonly Episode[] = [true, false, true, true, false, true].map((won, i) => episode(`trade-${i + 1}`, i + 1, won));

const make = (subject: MemorySubject, params = checkedParams(subject)): Memory => subject.definition.create({ params, logger: new KeptLog() });

function filled(subject: MemorySubject, episodes: readonly Episode[] = HISTORY): Memory {
  const memory = make(subject);
  for (const each of episodes) memory.remember(each);
  return memory;
}

const plain = ({ sample, winRate }: Recollection): Recollection => ({ sample, winRate });

/** What every trade memory promises. */
export const memorySuite: Suite<MemorySubject> = {
  name: 'memory',
  prefix: 'MEM',
  about: 'What recalls how similar trades of the past ended. It is asked on the bar path, and its answer moves the confidence of a signal.',
  cards: [
    ...paramsCards<MemorySubject>('MEM'),
    {
      id: 'MEM-040',
      title: 'recalls nothing while it is empty: a sample of 0, a win rate of 0',
      why: 'A rate of no trades is no number, and would move confidence from the first signal on',
      tiers: OFFLINE,
      run: (subject) => expectEqual(plain(make(subject).recall(STATE, at(10))), { sample: 0, winRate: 0 }, 'what an empty memory recalled'),
    },
    {
      id: 'MEM-050',
      title: 'recalls trades entered in the same state, and how many of them won',
      why: 'A memory that finds none of what it was told is no memory',
      tiers: OFFLINE,
      run(subject) {
        const { sample, winRate } = filled(subject).recall(STATE, at(10));
        expectThat(sample >= 1, `of ${HISTORY.length} trades in the same state it recalled ${sample}`, 'at least one');
        for (const won of [true, false]) {
          const same = filled(subject, [1, 2, 3, 4].map((end) => episode(`same-${end}`, end, won))).recall(STATE, at(10));
          expectThat(same.sample >= 1 && same.winRate === (won ? 1 : 0), `after trades that all ${won ? 'won' : 'lost'} the win rate was ${same.winRate} of ${same.sample}`, won ? '1' : '0');
        }
        expectThat(Math.abs(winRate * sample - Math.round(winRate * sample)) < 1e-9, `a win rate of ${winRate} with a sample of ${sample}`, 'winners ÷ sample');
      },
    },
    {
      id: 'MEM-060',
      title: 'never recalls a trade that had not ended by then',
      why: 'A backtest that remembers tomorrow makes any strategy rich',
      tiers: OFFLINE,
      run(subject) {
        const memory = filled(subject);
        for (let hour = 0; hour <= HISTORY.length + 1; hour++) {
          const ended = HISTORY.filter(({ trade }) => trade.exitTime <= at(hour));
          const { sample } = memory.recall(STATE, at(hour));
          expectThat(sample <= ended.length, `as of hour ${hour} it recalled ${sample} trades`, `at most the ${ended.length} that had ended`);
          const alone = filled(subject, ended).recall(STATE, at(hour));
          expectEqual(plain(memory.recall(STATE, at(hour))), plain(alone), `what it recalled as of hour ${hour}, with later trades known`);
        }
      },
    },
    {
      id: 'MEM-070',
      title: 'counts a trade from the moment of its end',
      why: 'The port says: trades that had ended by then; one moment late, and a replay decides otherwise',
      tiers: OFFLINE,
      run(subject) {
        const memory = filled(subject, [episode('one', 1, true)]);
        expectEqual(memory.recall(STATE, at(1)).sample, 1, 'the sample at the moment of its end');
      },
    },
    {
      id: 'MEM-080',
      title: 'remembers a trade once, however often it is told',
      why: 'After a restart trades are told again: counted twice they weigh twice',
      tiers: OFFLINE,
      run(subject) {
        const once = filled(subject).recall(STATE, at(10));
        expectEqual(plain(filled(subject, [...HISTORY, ...HISTORY, ...HISTORY.slice(2)]).recall(STATE, at(10))), plain(once), 'what it recalled when trades were told again');
      },
    },
    {
      id: 'MEM-090',
      title: 'recalls the same in whatever order the trades came',
      why: 'Trades of several instruments end in one order and are told in another',
      tiers: OFFLINE,
      run(subject) {
        const [inOrder, backwards] = [filled(subject), filled(subject, [...HISTORY].reverse())];
        for (const hour of [1, 3, 10]) expectEqual(plain(backwards.recall(STATE, at(hour))), plain(inOrder.recall(STATE, at(hour))), `what it recalled as of hour ${hour} when trades were told backwards`);
      },
    },
    {
      id: 'MEM-100',
      title: 'gives a whole sample from 0, and a win rate from 0 to 1',
      why: 'Both are compared with thresholds: anything else passes one of them for ever',
      tiers: OFFLINE,
      run(subject) {
        const memory = filled(subject, [...HISTORY, episode('other', 2, true, { ...STATE, instrument: 'OTHER' }), episode('short', 3, false, { ...STATE, action: 'short' })]);
        for (const state of STATES) {
          for (const hour of [-5, 0, 1, 2.5, 10, 1e6]) {
            const { sample, winRate } = memory.recall(state, at(hour));
            expectThat(Number.isInteger(sample) && sample >= 0, `the sample was ${String(sample)}`, 'a whole number from 0');
            expectThat(winRate >= 0 && winRate <= 1 && (sample > 0 || winRate === 0), `the win rate was ${String(winRate)} of ${sample}`, '0 to 1, and 0 of none');
          }
        }
      },
    },
    {
      id: 'MEM-110',
      title: 'is not changed by being asked',
      why: 'An account with two strategies asks twice as often, and must not remember otherwise',
      tiers: OFFLINE,
      run(subject) {
        const [asked, left] = [make(subject), filled(subject)];
        for (const each of HISTORY) {
          for (const state of STATES) asked.recall(state, at(10));
          asked.remember(each);
        }
        expectEqual(plain(asked.recall(STATE, at(10))), plain(left.recall(STATE, at(10))), 'what it recalled after it was asked often');
      },
    },
    {
      id: 'MEM-120',
      title: 'answers any state at once, also one that it has never seen',
      why: 'It is read on the bar path: a throw leaves it out, a promise is taken for no answer',
      tiers: OFFLINE,
      run(subject) {
        const memory = filled(subject);
        for (const state of STATES) {
          let answer: unknown;
          try {
            answer = memory.recall(state, at(10));
          } catch (thrown) {
            expectThat(false, `recall of ${show(state)} threw: ${messageOf(thrown)}`, 'a recollection, of no trades where there are none');
          }
          expectThat(typeof answer === 'object' && answer !== null && !(answer instanceof Promise), `recall of ${show(state)} gave ${show(answer)}`, '{ sample, winRate }');
        }
      },
    },
    {
      id: 'MEM-130',
      title: 'keeps its own copy of what it is told',
      why: 'Who tells it may go on with the object: the past must not follow',
      tiers: OFFLINE,
      run(subject) {
        const own = HISTORY.map((each) => structuredClone(each));
        const memory = filled(subject, own);
        const before = plain(memory.recall(STATE, at(10)));
        for (const each of own) {
          Object.assign(each.trade, { pnl: toMoney(1000), exitTime: at(1000) });
          Object.assign(each.state, { instrument: 'GONE', labels: {} });
        }
        expectEqual(plain(memory.recall(STATE, at(10))), before, 'what it recalled after the trades it was told had been written to');
      },
    },
    {
      id: 'MEM-140',
      title: 'shares nothing with another memory',
      why: 'Two accounts of a process would learn from one another',
      tiers: OFFLINE,
      run(subject) {
        filled(subject);
        expectEqual(make(subject).recall(STATE, at(10)).sample, 0, 'the sample of a new memory beside a full one');
      },
    },
    {
      id: 'MEM-150',
      title: 'recalls after a restart what it was told before',
      why: 'What was learnt with money would be forgotten with every update',
      tiers: OFFLINE,
      run(subject) {
        const durable = needed(subject.durable, 'the subject does not say whether it keeps its trades (durable)');
        vacuousUnless(durable, 'it keeps nothing over the end of the process');
        const params = checkedParams(subject);
        const first = make(subject, params);
        for (const each of HISTORY) first.remember(each);
        expectEqual(plain(make(subject, params).recall(STATE, at(10))), plain(first.recall(STATE, at(10))), 'what a second one with the same settings recalled');
      },
    },
    {
      id: 'MEM-160',
      title: 'reads neither the clock nor the chance of the machine',
      why: 'A run must come out the same tomorrow, and on another machine',
      tiers: OFFLINE,
      run(subject) {
        const { reads, watch } = ambientWatch();
        watch(() => filled(subject).recall(STATE, at(10)));
        expectThat(reads.size === 0, `it read ${[...reads].join(', ')}`, 'the times of the trades, and of the question');
      },
    },
  ],
};

const STATES: readonly MarketState[] = [
  STATE,
  { ...STATE, labels: {} },
  { ...STATE, labels: { volatility: 'low', toString: 'odd', __proto__: 'odd' } },
  { ...STATE, instrument: 'NEVER-SEEN' },
  { ...STATE, action: 'short' },
  { ...STATE, action: 'flat', confidence: toFraction(0) },
];
