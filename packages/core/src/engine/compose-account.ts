import type { AccountConfig } from '../config/account-schema.js';
import { exitFaults } from '../config/exit-faults.js';
import { decisionFaults, voterName } from '../config/decision-faults.js';
import { riskFaults } from '../config/risk-faults.js';
import { calendarById, CALENDAR_IDS } from '../domain/calendars/index.js';
import type { Instrument } from '../domain/instrument.js';
import { parseTimeframe, type Timeframe } from '../domain/market-data.js';
import type { Trade } from '../domain/position.js';
import type { SessionCalendar } from '../domain/session-calendar.js';
import { ConfigError, KeelsonError, KeelsonErrors, isKeelsonError, messageOf, BrokerError } from '../errors.js';
import { nearest } from '../config/nearest.js';
import { OrderBook } from '../execution/order-book.js';
import { OrdersHash } from '../execution/orders-hash.js';
import { Account } from '../pipeline/account.js';
import { Announcer } from '../pipeline/announcer.js';
import { Desk } from '../pipeline/desk.js';
import { Ensemble } from '../pipeline/ensemble.js';
import { FeatureBank } from '../pipeline/feature-bank.js';
import { HookRegistry } from '../pipeline/hook-registry.js';
import { OWN_TRADES, RECENT_TRADES } from '../pipeline/overlay-request.js';
import { TradingDay } from '../pipeline/trading-day.js';
import { CurrencyRates } from '../portfolio/currency-rates.js';
import { Ledger } from '../portfolio/ledger.js';
import { TradeLog } from '../portfolio/trade-log.js';
import { createContainer } from '../plugin/container.js';
import { checkInstance } from '../plugin/check-contract.js';
import { checkSettings, registerPlugins, type LoadedPlugin } from '../plugin/register-plugins.js';
import { PluginRegistry } from '../plugin/registry.js';
import { BROKER, CLOCK, DATA_FEED, JOURNAL, LOGGER, RANDOM, type PortName, type PortToken } from '../plugin/tokens.js';
import type { Broker } from '../ports/broker.js';
import type { DataFeed } from '../ports/data-feed.js';
import type { Journal } from '../ports/journal.js';
import type { Clock, Logger, Timer } from '../ports/runtime.js';
import type { TelemetrySink } from '../ports/telemetry.js';
import type { Schema } from '../domain/schema.js';
import type { VenueContext } from '../ports/venue.js';
import { BarRing } from '../series/bar-ring.js';
import { canResample } from '../series/resampler.js';
import type { AccountParts, FeedInUse } from './account-parts.js';
import { Engine } from './engine.js';
import { collect } from './collect-faults.js';
import { HistoricalClock } from './historical-clock.js';
import { NULL_JOURNAL } from './journals.js';
import { createRandom } from './seeded-random.js';
import { FeatureKeeper } from './feature-keeper.js';
import { StoredFeed } from './stored-feed.js';
import { FeatureDesk } from './use-feature.js';
import { seatComponents } from './seat-components.js';
import { seatSources } from './seat-sources.js';
import { Telemetry } from './telemetry.js';
import { TelemetryJournal } from './telemetry-journal.js';
import { withStore } from './with-store.js';
import { sideDesks } from './side-desks.js';

export type ComposeOptions = {
  readonly config: AccountConfig;
  readonly plugins: readonly LoadedPlugin[];
  /** Folder of the account file. */
  readonly baseDir: string;
  readonly logger: Logger;
  /** Default: the one that the account file names, else one that keeps nothing. */
  readonly journal?: Journal;
  /** Stands in the journal's first record: whatever its reader needs to put the account together again; without secrets. */
  readonly setup?: unknown;
  /** Where the lines of telemetry go; nowhere without it. What they tell stands under `telemetry:`. */
  readonly telemetry?: TelemetrySink;
  /** Bounds the wait for sources outside; without one a run over history waits for every answer. */
  readonly timer?: Timer;
};

/** Waits for ever: a run over history has all the time. */
const STILL_TIMER: Timer = { after: () => () => undefined };

/** Keys of `data:` that are the kernel's own; the rest are the feed's settings. */
const DATA_KEYS = new Set(['feed', 'timeframe', 'higherTimeframes', 'detail', 'speed', 'store']);

/**
 * Puts one account together for a run over bars of the past. Opens no file and no connection.
 *
 * @throws KeelsonErrors with every fault that was found
 */
export function composeAccount(options: ComposeOptions): Engine {
  const clock = new HistoricalClock();
  return new Engine({ ...composeParts(options, { clock, purpose: 'history', chooseJournal: (configured) => options.journal ?? configured ?? NULL_JOURNAL }), clock });
}

