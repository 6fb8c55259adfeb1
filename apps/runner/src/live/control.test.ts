import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Workbench } from '../../test-kit/captured-io.js';
import { ControlWatch, leaveCommand, takeAnswer, waitingCommands, type ControlCommand } from './control.js';

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
    const watch = new ControlWatch(folder, false, timer, (command) => ({ kept: obeyed.push(command) > 0 }), silent);
    watch.look();
    watch.look();
    expect(obeyed.map(({ command, reason }) => [command, reason])).toEqual([['kill', 'number 0'], ['resume', 'number 1'], ['kill', 'number 2']]);
    expect(new Set(obeyed.map(({ id }) => id)).size).toBe(3);
    expect(files.some((file) => existsSync(file))).toBe(false);
  });

  it('stay while what they did could be lost with the process', () => {
    const folder = join(bench.folder, 'unwritten');
    const file = leaveCommand(folder, { command: 'kill', reason: 'x' });
    new ControlWatch(folder, false, timer, () => ({ kept: false }), silent).look();
    expect(existsSync(file)).toBe(true);
  });

  it('stay for a live process when they were left for one, also where one on paper obeyed them', () => {
    const folder = join(bench.folder, 'for-live');
    const file = leaveCommand(folder, { command: 'kill', reason: 'x' }, true);
    const obeyed: string[] = [];
    const watchOf = (name: string, isLive: boolean): ControlWatch => new ControlWatch(folder, isLive, timer, ({ id = '' }) => ({ kept: obeyed.push(`${name} ${id}`) > 0 }), silent);
    const paper = watchOf('paper', false);
    paper.look();
    paper.look();
    expect([existsSync(file), obeyed.length]).toEqual([true, 1]);
    watchOf('live', true).look();
    expect(existsSync(file)).toBe(false);
    const [onPaper, live] = obeyed;
    expect(live).toBe(onPaper?.replace('paper', 'live')); // the same id: no journal obeys it twice
  });

  it('are answered once where they may be refused, also when the journal could not keep them', () => {
    const folder = join(bench.folder, 'answered');
    const watch = new ControlWatch(folder, false, timer, (command) => ({ kept: false, answer: { done: command.command === 'replan' && command.stop === 4710.25, text: 'said' } }), silent);
    const wish = { command: 'replan', instrument: 'MES', reason: 'x' } as const;
    const early = leaveCommand(folder, { ...wish, stop: 4710.25 });
    watch.begin();
    expect([existsSync(early), takeAnswer(early)]).toEqual([false, { done: false, text: 'it was given before the account was ready: give it again' }]);
    const files = [4710.25, 4000].map((stop) => leaveCommand(folder, { ...wish, stop }));
    expect(takeAnswer(files[0] as string)).toBeUndefined();
    watch.look();
    expect(files.map((file) => takeAnswer(file)?.done)).toEqual([true, false]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are put aside, with a word, when they are none', () => {
    const folder = join(bench.folder, 'foreign');
    leaveCommand(folder, { command: 'resume', reason: 'x' });
    writeFileSync(join(folder, '0-broken.json'), '{"command":"buy","reason":"x","id":"y"}');
    const said: string[] = [];
    expect(waitingCommands(folder, (text) => said.push(text)).map(({ command }) => command.command)).toEqual(['resume']);
    expect(said).toEqual([expect.stringMatching(/0-broken\.json is no command \(command was buy, expected kill, resume or replan with all that belongs to it\)/)]);
    expect(readdirSync(folder)).toContain('0-broken.json.refused');
  });

  it('are none where nobody ever left one', () => {
    expect(waitingCommands(join(bench.folder, 'nothing'), silent)).toEqual([]);
  });
});
