import { definePlugin, RISK_OVERLAY } from '@keelson/core/plugin';
import { riskOverlay } from './risk-overlay.js';
import { VERSION } from './version.js';

export { riskOverlay };

/** Provides the risk overlay `__ID__`. */
export default definePlugin({
  name: '__PACKAGE__',
  version: VERSION,
  api: '__API__',
  provides: ['risk-overlay'],
  register({ add }) {
    add(RISK_OVERLAY, '__ID__', riskOverlay);
  },
});
