import { inspectPlugins } from '@keelson/core/engine';
import { isKeelsonError } from '@keelson/core/errors';
import type { LoadedPlugin, PortName } from '@keelson/core/plugin';
import type { Schema } from '@keelson/core/ports';
import { silentLogger } from '../logger.js';

/** What a plugin adds under an id. */
export type Added = { readonly port: PortName; readonly id: string; readonly definition: { readonly params: Schema } };

/** Suites, by their names in `@keelson/contract-tests`, that need no more than a definition. */
const SUITES: Readonly<Partial<Record<PortName, string>>> = {
  feature: 'featureSuite',
  regime: 'regimeSuite',
  strategy: 'strategySuite',
  advisor: 'advisorSuite',
  memory: 'memorySuite',
  'risk-overlay': 'overlaySuite',
  notifier: 'notifierSuite',
};

const SESSION = 'its suite needs a session whose market the cards can move, which only a test of the package can open';
const PLACE = 'its suite needs a place that the cards can damage, which only a test of the package can make';
/** What the other suites need beside a definition. */
const NEEDS: Readonly<Partial<Record<PortName, string>>> = { broker: SESSION, 'data-feed': SESSION, journal: PLACE, 'bar-store': PLACE };

/** The suite of a component, to be run with the defaults of its settings; or why it cannot be run. */
export function suiteOf({ port, definition }: Added): { readonly suite: string } | { readonly reason: string } {
  const suite = SUITES[port];
  if (suite === undefined) return { reason: NEEDS[port] ?? 'its suite needs an outside that the cards can make fail, which only a test of the package can open' };
  const checked = definition.params['~standard'].validate({});
  if (checked instanceof Promise || checked.issues !== undefined) return { reason: 'it does not run without settings, which only a test of the package can give' };
  return { suite };
}

/** What a plugin adds without settings; why that is not known, where it does not register without them. */
export function addedBy(loaded: LoadedPlugin): readonly Added[] | string {
  const added: Added[] = [];
  const { plugin } = loaded;
  const noting: LoadedPlugin['plugin'] = {
    ...plugin,
    register: (context) =>
      plugin.register({
        ...context,
        add(token, id, definition) {
          added.push({ port: token.port, id, definition });
          context.add(token, id, definition);
        },
      }),
  };
  try {
    inspectPlugins([{ ...loaded, plugin: noting }], silentLogger);
  } catch (error) {
    if (!isKeelsonError(error)) throw error;
    return error.message;
  }
  return added;
}