/** What differs between a run over the past, a live one and a replay. */
export type RunEnvironment = {
  readonly clock: Clock;
  readonly purpose: 'history' | 'live';
  /** The journal to write to, given the one that the account file names. */
  readonly chooseJournal: (configured: Journal | undefined) => Journal;
  /** Puts something between the kernel and the venue. */
  readonly wrapBroker?: (venue: Broker) => Broker;
};

/**
 * Registers plugins, makes broker, feed, strategies and the rest, and wires them.
 *
 * @throws KeelsonErrors with every fault that was found
 */
export function composeParts(options: Omit<ComposeOptions, 'journal'>, { clock, purpose, chooseJournal, wrapBroker }: RunEnvironment): AccountParts {
  const { config, logger } = options;
  const faults: KeelsonError[] = [];
  const random = createRandom(config.seed);
  const container = createContainer();
  container.provide(CLOCK, clock);
  container.provide(RANDOM, random);
  container.provide(LOGGER, logger);
  const hooks = new HookRegistry(logger);
  const registry = new PluginRegistry();
  const lifecycles = registerPlugins(options.plugins, registry, hooks, container);
  faults.push(...registry.faults);

  const instruments = config.instruments as readonly Instrument[];
  const calendars = calendarsOf(instruments, faults);
  const timeframe = parseTimeframe(config.data.timeframe) as Timeframe;
  faults.push(...instrumentFaults(config, instruments), ...timeframeFaults(config, timeframe), ...exitFaults(config), ...decisionFaults(config), ...riskFaults(config));
  const venue: Omit<VenueContext<unknown>, 'params' | 'timeframe'> = {
    account: config.account,
    baseCurrency: config.baseCurrency,
    initialCash: config.initialCash,
    rates: config.rates,
    instruments,
    calendars,
    clock,
    timer: options.timer ?? STILL_TIMER,
    random,
    logger,
    baseDir: options.baseDir,
  };
  const make = <Name extends 'broker' | 'data-feed', T>(token: PortToken<Name>, id: string, where: string, params: unknown, at: string, frame: Timeframe): T | undefined =>
    collect(faults, where, () => {
      const definition = registry.find(token, id, where);
      if (isKeelsonError(definition)) throw definition;
      const checked = checkSettings(definition.params, params, at);
      if (Array.isArray(checked)) throw new KeelsonErrors(checked);
      const made = definition.create({ ...venue, timeframe: frame, params: checked.value }) as T;
      checkInstance(token.port, id, made, registry.pluginOf(token.port, id));
      return made;
    });
  const broker = make<'broker', Broker>(BROKER, config.broker.use, 'broker.use', config.broker.config, 'broker.config', timeframe);
  const feedParams = Object.fromEntries(Object.entries(config.data).filter(([key]) => !DATA_KEYS.has(key)));
  const feed = withStore(make<'data-feed', DataFeed>(DATA_FEED, config.data.feed, 'data.feed', feedParams, 'data', timeframe), feedParams, options, registry, faults);
  const journal = configuredJournal(options, purpose, registry, faults);
  const detail = detailFeed(config, timeframe, make, faults);

  const rates = new CurrencyRates(config.baseCurrency, instruments, config.rates);
  for (const instrument of instruments) {
    if (!rates.canConvert(instrument.currency)) {
      faults.push(
        new ConfigError('CFG_REFERENCE', `instrument ${instrument.id} is priced in ${instrument.currency}, expected a way to value it in ${config.baseCurrency}`, {
          hint: `add rates: { ${instrument.currency}: … }, or a forex or spot instrument of the pair`,
          context: { path: 'instruments' },
        }),
      );
    }
  }
  const trades = new TradeLog();
  let onTrade: (trade: Trade, index: number) => void = () => undefined;
  const ledger = new Ledger(instruments, rates, config.initialCash, (trade, index) => onTrade(trade, index));
  const desks = instruments.map(
    (instrument, i) =>
      new Desk(i, instrument, calendars[instrument.calendar] as SessionCalendar, new BarRing(), ledger.positions[i] as (typeof ledger.positions)[number], new FeatureBank(timeframe.id, timeframe.ms, i)),
  );
  const features = new FeatureDesk(registry, desks, timeframe, config.data.feed);
  const sources = seatSources(config, registry, venue, faults);
  const seating = seatComponents({ config, desks, registry, features, context: sources.board, news: sources.newsBoard, random, clock, logger, baseDir: options.baseDir, faults });
  const keeper = feed instanceof StoredFeed ? new FeatureKeeper(feed, timeframe, desks, features, registry) : undefined;
  features.close();
  if (broker !== undefined && seating.needsBrackets && !broker.capabilities.nativeBrackets && !broker.capabilities.orderTypes.includes('stop')) {
    faults.push(new BrokerError('BRK_UNSUPPORTED', `broker '${config.broker.use}' has neither native brackets nor stop orders, expected one of them for exits with a stop or target`, { hint: 'use a broker that has one of them, or remove stop and target from exits:', context: { path: 'broker.use' } }));
  }
  if (faults.length > 0 || broker === undefined || feed === undefined) throw new KeelsonErrors(withoutTwins(faults));

  const telemetry = options.telemetry === undefined ? undefined : new Telemetry(options.telemetry, { mode: config.mode, baseCurrency: config.baseCurrency, every: config.telemetry?.every ?? 'decision' });
  const chosen = chooseJournal(journal);
  const account = new Account(
    config.account,
    desks,
    ledger,
    new OrderBook(ledger.positions),
    wrapBroker === undefined ? broker : wrapBroker(broker),
    new TradingDay((desks[0] as Desk).calendar),
    hooks,
    telemetry === undefined ? chosen : new TelemetryJournal(chosen, telemetry),
    logger,
    new OrdersHash(),
    {
      decision: config.decision,
      sizing: config.sizing,
      exits: config.exits,
      risk: config.risk,
      dryRun: config.dryRun,
      mayTrade: broker.capabilities.venue === 'simulated' || config.risk.allowOrders,
    },
    seating.memory,
    new Announcer(seating.notifiers, logger),
    config.initialCash,
  );
  if (config.decision.ensemble !== undefined) account.ensemble = new Ensemble(config.decision.ensemble, config.strategies.map(voterName));
  telemetry?.observe(account);
  onTrade = (trade, index) => {
    account.streak.add(index, trade.pnl - trade.commission);
    account.ensemble?.records?.closed(trade, desks[index] as Desk, ledger.rateOf(index));
    trades.add(trade);
    rememberTrade(account, trade, index, trades.length);
  };
  const aside = sideDesks(config, account, seating, sources, { clock, timer: options.timer, overHistory: clock instanceof HistoricalClock });
  return { account, baseCurrency: config.baseCurrency, initialCash: config.initialCash, base: { feed, timeframe }, detail, features, keeper, localFiles: sources.files, aside, trades, lifecycles, setup: options.setup, components: seating.components };
}

