import type { FeatureDefinition } from '@keelson/core/ports';

/** Features of one family by the id that strategies ask for. */
export type FeatureSet = Readonly<Record<string, FeatureDefinition>>;
