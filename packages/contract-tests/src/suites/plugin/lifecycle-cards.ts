import { definePlugin } from '@keelson/core/plugin';
import { KeptLog } from '../../fakes/kept-log.js';
import { OFFLINE, type Card } from '../../frame/card.js';
import { expectEqual } from '../../frame/expectations.js';
import { leftOpen } from './left-open.js';
import type { PluginSubject } from './plugin-subject.js';
import { recordRegister, withSoundManifest } from './record-register.js';
import { composeAround, runAround } from './run-account.js';

export const lifecycleCards: ReadonlyArray<Card<PluginSubject>> = [
  {
    id: 'PLG-200',
    title: 'register opens nothing',
    why: 'a check of an account registers its plugins and starts none: what register opens is never closed',
    tiers: OFFLINE,
    run: async (subject) => expectEqual(await leftOpen(() => void recordRegister(subject)), [], 'what register left open'),
  },
  {
    id: 'PLG-210',
    title: 'starts and stops with an account',
    why: 'an account whose plugin cannot start does not run, and one whose plugin cannot stop does not end cleanly',
    tiers: OFFLINE,
    run: (subject) => runAround(withSoundManifest(subject)),
  },
  {
    id: 'PLG-220',
    title: 'leaves nothing open once it was stopped',
    why: 'the process would not end',
    tiers: OFFLINE,
    async run(subject) {
      const engine = composeAround(withSoundManifest(subject), new KeptLog());
      const left = await leftOpen(async () => {
        await engine.run().catch(() => undefined); // PLG-210 tells
      });
      expectEqual(left, [], 'what the account left open');
    },
  },
  {
    id: 'PLG-230',
    title: 'starts again after it was stopped',
    why: 'a runner restarts an account in the same process',
    tiers: OFFLINE,
    async run(subject) {
      const plugin = withSoundManifest(subject);
      const [first] = await Promise.allSettled([runAround(plugin)]);
      if (first.status === 'fulfilled') await runAround(plugin); // PLG-210 tells where even the first cannot start
    },
  },
  {
    id: 'PLG-240',
    title: 'serves two accounts at the same time',
    why: 'a state of its own outside of register would mix them up',
    tiers: OFFLINE,
    async run(subject) {
      const plugin = withSoundManifest(subject);
      const logs = [new KeptLog(), new KeptLog()];
      const engines = logs.map((log) => composeAround(plugin, log));
      const ends = await Promise.allSettled(engines.map(async (engine) => engine.run()));
      const alone = await Promise.allSettled([runAround(withSoundManifest(subject))]);
      if (alone[0].status === 'rejected') return; // it cannot run at all: PLG-210 tells
      const faults = [...ends.flatMap((end) => (end.status === 'rejected' ? [String(end.reason)] : [])), ...logs.flatMap(({ entries }) => entries.filter(({ level }) => level === 'error').map(({ message }) => message))];
      expectEqual(faults, [], 'faults of two accounts at the same time');
    },
  },
  {
    id: 'PLG-250',
    title: 'stop does no harm where nothing was started',
    why: 'the kernel stops every plugin when one of them fails to start',
    tiers: OFFLINE,
    async run(subject) {
      const stops: Array<() => void | Promise<void>> = [];
      const plugin = withSoundManifest(subject);
      const unstarted = definePlugin<unknown>({ ...plugin, register: (context) => plugin.register({ ...context, onStart: () => undefined, onStop: (stop) => void stops.push(stop) }) });
      composeAround(unstarted, new KeptLog());
      for (const stop of stops.reverse()) await stop();
    },
  },
];
