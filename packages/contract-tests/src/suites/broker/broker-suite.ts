import type { Suite } from '../../frame/card.js';
import type { BrokerSubject } from './broker-subject.js';
import { connectionCards } from './connection-cards.js';
import { honestyCards } from './honesty-cards.js';
import { lifecycleCards } from './lifecycle-cards.js';
import { linkedCards } from './linked-cards.js';
import { modifyCards } from './modify-cards.js';
import { rejectCards } from './reject-cards.js';
import { stateCards } from './state-cards.js';
import { submitCards } from './submit-cards.js';

/** The contract of a broker: what the kernel relies on when real orders are at stake. */
export const brokerSuite: Suite<BrokerSubject> = {
  name: 'broker',
  prefix: 'BRK',
  about: 'What the kernel relies on when orders are at stake: that one order is one order, that executions are told once and whole, that what is unknown is not called failed, and that a broker can do what it declares and refuses what it does not.',
  cards: [...lifecycleCards, ...submitCards, ...rejectCards, ...modifyCards, ...linkedCards, ...connectionCards, ...stateCards, ...honestyCards],
};
