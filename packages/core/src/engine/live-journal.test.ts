import { describe, expect, it } from 'vitest';
import { toUtcMs } from '../domain/units.js';
import type { JournalRecord } from '../ports/journal.js';
import { LiveJournal } from './live-journal.js';

const record: JournalRecord = { kind: 'bars', time: toUtcMs(1), data: {} };

function journal(): { readonly live: LiveJournal; readonly disk: { full: boolean; written: number }; readonly told: Array<[string, boolean]> } {
  const disk = { full: false, written: 0 };
  const told: Array<[string, boolean]> = [];
  const write = (): void => {
    if (disk.full) throw new Error('disk full');
    disk.written++;
  };
  const live = new LiveJournal((reason, isNew) => told.push([reason, isNew])).over({ enabled: true, append: write, sync: write, read: () => [], close: () => undefined });
  live.silent = false;
  return { live, disk, told };
}

describe('LiveJournal', () => {
  it('writes nothing while the past is recalled', () => {
    const { live, disk } = journal();
    live.silent = true;
    live.append(record);
    live.sync();
    expect(disk.written).toBe(0);
  });

  it('tells of every failed write, and which one is the first', () => {
    const { live, disk, told } = journal();
    disk.full = true;
    live.append(record);
    live.sync();
    expect(told).toEqual([['disk full', true], ['disk full', false]]);
    expect(live.fault).toBe('disk full');
  });

  it('is sound again once everything is on the disk, and not before', () => {
    const { live, disk, told } = journal();
    disk.full = true;
    live.sync();
    disk.full = false;
    live.append(record);
    expect(live.fault).toBe('disk full');
    live.sync();
    expect(live.fault).toBeUndefined();
    disk.full = true;
    live.sync();
    expect(told.at(-1)).toEqual(['disk full', true]);
  });
});
