import { PluginError } from '../errors.js';
import { showValue } from '../config/show-value.js';
import type { FeatureNeed } from '../ports/feature.js';
import type { PortName } from './tokens.js';

/** What the kernel calls on an instance, by port. */
const METHODS: Readonly<Record<PortName, readonly string[]>> = {
  broker: ['connect', 'disconnect', 'submit', 'modify', 'cancel', 'margin', 'warnings'],
  'data-feed': ['connect', 'disconnect', 'history', 'provenance', 'warnings'],
  feature: ['update'],
  regime: ['classify'],
  strategy: ['onBar'],
  advisor: ['refresh'],
  'proposal-source': ['poll'],
  memory: ['recall', 'remember'],
  'risk-overlay': ['review'],
  notifier: ['notify'],
  'context-feed': ['read'],
  'news-feed': ['read'],
  journal: ['append', 'sync', 'read', 'close'],
  'bar-store': ['open', 'spans', 'read', 'write', 'keepFeatures', 'close'],
};

const NEEDS: ReadonlySet<FeatureNeed> = new Set<FeatureNeed>(['volume', 'depth']);

/** Ports whose answer counts at once, and where nobody would notice a promise. */
const AT_ONCE: ReadonlySet<PortName> = new Set(['feature', 'regime', 'memory', 'risk-overlay']);

/** What is wrong with a definition that a plugin adds, if anything: types do not hold a plugin in plain JavaScript. */
export function definitionFault(port: PortName, id: string, definition: unknown, plugin: string, path?: string): PluginError | undefined {
  const fault = (found: string, expected: string, hint: string): PluginError => contractFault(port, id, plugin, `${found}, expected ${expected}`, hint, path);
  const { params, create, outputs, needs } = (definition ?? {}) as { readonly params?: { readonly '~standard'?: { readonly validate?: unknown } }; readonly create?: unknown; readonly outputs?: unknown; readonly needs?: unknown };
  if (typeof create !== 'function') return fault('has no create function', 'a definition with params and create', 'add what defineStrategy and the like return');
  if (typeof params?.['~standard']?.validate !== 'function') return fault('has no schema as its params', 'a Standard Schema such as z.strictObject({})', 'give params, also when there are none');
  if (port !== 'feature') return undefined;
  if (!Array.isArray(outputs) || outputs.length === 0) return fault(`has ${Array.isArray(outputs) ? 'no' : 'no list of'} outputs`, 'the names of the numbers that update writes', "give outputs: ['value']");
  const unnamed = outputs.findIndex((name) => typeof name !== 'string' || name === '');
  if (unnamed >= 0) return fault(`has no name for output ${unnamed}`, 'text', 'name every output');
  const wrong = needs === undefined ? undefined : !Array.isArray(needs) ? needs : needs.find((need) => !NEEDS.has(need as FeatureNeed));
  return wrong === undefined ? undefined : fault(`needs ${showValue(wrong)}`, `a list of ${[...NEEDS].join(' and ')}`, "write needs: ['volume'], or leave it out");
}

/**
 * Checks what `create` of a component returned, before anything starts.
 *
 * @throws PluginError PLG_PROVIDES that names the component and its plugin
 */
export function checkInstance(port: PortName, id: string, instance: unknown, plugin: string): void {
  const fail = (found: string, hint: string): never => {
    throw contractFault(port, id, plugin, found, hint);
  };
  const methods = METHODS[port];
  if (typeof instance !== 'object' || instance === null) fail(`made ${instance === null ? 'null' : typeof instance}, expected an object with ${methods.join(', ')}`, 'return the object from create');
  const made = instance as Readonly<Record<string, unknown>>;
  if (typeof made['then'] === 'function') {
    Promise.resolve(instance).catch(() => undefined); // what it rejects with later has no reader
    fail('made a promise, expected an object at once', 'make create synchronous; slow work belongs into onStart');
  }
  for (const method of methods) {
    const found = made[method];
    if (typeof found !== 'function') fail(`made an object without the function ${method}, expected ${methods.join(', ')}`, `give it ${method}`);
    if (AT_ONCE.has(port) && Object.prototype.toString.call(found) === '[object AsyncFunction]') fail(`made an object whose ${method} is asynchronous, expected an answer at once`, `make ${method} synchronous`);
  }
  if (port === 'feature') {
    const { warmupBars } = made;
    if (!(Number.isInteger(warmupBars) && (warmupBars as number) >= 1)) fail(`has warmupBars ${String(warmupBars)}, expected a whole number of at least 1`, 'give the bars until its first value, that bar included');
  }
  if (port === 'context-feed' || port === 'news-feed') {
    const { history, live } = (made['capabilities'] ?? {}) as { readonly history?: unknown; readonly live?: unknown };
    if (typeof history !== 'boolean' || typeof live !== 'boolean') fail('has no capabilities with history and live, expected true or false for both', 'give it capabilities: { history, live }');
  }
  if (port === 'advisor' || port === 'proposal-source') {
    const { everyMs, latencyMs } = (made['schedule'] ?? {}) as { readonly everyMs?: unknown; readonly latencyMs?: unknown };
    if (!((everyMs as number) >= 0 && (latencyMs as number) >= 0)) fail('has no schedule with everyMs and latencyMs, expected two numbers', 'give it schedule: { everyMs, latencyMs }');
  }
}

function contractFault(port: PortName, id: string, plugin: string, what: string, hint: string, path?: string): PluginError {
  return new PluginError('PLG_PROVIDES', `${port} '${id}' of ${plugin} ${what}`, { hint, context: { plugin, ...(path === undefined ? {} : { path }) } });
}
