import { calendarById, parseTimeframe } from '@keelson/core/domain';
import { BROKER, DATA_FEED, createContainer } from '@keelson/core/plugin';
import ibkr from '@keelson/plugin-ibkr';
import { QUIET } from './market.mjs';

const NO_CHANCE = { next: () => 0, int: () => 0, normal: () => 0, fork: () => NO_CHANCE };

/** Broker and feed of the plugin alone, without an account around them. */
export function ibkrParts({ config, time, instruments, timeframe = '5s', feed = {}, broker = {}, logger = QUIET }) {
  const brought = new Map();
  ibkr.register({ add: (token, _id, definition) => brought.set(token, definition), config: ibkr.config.parse(config), container: createContainer() });
  const context = (params) => ({
    params,
    account: 'bench',
    baseCurrency: 'USD',
    initialCash: 100_000,
    rates: {},
    instruments,
    calendars: Object.fromEntries(instruments.map(({ calendar }) => [calendar, calendarById(calendar)])),
    timeframe: parseTimeframe(timeframe),
    clock: time,
    timer: time,
    random: NO_CHANCE,
    logger,
    baseDir: '.',
  });
  const [feeds, brokers] = [brought.get(DATA_FEED), brought.get(BROKER)];
  return {
    feed: () => feeds.create(context(feeds.params.parse(feed))),
    broker: () => brokers.create(context(brokers.params.parse(broker))),
  };
}
