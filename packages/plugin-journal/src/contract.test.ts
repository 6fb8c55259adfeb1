import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declareSuite, journalSuite, type JournalPlace } from '@keelson/contract-tests';
import type { JournalContext } from '@keelson/core/ports';
import Database from 'better-sqlite3';
import { afterAll, describe, it } from 'vitest';
import { DROP_GUARDS, GUARDS } from './journal-file.js';
import { sqliteJournal } from './sqlite-journal.js';

const folder = mkdtempSync(join(tmpdir(), 'keelson-contract-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Works on a file as no journal would. */
function tamper(file: string, sql: string): void {
  const db = new Database(file);
  db.exec(`${DROP_GUARDS} ${sql}; ${GUARDS}`);
  db.close();
}

/** The journals of a place that were made last: their connections are what a full disk is played with. */
const made = new Map<string, { readonly db: Database.Database }>();
const definition = {
  ...sqliteJournal,
  create(context: JournalContext<unknown>) {
    const journal = sqliteJournal.create(context);
    made.set(context.baseDir, journal as unknown as { readonly db: Database.Database });
    return journal;
  },
};

function place(name: string): JournalPlace {
  const baseDir = mkdtempSync(join(folder, 'at-'));
  const file = join(baseDir, name);
  const limit = (pages: number | string): void => void (made.get(baseDir) as { readonly db: Database.Database }).db.pragma(`max_page_count = ${pages}`);
  return {
    baseDir,
    control: {
      damage: (record) => tamper(file, `UPDATE records SET data = '{}' WHERE sequence = ${record}`),
      remove: (record) => tamper(file, `DELETE FROM records WHERE sequence = ${record}`),
      cutOff: (record) => tamper(file, `DELETE FROM records WHERE sequence > ${record}`),
      replace: () => writeFileSync(file, 'time,open,high,low,close\n'.repeat(99)),
      fill: () => limit(1), // no fewer than there are
      makeRoom: () => limit(100_000),
    },
  };
}

const subjects = { 'the sqlite journal': [{}, 'contract.journal.db'], 'the sqlite journal of a named file': [{ path: 'one.db' }, 'one.db'] } as const;
for (const [of, [params, file]] of Object.entries(subjects)) declareSuite(journalSuite, { describe, it }, { definition, params, place: () => place(file) }, { of });
