import { KeelsonError, PluginError, messageOf } from '../errors.js';
import { nearest } from '../config/nearest.js';
import { definitionFault } from './check-contract.js';
import type { PortMap, PortName, PortToken } from './tokens.js';

type Entry<Name extends PortName> = { readonly id: string; readonly plugin: string; readonly definition: PortMap[Name] };

/** What the plugins of one account provide, by port and id. */
export class PluginRegistry {
  private readonly ports = new Map<PortName, Map<string, Entry<PortName>>>();
  readonly faults: KeelsonError[] = [];

  /** Adds under an id; a second plugin with the same id is a fault that names both. */
  add<Name extends PortName>(token: PortToken<Name>, id: string, definition: PortMap[Name], plugin: string, path?: string): void {
    const entries = this.ports.get(token.port) ?? new Map<string, Entry<PortName>>();
    this.ports.set(token.port, entries);
    const other = entries.get(id);
    if (other !== undefined) {
      this.faults.push(
        new PluginError('PLG_DUPLICATE', `${token.port} '${id}' is provided by ${other.plugin} and by ${plugin}, expected one`, { hint: 'leave one of the two out of plugins:, or ask its author for another id', context: path === undefined ? {} : { path } }),
      );
      return;
    }
    const fault = definitionFault(token.port, id, definition, plugin, path);
    if (fault !== undefined) this.faults.push(fault);
    entries.set(id, { id, plugin, definition: definition as PortMap[PortName] });
  }

  get<Name extends PortName>(token: PortToken<Name>, id: string): PortMap[Name] | undefined {
    return this.ports.get(token.port)?.get(id)?.definition as PortMap[Name] | undefined;
  }

  /** Name of the plugin that provides an id. */
  pluginOf(port: PortName, id: string): string {
    return this.ports.get(port)?.get(id)?.plugin ?? 'no plugin';
  }

  ids(port: PortName): readonly string[] {
    return [...(this.ports.get(port)?.keys() ?? [])].sort();
  }

  entries(port: PortName): ReadonlyArray<Entry<PortName>> {
    return [...(this.ports.get(port)?.values() ?? [])];
  }

  /** The definition under an id, or a fault that lists what there is. */
  find<Name extends PortName>(token: PortToken<Name>, id: string, where: string): PortMap[Name] | KeelsonError {
    const found = this.ports.get(token.port)?.get(id);
    if (found !== undefined) return definitionFault(token.port, id, found.definition, found.plugin) ?? (found.definition as PortMap[Name]);
    const ids = this.ids(token.port);
    const close = nearest(id, ids);
    return new KeelsonError(token.port === 'feature' ? 'FEA_UNKNOWN' : 'CFG_REFERENCE', `${where} was '${id}', expected a ${token.port} that a plugin provides (${ids.join(', ') || 'there is none'})`, {
      hint: close === undefined ? 'name one of these, or add the plugin that provides it to plugins:' : `did you mean ${close}?`,
      context: { path: where },
    });
  }
}

/** Runs something of a plugin's; what it throws becomes a fault that names the plugin. */
export function guarded(plugin: string, doing: string, run: () => void, path?: string): KeelsonError | undefined {
  try {
    run();
    return undefined;
  } catch (thrown) {
    return new PluginError('PLG_LIFECYCLE', `${plugin} threw while it ${doing}: ${messageOf(thrown)}`, { hint: 'mend the plugin, or leave it out of plugins:', context: path === undefined ? {} : { path }, cause: thrown });
  }
}
