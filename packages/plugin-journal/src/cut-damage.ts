import { constants, copyFileSync, existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { JournalRecord, Logger } from '@keelson/core/ports';
import type Database from 'better-sqlite3';
import type { Row } from './chain.js';
import { damageError } from './journal-errors.js';
import { DROP_GUARDS, GUARDS } from './journal-file.js';
import type { Inspection } from './read-journal.js';

/** Whether a record of this kind means that something was sent to the venue. */
const SENDS: Readonly<Record<JournalRecord['kind'], boolean>> = {
  run: false,
  bars: false,
  decision: false,
  intent: true,
  refusal: false,
  change: true,
  cancel: true,
  'broker-event': false,
  advice: false,
  proposal: false,
  'proposal-verdict': false,
  context: false,
  news: false,
  command: false,
  margin: false,
  plan: false,
  state: false,
  overlay: false,
};

/**
 * Goes on from the good records of a damaged journal. The whole file is copied aside first. What stands behind the
 * damage is given up only where each record of it can be read as one that sent nothing: an order that left and was
 * forgotten could be sent twice. Where that is not certain, the journal is left as it is.
 *
 * @returns the name of the copy
 * @throws KeelsonError `JRN_DAMAGED`
 */
export function cutDamage(db: Database.Database, path: string, { damage, sequence }: Inspection, synced: number, logger: Logger): string | undefined {
  if (damage === undefined) return undefined;
  const doubt = doubtBehind(db, sequence, synced);
  if (doubt !== undefined) throw damageError(path, damage, `, and ${doubt}`);
  db.pragma('wal_checkpoint(TRUNCATE)'); // so that one file holds all
  const copy = setAside(path, damage.sequence);
  const cut = db.transaction(() => {
    db.exec(DROP_GUARDS);
    const { changes } = db.prepare('DELETE FROM records WHERE sequence > ?').run(sequence);
    db.exec(GUARDS);
    db.prepare("UPDATE meta SET value = ? WHERE key = 'synced'").run(String(sequence));
    return changes;
  })();
  logger.warn(`${basename(path)} was damaged (${damage.found}): going on from record ${sequence}. ${cut} records behind it, none of which sent an order, are kept in ${basename(copy)}`);
  return copy;
}

/** Why something may have been sent behind the good records; undefined when nothing was. */
function doubtBehind(db: Database.Database, good: number, synced: number): string | undefined {
  let expected = good + 1;
  try {
    for (const { sequence, kind, data } of db.prepare<[number], Row>('SELECT sequence, time, kind, data, hash FROM records WHERE sequence > ? ORDER BY sequence').iterate(good)) {
      if (sequence !== expected) return `records ${expected} to ${sequence - 1} may have sent orders`;
      if (typeof kind !== 'string' || !Object.hasOwn(SENDS, kind) || typeof data !== 'string') return `record ${sequence} may have sent an order`;
      if (SENDS[kind as JournalRecord['kind']]) return `record ${sequence} behind it sent an order (${kind})`;
      expected++;
    }
  } catch {
    return `what stands behind record ${expected - 1} cannot be read`;
  }
  return expected <= synced ? `records ${expected} to ${synced} may have sent orders` : undefined;
}

function setAside(path: string, sequence: number): string {
  let copy = `${path}.damaged-${sequence}`;
  for (let i = 2; existsSync(copy); i++) copy = `${path}.damaged-${sequence}-${i}`;
  copyFileSync(path, copy, constants.COPYFILE_EXCL);
  return copy;
}