/** What plugins register, for the schema of the account file and for listings. Nothing is started. */
export function inspectPlugins(plugins: readonly LoadedPlugin[], logger: Logger): ReadonlyArray<{ readonly port: PortName; readonly id: string; readonly plugin: string; readonly params: Schema }> {
  const registry = new PluginRegistry();
  registerPlugins(plugins, registry, new HookRegistry(logger), createContainer());
  if (registry.faults.length > 0) throw new KeelsonErrors(registry.faults);
  const ports: readonly PortName[] = ['broker', 'data-feed', 'feature', 'regime', 'strategy', 'advisor', 'proposal-source', 'memory', 'risk-overlay', 'notifier', 'context-feed', 'news-feed', 'journal', 'bar-store'];
  return ports.flatMap((port) => registry.entries(port).map(({ id, plugin, definition }) => ({ port, id, plugin, params: definition.params })));
}

function configuredJournal({ config, baseDir, logger }: Omit<ComposeOptions, 'journal'>, purpose: 'history' | 'live', registry: PluginRegistry, faults: KeelsonError[]): Journal | undefined {
  const { journal } = config;
  if (journal === undefined) return undefined;
  return collect(faults, 'journal', () => {
    const definition = registry.find(JOURNAL, journal.use, 'journal.use');
    if (isKeelsonError(definition)) throw definition;
    const checked = checkSettings(definition.params, journal.config, 'journal.config');
    if (Array.isArray(checked)) throw new KeelsonErrors(checked);
    const made = definition.create({ params: checked.value, account: config.account, baseDir, purpose, logger });
    checkInstance('journal', journal.use, made, registry.pluginOf('journal', journal.use));
    return made;
  });
}

