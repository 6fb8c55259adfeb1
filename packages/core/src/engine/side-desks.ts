import type { UtcMs } from '../domain/units.js';
import type { AccountConfig } from '../config/account-schema.js';
import type { Account } from '../pipeline/account.js';
import type { JournalRecord } from '../ports/journal.js';
import { AdvisorDesk } from './advisors.js';
import { ContextDesk } from './context-desk.js';
import type { OffPath } from './kernel.js';
import { NewsDesk } from './news-desk.js';
import { ProposalDesk } from './proposals.js';
import type { Recalling } from './recorded-off-path.js';
import type { SourceParts } from './source-parts.js';
import type { Seating } from './seat-components.js';
import type { SourceSeating } from './seat-sources.js';

/**
 * All that goes on beside the bar path: slow series, news, advisors and proposals. What arrived is delivered before the
 * decisions of a moment, questions are put after them, and nothing is waited for in between.
 */
export class SideDesks implements OffPath, Recalling {
  constructor(
    private readonly context: ContextDesk,
    private readonly news: NewsDesk,
    private readonly advisors: AdvisorDesk,
    private readonly proposals: ProposalDesk,
  ) {}

  get idle(): boolean {
    return this.context.idle && this.news.idle && this.advisors.idle && this.proposals.idle;
  }

  /** Questions without an answer yet: a run over history waits for them before its next moment. */
  get waiting(): boolean {
    return this.context.waiting || this.news.waiting || this.advisors.waiting || this.proposals.waiting;
  }

  deliver(now: UtcMs): void {
    this.context.deliver(now);
    this.news.deliver(now);
    this.advisors.deliver(now);
    this.proposals.deliver(now);
  }

  ask(now: UtcMs): void {
    this.context.ask(now);
    this.news.ask(now);
    this.advisors.ask(now);
    this.proposals.ask(now);
  }

  advance(now: UtcMs): void {
    this.context.advance(now);
    this.news.advance(now);
  }

  recall(record: JournalRecord): boolean {
    return this.context.recall(record) || this.news.recall(record) || this.advisors.recall(record) || this.proposals.recall(record);
  }

  async settle(): Promise<void> {
    await Promise.all([this.context.settle(), this.news.settle(), this.advisors.settle(), this.proposals.settle()]);
  }

  async stop(): Promise<void> {
    this.advisors.stop();
    this.proposals.stop();
    await this.context.stop();
    await this.news.stop();
  }
}

/** The side desks of an account; news reaches the advisors that wait for it. */
export function sideDesks(config: AccountConfig, account: Account, seating: Pick<Seating, 'advisors' | 'proposals'>, { board, newsBoard, contextFeeds, newsFeeds }: SourceSeating, parts: SourceParts): SideDesks {
  const asked = new AdvisorDesk(seating.advisors, account, board, newsBoard, parts);
  return new SideDesks(new ContextDesk(board, contextFeeds, account, parts), new NewsDesk(newsBoard, newsFeeds, config.news, account, (event, now) => asked.hear(event, now), parts), asked, new ProposalDesk(seating.proposals, account, parts));
}
