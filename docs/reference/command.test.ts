import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commandsOf } from '../testing/command-faults.js';
import { ROOT } from '../testing/pages.js';

const [, list = ''] = /```text\n([^]*?)```/.exec(readFileSync(join(ROOT, 'docs/reference/command.md'), 'utf8')) ?? [];
const lines = list.trim().split('\n');

it('lists every command that there is with every option, and no other', () => {
  const listed = lines.map((line) => ({ name: line.replace(/^keelson ((?:[a-z]+ )*[a-z]+).*$/, '$1'), options: (line.match(/(?<=[[\s])--?[a-z][a-z-]*/g) ?? []).map(shortest) }));
  const sorted = (commands: typeof listed) => commands.map(({ name, options }) => `${name} ${options.toSorted().join(' ')}`).toSorted();
  expect(sorted(listed)).toEqual(sorted(commandsOf().map(({ name, options }) => ({ name, options: options.map(shortest) }))));
});

/** An option that has a letter stands under either. */
function shortest(option: string): string {
  return option === '--follow' ? '-f' : option === '--lines' ? '-n' : option;
}