function rememberTrade(account: Account, trade: Trade, index: number, count: number): void {
  const desk = account.desks[index] as Desk;
  if (desk.overlays.length === 0 && !account.hooks.observes.trade && account.memory === undefined) return; // nobody looks
  Object.freeze(trade); // it is shown to plugins for as long as it is recent
  keepNewest(account.recentTrades, trade, RECENT_TRADES);
  keepNewest(desk.recentTrades, trade, OWN_TRADES);
  if (account.hooks.observes.trade) account.hooks.tell('trade', trade);
  const state = desk.entryState;
  if (account.memory === undefined || state === undefined) return;
  try {
    account.memory.remember({ id: `${account.name}-${count}`, state, enteredAt: trade.entryTime, trade });
  } catch (thrown) {
    account.notes.add(`the memory failed and was left out: ${messageOf(thrown)}`);
  }
}

function keepNewest(trades: Trade[], trade: Trade, most: number): void {
  trades.push(trade);
  if (trades.length >= 4 * most) trades.splice(0, trades.length - most); // not each time: it moves all of them
}

function detailFeed(
  config: AccountConfig,
  timeframe: Timeframe,
  make: (token: PortToken<'data-feed'>, id: string, where: string, params: unknown, at: string, frame: Timeframe) => DataFeed | undefined,
  faults: KeelsonError[],
): FeedInUse | undefined {
  const { detail } = config.data;
  if (detail === undefined) return undefined;
  const finer = parseTimeframe(detail.timeframe) as Timeframe;
  if (finer.ms >= timeframe.ms || !canResample(finer, timeframe)) {
    faults.push(new ConfigError('CFG_CONFLICT', `data.detail.timeframe was ${finer.id}, expected one that divides ${timeframe.id}`, { hint: 'give finer bars, or leave detail out', context: { path: 'data.detail.timeframe' } }));
    return undefined;
  }
  const params = Object.fromEntries(Object.entries(detail).filter(([key]) => !DATA_KEYS.has(key)));
  const feed = make(DATA_FEED, detail.feed ?? config.data.feed, 'data.detail.feed', params, 'data.detail', finer);
  return feed === undefined ? undefined : { feed, timeframe: finer };
}

function calendarsOf(instruments: readonly Instrument[], faults: KeelsonError[]): Record<string, SessionCalendar> {
  const calendars: Record<string, SessionCalendar> = {};
  instruments.forEach((instrument, i) => {
    const { calendar } = instrument;
    if (calendars[calendar] !== undefined) return;
    const found = calendarById(calendar);
    if (found !== undefined) calendars[calendar] = found;
    else {
      calendars[calendar] = calendarById('24/7') as SessionCalendar; // so that the rest can be checked too
      const close = nearest(calendar, CALENDAR_IDS);
      faults.push(
        new ConfigError('CFG_REFERENCE', `instruments.${i}.calendar was '${calendar}', expected one of ${CALENDAR_IDS.join(', ')}`, {
          hint: close === undefined ? 'use one of these' : `did you mean ${close}?`,
          context: { path: `instruments.${i}.calendar` },
        }),
      );
    }
  });
  return calendars;
}

function instrumentFaults(config: AccountConfig, instruments: readonly Instrument[]): KeelsonError[] {
  const faults: KeelsonError[] = [];
  const ids = instruments.map((instrument) => instrument.id);
  ids.forEach((id, i) => {
    if (ids.indexOf(id) !== i) faults.push(new ConfigError('CFG_CONFLICT', `instruments.${i}.id was '${id}', expected a name that no other instrument has`, { hint: 'rename one of the two', context: { path: `instruments.${i}.id` } }));
  });
  config.strategies.forEach((strategy, i) => {
    for (const id of strategy.instruments ?? []) {
      if (!ids.includes(id)) {
        const close = nearest(id, ids);
        faults.push(
          new ConfigError('CFG_REFERENCE', `strategies.${i}.instruments names '${id}', expected one of ${ids.join(', ')}`, {
            hint: close === undefined ? 'add it to instruments:' : `did you mean ${close}?`,
            context: { path: `strategies.${i}.instruments` },
          }),
        );
      }
    }
  });
  return faults;
}

function timeframeFaults(config: AccountConfig, base: Timeframe): KeelsonError[] {
  return config.data.higherTimeframes.flatMap((text, i) => {
    const target = parseTimeframe(text) as Timeframe;
    if (target.ms > base.ms && canResample(base, target)) return [];
    return [new ConfigError('FEA_TIMEFRAME', `data.higherTimeframes.${i} was ${text}, expected a multiple of data.timeframe (${base.id})`, { hint: 'take it out, or use finer bars', context: { path: `data.higherTimeframes.${i}` } })];
  });
}

/** The same fault can be met on every instrument; once is enough. */
function withoutTwins(faults: readonly KeelsonError[]): KeelsonError[] {
  const seen = new Set<string>();
  return faults.filter((fault) => !seen.has(fault.line) && seen.add(fault.line));
}
