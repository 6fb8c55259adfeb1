import type { Timeframe } from '../domain/market-data.js';
import type { Account } from '../pipeline/account.js';
import type { Lifecycle } from '../plugin/register-plugins.js';
import type { DataFeed } from '../ports/data-feed.js';
import type { TradeLog } from '../portfolio/trade-log.js';
import type { SeatedComponent } from './account-view.js';
import type { FeatureKeeper } from './feature-keeper.js';
import type { LocalFile } from './seat-sources.js';
import type { SideDesks } from './side-desks.js';
import type { FeatureDesk } from './use-feature.js';

/** A feed with the length of the bars that are asked of it. */
export type FeedInUse = { readonly feed: DataFeed; readonly timeframe: Timeframe };

/** One account, put together and not yet connected. */
export type AccountParts = {
  readonly account: Account;
  readonly baseCurrency: string;
  readonly initialCash: number;
  readonly base: FeedInUse;
  /** Finer bars for the venue. */
  readonly detail: FeedInUse | undefined;
  readonly features: FeatureDesk;
  /** Keeps bars and features for others; undefined where the account has no store. */
  readonly keeper: FeatureKeeper | undefined;
  /** What goes on beside the bar path. */
  readonly aside: SideDesks;
  /** Files that feeds of context and news read. */
  readonly localFiles: readonly LocalFile[];
  readonly trades: TradeLog;
  readonly lifecycles: readonly Lifecycle[];
  /** Strategies and regimes, for those who look. */
  readonly components: readonly SeatedComponent[];
  /** For the journal: whatever its reader needs to put the account together again. */
  readonly setup: unknown;
};

