import type { Suite } from '../../frame/card.js';
import type { DataFeedSubject } from './data-feed-subject.js';
import { historyCards } from './history-cards.js';
import { liveCards } from './live-cards.js';

/** The contract of a data feed: closed bars, in order, once, and where they came from. */
export const dataFeedSuite: Suite<DataFeedSubject> = {
  name: 'data-feed',
  prefix: 'FED',
  about: 'What every decision stands on: closed bars only, in order, each one once, at their place in the sessions of the market; and that history and live bars are one series.',
  cards: [...historyCards, ...liveCards],
};
