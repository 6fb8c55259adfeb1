import { ControlFault, type ControlCommand } from './control-command.js';

/** All commands by name. */
export class ControlDesk {
  private readonly commands = new Map<string, ControlCommand>();

  add(commands: readonly ControlCommand[]): void {
    for (const each of commands) {
      if (this.commands.has(each.name)) throw new Error(`two commands are named ${each.name}`);
      this.commands.set(each.name, each);
    }
  }

  /** @throws ControlFault when the command is unknown, its parameters are wrong, or it cannot be done */
  run(name: string, params: unknown): unknown {
    const found = this.commands.get(name);
    if (found === undefined) throw new ControlFault(`command was ${JSON.stringify(name)}, expected one of ${[...this.commands.keys()].toSorted().join(', ')}`);
    return found.run(params);
  }

  list(): { readonly name: string; readonly about: string }[] {
    return [...this.commands.values()].map(({ name, about }) => ({ name, about }));
  }
}
