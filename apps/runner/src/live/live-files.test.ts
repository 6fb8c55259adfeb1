import { describe, expect, it } from 'vitest';
import { liveFilesOf } from './live-files.js';

const account = 'mes';

describe('the files of an account', () => {
  it('are one lock and one folder for commands, whatever journal, mode or speed it is run with', () => {
    const ways = [
      { account, mode: 'live', journal: undefined },
      { account, mode: 'paper', journal: undefined },
      { account, mode: 'paper', journal: undefined, data: { speed: '60x' } },
      { account, mode: 'paper', journal: { use: 'sqlite', config: { path: 'other.db' } } },
      { account, mode: 'live', journal: { use: 'mine', config: {} } },
      { account, mode: 'live', journal: { use: 'sqlite', config: { path: '/elsewhere/mes.db' } } },
    ] as const;
    const files = ways.map((way) => liveFilesOf(way, '/accounts'));
    expect([...new Set(files.map(({ lock, control }) => `${lock} ${control}`))]).toEqual(['/accounts/mes.run.lock /accounts/mes.control']);
    expect(files.map(({ journal }) => journal)).toEqual(['/accounts/mes.journal.db', '/accounts/mes.paper.journal.db', '/accounts/mes.played.journal.db', '/accounts/other.db', '/accounts/mes.journal.db', '/elsewhere/mes.db']);
  });

  it('are apart for accounts of other names and folders, and a journal that two of them name has a lock of its own', () => {
    const journal = { use: 'sqlite', config: { path: '/elsewhere/mes.db' } };
    const [one, other] = [liveFilesOf({ account, mode: 'live', journal }, '/a'), liveFilesOf({ account, mode: 'live', journal }, '/b')];
    expect(one.lock).not.toBe(other.lock);
    expect([one.journalLock, other.journalLock]).toEqual(['/elsewhere/mes.db.lock', '/elsewhere/mes.db.lock']);
    expect(liveFilesOf({ account: 'es', mode: 'live', journal: undefined }, '/a')).toMatchObject({ lock: '/a/es.run.lock', control: '/a/es.control' });
  });
});
