import { PluginError, messageOf } from '../errors.js';
import type { Account } from '../pipeline/account.js';
import type { Lifecycle } from '../plugin/register-plugins.js';
import type { BrokerEventSink } from '../ports/broker.js';
import type { AccountParts } from './account-parts.js';
import { carriedBy, type Carried } from './carried.js';

/** What an account has opened to the outside: opened in order of need, closed in reverse. */
export class Connections {
  private readonly undo: Array<() => void | Promise<void>> = [];

  constructor(private readonly account: Account) {}

  /** Something to be done at the end; the last added is done first. */
  add(step: () => void | Promise<void>): void {
    this.undo.push(step);
  }

  async startPlugins(lifecycles: readonly Lifecycle[]): Promise<void> {
    for (const { plugin, start, stop } of lifecycles) {
      this.undo.push(...stop);
      for (const begin of start) {
        try {
          await begin();
        } catch (thrown) {
          throw new PluginError('PLG_LIFECYCLE', `${plugin} failed to start: ${messageOf(thrown)}`, { hint: 'see what it says, or leave it out of plugins:', cause: thrown });
        }
      }
    }
  }

  async connectBroker(sink: BrokerEventSink): Promise<void> {
    const { broker } = this.account;
    await broker.connect(sink);
    this.add(() => broker.disconnect());
  }

  /** @returns what the base feed carries beside prices */
  async connectFeeds({ base, detail, features }: Pick<AccountParts, 'base' | 'detail' | 'features'>): Promise<Carried> {
    for (const { feed } of detail === undefined ? [base] : [base, detail]) {
      await feed.connect();
      this.add(() => feed.disconnect());
    }
    const carried = carriedBy(base.feed, this.account.desks.map(({ instrument }) => instrument.id));
    for (const note of features.settleNeeds(carried)) this.account.notes.add(note);
    return carried;
  }

  /** Every step is taken, also after one that fails: a plugin that cannot stop must not leave the venue connected. */
  async close(): Promise<void> {
    for (const step of this.undo.reverse()) {
      try {
        await step();
      } catch (thrown) {
        this.account.notes.add(`a plugin, feed or venue failed to stop: ${messageOf(thrown)}`);
        this.account.logger.error(`failed to stop: ${messageOf(thrown)}`);
      }
    }
  }
}
