import { resolve } from 'node:path';
import type { AccountConfig } from '@keelson/core/config';
import { isKeelsonError, KeelsonError, messageOf } from '@keelson/core/errors';
import { prepareAccount } from '../commands/prepare-account.js';
import { Secrets } from '../account/secrets.js';
import { silentLogger } from '../logger.js';
import { SHIPPED_PLUGINS } from '../plugins/load-plugins.js';
import { cutFeeds } from './cut-feeds.js';
import type { CutFiles } from './cut-files.js';
import { TraceRecorder } from './trace-recorder.js';
import type { Trace, TraceFailure, TraceJob } from './trace.js';

/** Parts of an account that have nothing to say about the past, but would write, call or cost something. */
const LEFT_OUT = ['advisors', 'memory', 'notifiers'] as const;

export function withoutOutsiders(config: AccountConfig): AccountConfig {
  // a store of bars would keep what was cut, and give what was not
  return { ...config, data: { ...config.data, store: undefined }, advisors: [], notifiers: [], memory: undefined };
}

/** Names of the parts that {@link withoutOutsiders} takes away. */
export function outsidersOf(config: AccountConfig): readonly string[] {
  return LEFT_OUT.filter((part) => config[part] !== undefined && (config[part] as { readonly length?: number }).length !== 0);
}

/**
 * Runs an account and writes down what it went through. A run that fails gives the trace up to there.
 * @param files from `cutFiles`, where the thread has it
 * @throws KeelsonErrors when the account cannot be put together
 */
export async function traceAccount(job: TraceJob, files?: CutFiles): Promise<Trace> {
  const { cutAt } = job;
  const recorder: TraceRecorder = new TraceRecorder(() => engine.view());
  const { engine } = await prepareAccount(
    job.file,
    { set: job.settings, debug: false },
    { env: job.env, cwd: job.cwd },
    new Secrets(),
    {
      logger: silentLogger,
      journal: { enabled: true, append: (record) => recorder.append(record), sync: () => undefined, close: () => undefined, read: () => [] },
      plugins: (plugins) => (cutAt === undefined ? plugins : cutFeeds(plugins, cutAt, SHIPPED_PLUGINS)),
      config: (config, baseDir) => {
        for (const [path, times] of dataFilesOf(config, baseDir)) files?.ownFiles.set(path, times);
        return withoutOutsiders(config);
      },
    },
  );
  let failure: TraceFailure | undefined;
  try {
    await engine.run({ ...(job.from === undefined ? {} : { from: job.from }), ...(job.to === undefined ? {} : { to: job.to }), observeBar: recorder.observeBar });
  } catch (thrown) {
    const error = isKeelsonError(thrown) ? thrown : new KeelsonError('INV_BROKEN', messageOf(thrown));
    // beyond what memory holds there is nothing to compare
    if (error.code === 'RUN_OUTPUT') throw error;
    const { plugin, feature, strategy } = error.context as { readonly plugin?: string; readonly feature?: string; readonly strategy?: string };
    failure = { code: error.code, line: error.line, time: recorder.now, ...(plugin === undefined ? {} : { plugin }), ...(feature === undefined && strategy === undefined ? {} : { component: feature ?? strategy }) };
  }
  return { ...recorder.trace(), ...(failure === undefined ? {} : { failure }), uncut: files?.uncut() ?? [] };
}

/** The files that the shipped feed reads, with the places of their rows in time. */
function dataFilesOf({ data, instruments }: AccountConfig, baseDir: string): Array<readonly [string, { readonly zone: string; readonly known: 'open' | 'close' }]> {
  const sources = [data, ...(data.detail === undefined ? [] : [{ ...data, ...data.detail }])];
  return sources.flatMap((source) => {
    const { path, paths, zone, stamp } = source as { readonly path?: unknown; readonly paths?: unknown; readonly zone?: unknown; readonly stamp?: unknown };
    const times = { zone: typeof zone === 'string' ? zone : 'UTC', known: stamp === 'close' ? ('close' as const) : ('open' as const) };
    const named = [path, ...(typeof paths === 'object' && paths !== null ? (Object.values(paths) as unknown[]) : [])].filter((name) => typeof name === 'string');
    return named.flatMap((name) => instruments.map(({ id }) => [resolve(baseDir, name.replaceAll('{instrument}', id)), times] as const));
  });
}
