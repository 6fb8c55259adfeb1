import type { Suite } from '../../frame/card.js';
import { paramsCards } from '../../lab/params-cards.js';
import { featureDataCards } from './feature-data-cards.js';
import { featureHoldingCards } from './feature-holding-cards.js';
import type { FeatureSubject } from './feature-subject.js';
import { featureValueCards } from './feature-value-cards.js';

/** What every feature promises. */
export const featureSuite: Suite<FeatureSubject> = {
  name: 'feature',
  prefix: 'FEA',
  about: 'A running computation over closed bars. Values are read through the handle that a strategy holds, in an account of the kernel; what a handle does not show is tried on the feature itself.',
  cards: [...paramsCards<FeatureSubject>('FEA'), ...featureValueCards, ...featureHoldingCards, ...featureDataCards],
};
