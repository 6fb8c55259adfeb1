import { ADVISOR, MEMORY, NOTIFIER, PROPOSAL_SOURCE, RISK_OVERLAY, definePlugin } from '@keelson/core/plugin';
import { fixedAdvisor } from './advisors/fixed-advisor.js';
import { nullAdvisor } from './advisors/null-advisor.js';
import { inMemoryMemory } from './memories/in-memory-memory.js';
import { logNotifier } from './notifiers/log-notifier.js';
import { maxQuantity } from './overlays/max-quantity.js';
import { minRewardRisk } from './overlays/min-reward-risk.js';
import { fileProposals } from './proposals/file-proposals.js';

export { fileProposals, fixedAdvisor, inMemoryMemory, logNotifier, maxQuantity, minRewardRisk, nullAdvisor };

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
    add(NOTIFIER, 'log', logNotifier);
  },
});
