import type { AccountConfig } from '../config/account-schema.js';
import type { SeriesSettings, SourceSettings } from '../config/context-schema.js';
import { parseDuration } from '../domain/duration.js';
import { KeelsonErrors, isKeelsonError, type KeelsonError } from '../errors.js';
import { checkInstance } from '../plugin/check-contract.js';
import { checkSettings } from '../plugin/register-plugins.js';
import type { PluginRegistry } from '../plugin/registry.js';
import { CONTEXT_FEED, NEWS_FEED, type PortMap, type PortToken } from '../plugin/tokens.js';
import type { ContextFeed } from '../ports/context.js';
import type { NewsFeed } from '../ports/news.js';
import type { VenueContext } from '../ports/venue.js';
import { collect } from './collect-faults.js';
import { ContextBoard } from './context-board.js';
import { KeywordFinder } from './keywords.js';
import { NewsBoard } from './news-board.js';
import { openDataFeed } from './open-data-feed.js';

/** A file beside the account, and the settings that name it. */
export type LocalFile = { readonly file: string; readonly at: string };

export type SourceSeating = {
  readonly board: ContextBoard;
  readonly newsBoard: NewsBoard;
  /** In the boards' order; one that could not be made is a fault. */
  readonly contextFeeds: readonly ContextFeed[];
  readonly newsFeeds: readonly NewsFeed[];
  /** Files that the feeds read, with the place in the account file that names them. */
  readonly files: readonly LocalFile[];
};

/** Makes the feeds of `context:` and `news:`, and the boards that hold what they say. */
export function seatSources(config: AccountConfig, registry: PluginRegistry, venue: Omit<VenueContext<unknown>, 'params' | 'timeframe'>, faults: KeelsonError[]): SourceSeating {
  const { clock, logger, baseDir } = venue;
  const dataFeed = openDataFeed(registry, venue);
  const files: LocalFile[] = [];
  const contextFeeds = made<'context-feed', ContextFeed>(config.context, 'context', CONTEXT_FEED, registry, faults, files, (definition, params, name) => definition.create({ params, name, clock, logger, baseDir, dataFeed }));
  const newsFeeds = made<'news-feed', NewsFeed>(config.news.sources, 'news.sources', NEWS_FEED, registry, faults, files, (definition, params, name) => definition.create({ params, name, clock, logger, baseDir }));
  const sources = Object.entries(config.news.sources).map(([name, { staleAfter }]) => ({ name, staleAfterMs: parseDuration(staleAfter) as number, answered: Number.NaN, trouble: undefined }));
  return { board: new ContextBoard(config.context), newsBoard: new NewsBoard(sources, new KeywordFinder(config.news.keywords)), contextFeeds, newsFeeds, files };
}

function made<Name extends 'context-feed' | 'news-feed', T extends ContextFeed | NewsFeed>(
  entries: Readonly<Record<string, SeriesSettings | SourceSettings>>,
  section: string,
  token: PortToken<Name>,
  registry: PluginRegistry,
  faults: KeelsonError[],
  files: LocalFile[],
  create: (definition: PortMap[Name], params: unknown, name: string) => T,
): T[] {
  return Object.entries(entries).flatMap(([name, { use, config }]) => {
    const at = `${section}.${name}`;
    const feed = collect(faults, at, () => {
      const definition = registry.find(token, use, `${at}.use`);
      if (isKeelsonError(definition)) throw definition;
      const checked = checkSettings(definition.params, config, `${at}.config`);
      if (Array.isArray(checked)) throw new KeelsonErrors(checked);
      const instance = create(definition, checked.value, name);
      checkInstance(token.port, use, instance, registry.pluginOf(token.port, use));
      return instance;
    });
    for (const file of feed?.files ?? []) files.push({ file, at: `${at}.config.path` });
    return feed === undefined ? [] : [feed];
  });
}
