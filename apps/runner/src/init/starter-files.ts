/** Files of a new account's folder, by name. */
export function starterFiles(account: string, version: string): Readonly<Record<string, string>> {
  return {
    'account.yaml': accountFile(account),
    'my-strategy.mjs': STRATEGY,
    'package.json': `${JSON.stringify({ name: account.toLowerCase(), private: true, type: 'module', dependencies: { '@keelson/core': `^${version}`, '@keelson/runner': `^${version}`, zod: '^4.0.0' } }, null, 2)}\n`,
    'README.md': readme(account),
    '.gitignore': 'node_modules/\n.env\nreport*.html\n',
  };
}

const accountFile = (account: string): string => `# A whole account: what is traded, on which bars, by which rules. "keelson validate account.yaml" checks it.
account: ${account}
mode: backtest
baseCurrency: USD
initialCash: 50000

plugins:
  - ./my-strategy.mjs # yours; the plugins that come with keelson need no entry

instruments:
  - { id: MES, venue: CME, type: future, multiplier: 5, tickSize: 0.25, currency: USD, calendar: cme-equity-index }

data:
  feed: synthetic # bars made from a seed; for your own file: feed: file and path: ./bars.csv
  timeframe: 5m
  start: 2024-01-01
  end: 2024-07-01
  seed: 7

broker:
  use: simulated
  config: { commission: { perContract: 0.62 }, slippage: { ticks: 1 } }

strategies:
  - use: sma-cross
    params: { fast: 20, slow: 80 }
  # - use: breakout # from my-strategy.mjs: remove the first "#" of these lines to let it vote too
  #   params: { lookbackBars: 40 }

sizing: { use: fixed-quantity, quantity: 1 }
exits: { stopAtr: 3 }

risk: # ceilings that no strategy can pass
  maxContracts: 2
  maxDailyLossFraction: 0.02
`;

const STRATEGY = `import { definePlugin, defineStrategy, STRATEGY } from '@keelson/core/plugin';
import { z } from 'zod';

// Long above the highest high of the last bars, flat below the lowest low.
const breakout = defineStrategy({
  params: z.strictObject({ lookbackBars: z.int().min(2).max(200).default(40) }),
  create({ params }) {
    return {
      onBar({ bars, signal }) {
        if (bars.count <= params.lookbackBars) return;
        let high = -Infinity;
        let low = Infinity;
        for (let ago = 1; ago <= params.lookbackBars; ago++) {
          const i = (bars.index - ago) & bars.mask;
          high = Math.max(high, bars.high[i]);
          low = Math.min(low, bars.low[i]);
        }
        const close = bars.close[bars.index];
        if (close > high) signal.long({ confidence: 0.7, reason: 'close above the range' });
        else if (close < low) signal.flat({ reason: 'close below the range' });
      },
    };
  },
});

export default definePlugin({
  name: 'my-strategy',
  version: '0.1.0',
  api: '^1.0.0',
  provides: ['strategy'],
  register({ add }) {
    add(STRATEGY, 'breakout', breakout);
  },
});
`;

const readme = (account: string): string => `# ${account}

A trading account for Keelson. \`account.yaml\` says what is traded and how, \`my-strategy.mjs\` is a strategy of your own.

    npm install                                              # keelson, in this folder
    npx keelson validate account.yaml                        # every fault at once
    npx keelson backtest account.yaml                        # run it over history
    npx keelson backtest account.yaml --report report.html   # and look at the trades
    npx keelson backtest account.yaml --set strategies.0.params.fast=10 --json

Keys and passwords never stand in \`account.yaml\`: write \`\${NAME}\` and set NAME in the environment.

For completion in an editor: \`npx keelson schema account.yaml > account.schema.json\`, and as the first line of
\`account.yaml\`: \`# yaml-language-server: $schema=./account.schema.json\`
`;
