import { BAR_STORE, JOURNAL, definePlugin } from '@keelson/core/plugin';
import { sqliteBarStore } from './bar-window/sqlite-bar-store.js';
import { sqliteJournal } from './sqlite-journal.js';

export { damageError, journalError } from './journal-errors.js';
export type { Damage, Row } from './chain.js';
export type { JournalMeta } from './journal-file.js';
export { exportParquet } from './export-parquet.js';
export { JournalView, readRows, recordOf, recordsOf, verifyJournal, type JournalReport } from './read-journal.js';
export { SqliteJournal, journalPath, type SqliteJournalParts } from './sqlite-journal.js';

export default definePlugin({
  name: '@keelson/plugin-journal',
  version: '0.1.0',
  api: '^1.0.0',
  provides: ['journal', 'bar-store'],
  register({ add }) {
    add(JOURNAL, 'sqlite', sqliteJournal);
    add(BAR_STORE, 'sqlite', sqliteBarStore);
  },
});
