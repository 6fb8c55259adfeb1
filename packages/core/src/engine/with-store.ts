import { createHash } from 'node:crypto';
import type { Instrument } from '../domain/instrument.js';
import { KeelsonErrors, isKeelsonError, type KeelsonError } from '../errors.js';
import { checkInstance } from '../plugin/check-contract.js';
import { checkSettings } from '../plugin/register-plugins.js';
import type { PluginRegistry } from '../plugin/registry.js';
import { BAR_STORE } from '../plugin/tokens.js';
import type { DataFeed } from '../ports/data-feed.js';
import { collect } from './collect-faults.js';
import type { ComposeOptions } from './compose-account.js';
import { StoredFeed } from './stored-feed.js';

/** Gives the account's feed the store of `data.store`, where the account file names one. */
export function withStore(feed: DataFeed | undefined, feedParams: unknown, { config, baseDir, logger }: Omit<ComposeOptions, 'journal'>, registry: PluginRegistry, faults: KeelsonError[]): DataFeed | undefined {
  const { store, feed: id } = config.data;
  if (feed === undefined || store === undefined) return feed;
  return collect(faults, 'data.store', () => {
    const definition = registry.find(BAR_STORE, store.use, 'data.store.use');
    if (isKeelsonError(definition)) throw definition;
    const checked = checkSettings(definition.params, store.config, 'data.store.config');
    if (Array.isArray(checked)) throw new KeelsonErrors(checked);
    const made = definition.create({ params: checked.value, account: config.account, baseDir, logger });
    checkInstance('bar-store', store.use, made, registry.pluginOf('bar-store', store.use));
    // other settings of a feed, or another instrument under the same name, may mean other bars
    const sourceOf = ({ venue, type, symbols, calendar }: Instrument): string => {
      const meant = JSON.stringify([feedParams, venue, type, symbols, calendar]);
      return `${id} ${createHash('sha256').update(meant).digest('hex').slice(0, 16)}`;
    };
    return new StoredFeed(feed, made, sourceOf, logger);
  });
}
