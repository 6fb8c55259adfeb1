import type { Suite } from '../../frame/card.js';
import { paramsCards } from '../../lab/params-cards.js';
import type { JournalSubject } from './journal-subject.js';
import { keepingCards } from './keeping-cards.js';
import { refusingCards } from './refusing-cards.js';
import { storingCards } from './storing-cards.js';

/** The contract of a journal: what was appended is there, whole and in order, or it says so. */
export const journalSuite: Suite<JournalSubject> = {
  name: 'journal',
  prefix: 'JRN',
  about: 'What an account knows of its own past: every input and every decision, whole and in order, on the disk before an order leaves. What is damaged, or another one’s, is refused rather than taken for the past.',
  cards: [...paramsCards<JournalSubject>('JRN'), ...keepingCards, ...storingCards, ...refusingCards],
};
