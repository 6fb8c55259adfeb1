import type { AccountConfig, SizingSettings } from '../config/account-schema.js';
import type { ExitSettings } from '../config/exits-schema.js';
import type { RiskSettings } from '../config/risk-schema.js';

/** What the stages read of the account file. */
export type AccountSettings = {
  readonly decision: AccountConfig['decision'];
  readonly sizing: SizingSettings;
  readonly exits: ExitSettings;
  readonly risk: RiskSettings;
  readonly dryRun: boolean;
  /** False refuses every order: a real venue without leave to trade. */
  readonly mayTrade: boolean;
};
