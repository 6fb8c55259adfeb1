import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Workbench } from '../../test-kit/captured-io.js';
import { ControlWatch, leaveCommand, waitingCommands, type ControlCommand } from './control.js';

const bench = new Workbench();
afterAll(() => bench.remove());
const silent = (): void => undefined;
const timer = { after: () => () => undefined };

describe('commands that are left for a process', () => {
  it('are obeyed in the order they were given, once, and then taken away', () => {
    const folder = join(bench.folder, 'in-order');
    const files = (['kill', 'resume', 'kill'] as const).map((command, i) => {
      const file = leaveCommand(folder, { command, reason: `number ${i}` });
      for (const end = performance.now() + 3; performance.now() < end; ); // names tell milliseconds apart
      return file;
    });
    const obeyed: ControlCommand[] = [];
    const watch = new ControlWatch(folder, false, timer, (command) => obeyed.push(command) > 0, silent);
    watch.look();
    watch.look();
    expect(obeyed.map(({ command, reason }) => [command, reason])).toEqual([['kill', 'number 0'], ['resume', 'number 1'], ['kill', 'number 2']]);
    expect(new Set(obeyed.map(({ id }) => id)).size).toBe(3);
    expect(files.some((file) => existsSync(file))).toBe(false);
  });

  it('stay while what they did could be lost with the process', () => {
    const folder = join(bench.folder, 'unwritten');
    const file = leaveCommand(folder, { command: 'kill', reason: 'x' });
    new ControlWatch(folder, false, timer, () => false, silent).look();
    expect(existsSync(file)).toBe(true);
  });

  it('stay for a live process when they were left for one, also where one on paper obeyed them', () => {
    const folder = join(bench.folder, 'for-live');
    const file = leaveCommand(folder, { command: 'kill', reason: 'x' }, true);
    const obeyed: string[] = [];
    const watchOf = (name: string, isLive: boolean): ControlWatch => new ControlWatch(folder, isLive, timer, ({ id = '' }) => obeyed.push(`${name} ${id}`) > 0, silent);
    const paper = watchOf('paper', false);
    paper.look();
    paper.look();
    expect([existsSync(file), obeyed.length]).toEqual([true, 1]);
    watchOf('live', true).look();
    expect(existsSync(file)).toBe(false);
    const [onPaper, live] = obeyed;
    expect(live).toBe(onPaper?.replace('paper', 'live')); // the same id: no journal obeys it twice
  });

  it('are put aside, with a word, when they are none', () => {
    const folder = join(bench.folder, 'foreign');
    leaveCommand(folder, { command: 'resume', reason: 'x' });
    writeFileSync(join(folder, '0-broken.json'), '{"command":"buy","reason":"x","id":"y"}');
    const said: string[] = [];
    expect(waitingCommands(folder, (text) => said.push(text)).map(({ command }) => command.command)).toEqual(['resume']);
    expect(said).toEqual([expect.stringMatching(/0-broken\.json is no command \(command was buy, expected kill or resume\)/)]);
    expect(readdirSync(folder)).toContain('0-broken.json.refused');
  });

  it('are none where nobody ever left one', () => {
    expect(waitingCommands(join(bench.folder, 'nothing'), silent)).toEqual([]);
  });
});
