export { BarBuilder, type BarBuilderOptions } from './bar-builder.js';
export { barCloseOf } from './bar-close.js';
export { allocateBars, copyBars, joinBars, sliceBars } from './bar-columns.js';
export { BarRing } from './bar-ring.js';
export { Resampler, canResample } from './resampler.js';
