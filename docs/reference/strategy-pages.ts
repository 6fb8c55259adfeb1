import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StrategyDefinition } from '@keelson/core/ports';
import { DATA, NO_RUN, RUNS } from '../../golden/strategy-runs.js';
import type { Pin } from '../../golden/run-account.js';
import { ROOT, filesOf } from '../testing/pages.js';
import { capital, docstringsOf, paramTable, paramsOf, parseDocstring } from './feature-pages.js';

const LABEL = /(?:^|(?<=[.)] ))(Idea|Signals|Fails|Source|Sources): /;

/** The docstrings of the shipped strategies by id. */
export function strategyDocstrings(): ReadonlyMap<string, string> {
  const files = filesOf(join(ROOT, 'packages/plugin-strategies/src/strategies')).filter((file) => !file.endsWith('.test.ts'));
  return new Map(files.flatMap((file) => docstringsOf(readFileSync(file, 'utf8'))));
}

/** What a docstring or a schema lacks for the reference page. */
export function strategyFaults(id: string, definition: StrategyDefinition, text: string | undefined): string[] {
  if (text === undefined) return [`${id}: there is no docstring that begins with \`${id}\`:`];
  const { summary, parts } = parseDocstring(text, LABEL);
  const faults = ['Idea', 'Signals', 'Fails'].filter((part) => !parts.get(part)).map((part) => `${id}: the docstring has no "${part}:"`);
  if (summary === '') faults.unshift(`${id}: the docstring does not say what it is`);
  if (!parts.get('Source') && !parts.get('Sources')) faults.push(`${id}: the docstring has no "Source:"`);
  for (const [param, schema] of Object.entries(paramsOf(definition).properties ?? {})) if (!schema.description) faults.push(`${id}: the param ${param} has no description`);
  return faults;
}

export function strategySection(id: string, definition: StrategyDefinition, text: string): string {
  const { summary, parts, notes } = parseDocstring(text, LABEL);
  const part = (label: string, title: string): string[] => (parts.get(label) === undefined ? [] : [`**${title}.** ${capital(parts.get(label) ?? '')}`]);
  return [
    `## \`${id}\``,
    capital(summary),
    ...part('Idea', 'Idea'),
    paramTable(definition),
    ...part('Signals', 'Signals'),
    ...notes,
    ...part('Fails', 'Where it fails'),
    ...part('Source', 'Source'),
    ...part('Sources', 'Sources'),
  ].join('\n\n') + '\n';
}

/** The pinned results on the real bars, one table for each set of bars, the worst first. */
export function resultTables(): string {
  const all = RUNS.map((run) => ({ ...run, pin: pinOf(run.data, run.strategy) }));
  const losers = all.filter(({ pin }) => lost(pin));
  const tables = Object.entries(DATA).map(([data, title]) => {
    const runs = all.filter((run) => run.data === data).toSorted((a, b) => totalReturn(a.pin) - totalReturn(b.pin));
    const rows = runs.map(({ strategy, params, pin }) => {
      const { stats } = pin;
      const costs = (Number(stats['commission']) + Number(stats['slippage'])) / Number(stats['startEquity']);
      const cells = [`[\`${strategy}\`](#${strategy})${params === undefined ? '' : ` \`${params}\``}`, lost(pin) ? 'loses' : 'gains', percent(stats['totalReturn']), percent(costs), percent(stats['maxDrawdown']), String(stats['trades']), percent(stats['winRate']), plain(stats['profitFactor'])];
      return `| ${cells.join(' | ')} |`;
    });
    const hold = runs[0]?.pin.stats['buyAndHoldReturn'];
    return `### ${title}\n\nBuying at the first bar and holding: ${percent(hold)}.\n\n| strategy | | return | costs | largest drawdown | trades | won | profit factor |\n|---|---|---|---|---|---|---|---|\n${rows.join('\n')}\n`;
  });
  const without = Object.entries(NO_RUN).map(([strategy, reason]) => `\`${strategy}\` is missing: ${reason}.\n`);
  return `${losers.length} of these ${all.length} runs lose money.\n\n${tables.join('\n')}\n${without.join('\n')}`;
}

function pinOf(data: string, strategy: string): Pin {
  const file = join(ROOT, 'golden/pins/strategies', data, `${strategy}.json`);
  if (!existsSync(file)) throw new Error(`${file} is missing: run golden/strategies with KEELSON_UPDATE_GOLDEN=1`);
  return JSON.parse(readFileSync(file, 'utf8')) as Pin;
}

const totalReturn = ({ stats }: Pin): number => Number(stats['totalReturn']);
const lost = (pin: Pin): boolean => totalReturn(pin) < 0;
const percent = (value: number | string | null | undefined): string => (typeof value === 'number' ? `${(value * 100).toFixed(1).replace('-', '−')}%` : '–');
const plain = (value: number | string | null | undefined): string => (typeof value === 'number' ? value.toFixed(2) : '–');
