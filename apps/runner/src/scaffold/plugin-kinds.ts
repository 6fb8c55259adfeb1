/** What `keelson plugin new` can make. */
export type PluginKind = {
  /** In words, for the README. */
  readonly words: string;
  /** Name of its source file, without ending. */
  readonly file: string;
  /** What the little implementation does, a sentence or two. */
  readonly about: string;
  /** How an account uses it; `ID` stands for its id. */
  readonly use: readonly string[];
};

export const PLUGIN_KINDS = {
  strategy: {
    words: 'strategy',
    file: 'strategy',
    about: 'Long when a bar closes above the range of the bars before it, flat when one closes below.',
    use: ['strategies:', '  - { use: ID, params: { lookbackBars: 40 } }'],
  },
  feature: {
    words: 'feature',
    file: 'feature',
    about: "Where the newest bars closed within their ranges, on average. Strategies ask for it with `use('ID', { period: 14 })`.",
    use: ["# in a strategy: use('ID', { period: 14 })"],
  },
  broker: {
    words: 'broker',
    file: 'broker',
    about: "A working venue in memory (`src/venue.ts`), and the class that translates between its words and the kernel's (`src/broker.ts`). Put the vendor's API in the place of the first.",
    use: ['broker:', '  use: ID', '  config: { perContract: 0.5 }'],
  },
  'data-feed': {
    words: 'data feed',
    file: 'data-feed',
    about: 'Bars of the past from files of JSON Lines, one bar a line.',
    use: ['data:', '  feed: ID', '  path: ./bars.jsonl', '  timeframe: 5m'],
  },
  advisor: {
    words: 'advisor',
    file: 'advisor',
    about: 'Leans with the drift of the newest closes, the surer the steadier it was. An advisor advises: it can move the confidence of an entry, and nothing else.',
    use: ['advisors:', '  - use: ID', '    config: { lookback: 20 }'],
  },
  memory: {
    words: 'memory',
    file: 'memory',
    about: 'Past trades of the same instrument and action, kept in a file, recalled as of a time.',
    use: ['memory:', '  use: ID', '  config: { path: ./trades.jsonl }'],
  },
  'risk-overlay': {
    words: 'risk overlay',
    file: 'risk-overlay',
    about: "Keeps the notional of a position within a share of the account's equity. An overlay only ever makes a target smaller, or vetoes it.",
    use: ['overlays:', '  - use: ID', '    config: { maxEquityFraction: 1 }'],
  },
  notifier: {
    words: 'notifier',
    file: 'notifier',
    about: 'Posts notifications as JSON to a webhook.',
    use: ['notifiers:', '  - use: ID', '    config: { webhookUrl: "${WEBHOOK_URL}" }'],
  },
} as const satisfies Record<string, PluginKind>;

export type PluginKindName = keyof typeof PLUGIN_KINDS;
