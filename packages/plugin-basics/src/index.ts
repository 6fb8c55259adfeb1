import { ADVISOR, MEMORY, NOTIFIER, PROPOSAL_SOURCE, RISK_OVERLAY, definePlugin } from '@keelson/core/plugin';
import { fixedAdvisor } from './advisors/fixed-advisor.js';
import { nullAdvisor } from './advisors/null-advisor.js';
import { inMemoryMemory } from './memories/in-memory-memory.js';
import { logNotifier } from './notifiers/log-notifier.js';
import { correlationCap } from './overlays/correlation-cap.js';
import { expectedValue } from './overlays/expected-value.js';
import { exposureCap } from './overlays/exposure-cap.js';
import { lossStreak } from './overlays/loss-streak.js';
import { lowProfitInstrument } from './overlays/low-profit-instrument.js';
import { maxDrawdownPause } from './overlays/max-drawdown-pause.js';
import { maxQuantity } from './overlays/max-quantity.js';
import { minRewardRisk } from './overlays/min-reward-risk.js';
import { slippageGuard } from './overlays/slippage-guard.js';
import { volatilitySize } from './overlays/volatility-size.js';
import { fileProposals } from './proposals/file-proposals.js';

export {
  correlationCap,
  expectedValue,
  exposureCap,
  fileProposals,
  fixedAdvisor,
  inMemoryMemory,
  logNotifier,
  lossStreak,
  lowProfitInstrument,
  maxDrawdownPause,
  maxQuantity,
  minRewardRisk,
  nullAdvisor,
  slippageGuard,
  volatilitySize,
};

export default definePlugin({
  name: '@keelson/plugin-basics',
  version: '0.1.0',
  api: '^1.0.0',
  provides: ['advisor', 'proposal-source', 'memory', 'risk-overlay', 'notifier'],
  register({ add }) {
    add(ADVISOR, 'fixed', fixedAdvisor);
    add(ADVISOR, 'null', nullAdvisor);
    add(PROPOSAL_SOURCE, 'file', fileProposals);
    add(MEMORY, 'in-memory', inMemoryMemory);
    add(RISK_OVERLAY, 'max-quantity', maxQuantity);
    add(RISK_OVERLAY, 'min-reward-risk', minRewardRisk);
    add(RISK_OVERLAY, 'volatility-size', volatilitySize);
    add(RISK_OVERLAY, 'exposure-cap', exposureCap);
    add(RISK_OVERLAY, 'correlation-cap', correlationCap);
    add(RISK_OVERLAY, 'slippage-guard', slippageGuard);
    add(RISK_OVERLAY, 'expected-value', expectedValue);
    add(RISK_OVERLAY, 'loss-streak', lossStreak);
    add(RISK_OVERLAY, 'low-profit-instrument', lowProfitInstrument);
    add(RISK_OVERLAY, 'max-drawdown-pause', maxDrawdownPause);
    add(NOTIFIER, 'log', logNotifier);
  },
});
