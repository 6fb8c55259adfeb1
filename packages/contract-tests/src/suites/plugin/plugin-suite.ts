import type { Suite } from '../../frame/card.js';
import { configCards } from './config-cards.js';
import { lifecycleCards } from './lifecycle-cards.js';
import { manifestCards } from './manifest-cards.js';
import type { PluginSubject } from './plugin-subject.js';

/** The contract of every plugin, whatever it provides. */
export const pluginSuite: Suite<PluginSubject> = {
  name: 'plugin',
  prefix: 'PLG',
  about: 'What every plugin keeps, whatever it provides: an inert manifest, strict settings, and a life that can be started and stopped again.',
  cards: [...manifestCards, ...configCards, ...lifecycleCards],
};
