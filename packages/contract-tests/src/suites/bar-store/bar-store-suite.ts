import type { Suite } from '../../frame/card.js';
import { paramsCards } from '../../lab/params-cards.js';
import type { BarStoreSubject } from './bar-store-subject.js';
import { keepingCards } from './keeping-cards.js';
import { lastingCards } from './lasting-cards.js';

/** The contract of a store of bars: it gives what it was given, and knows what it does not have. */
export const barStoreSuite: Suite<BarStoreSubject> = {
  name: 'bar-store',
  prefix: 'BST',
  about: 'Keeps bars of a feed over the end of the process, and the spans of time that are known: within one, a bar that is not there is one that the feed does not have. So a hole that it does not know of is never found.',
  cards: [...paramsCards<BarStoreSubject>('BST'), ...keepingCards, ...lastingCards],
};
