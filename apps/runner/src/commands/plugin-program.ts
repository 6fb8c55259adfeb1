import type { Command } from 'commander';
import type { Secrets } from '../account/secrets.js';
import type { Io } from '../io.js';
import { PLUGIN_KINDS } from '../scaffold/plugin-kinds.js';

/** `keelson plugin ...`: looking for plugins, adding, making and testing them. */
export function addPluginCommands(program: Command, io: Io, secrets: Secrets, done: (status: number) => void): void {
  const plugin = program
    .command('plugin')
    .description('list, add, make and test plugins')
    .addHelpText('after', '\nExamples:\n  keelson plugin new strategy keelson-plugin-levels\n  keelson plugin list\n  keelson plugin add keelson-plugin-levels --account account.yaml');
  plugin
    .command('list')
    .description('show the plugins that are installed here and those that come with keelson')
    .option('--json', 'print one JSON document instead of text', false)
    .option('--debug', 'add stack traces to errors')
    .addHelpText('after', '\nExample:\n  keelson plugin list --json | jq .plugins[].provides')
    .action(async (options: { json: boolean }) => {
      const { pluginList } = await import('./plugin-list.js');
      done(await pluginList(options, io));
    });
  plugin
    .command('add <name>')
    .description('write an installed plugin into an account, with the defaults of its settings')
    .option('--account <file>', 'the account file', 'account.yaml')
    .option('--debug', 'add stack traces to errors')
    .addHelpText('after', '\nA name that starts with a dot is a file or folder, from the working folder.\n\nExample:\n  npm install keelson-plugin-levels && keelson plugin add keelson-plugin-levels')
    .action(async (name: string, options: { account: string }) => {
      const { pluginAdd } = await import('./plugin-add.js');
      done(await pluginAdd(name, options, io, secrets));
    });
  plugin
    .command('new <kind> <name>')
    .description(`write a package for a plugin that builds and passes its contract suite; kinds: ${Object.keys(PLUGIN_KINDS).join(', ')}`)
    .option('--dir <folder>', 'where to; default: a folder with the name of the package')
    .option('--debug', 'add stack traces to errors')
    .addHelpText('after', '\nExample:\n  keelson plugin new strategy @me/keelson-plugin-levels')
    .action(async (kind: string, name: string, options: { dir?: string }) => {
      const { pluginNew } = await import('./plugin-new.js');
      done(pluginNew(kind, name, options, io));
    });
  plugin
    .command('test [folder]')
    .description("run the tests of a plugin's package, or, where it has none, the contract suites of what it adds")
    .option('--debug', 'add stack traces to errors')
    .addHelpText('after', '\nExample:\n  keelson plugin test ./keelson-plugin-levels')
    .action(async (folder: string | undefined) => {
      const { pluginTest } = await import('./plugin-test.js');
      done(await pluginTest(folder ?? '.', io));
    });
}
