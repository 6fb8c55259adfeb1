import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { barStoreSuite, declareSuite, journalSuite, type BarStorePlace, type JournalPlace, type KeptRow } from '@keelson/contract-tests';
import type { BarStoreContext, JournalContext, KeptFeature } from '@keelson/core/ports';
import Database from 'better-sqlite3';
import { afterAll, describe, it } from 'vitest';
import { sqliteBarStore } from './bar-window/sqlite-bar-store.js';
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

const FEATURES: readonly KeptFeature[] = ['atr', 'realisedVolatility', 'vwap', 'volumeTrend', 'spread', 'imbalance'];

/** The stores of a place that were made last. */
const stores = new Map<string, { readonly db: Database.Database }>();
const storeDefinition = {
  ...sqliteBarStore,
  create(context: BarStoreContext<unknown>) {
    const store = sqliteBarStore.create(context);
    stores.set(context.baseDir, store as unknown as { readonly db: Database.Database });
    return store;
  },
};

function storePlace(): BarStorePlace {
  const baseDir = mkdtempSync(join(folder, 'bars-'));
  const file = join(baseDir, 'bars.db');
  const limit = (pages: number): void => void (stores.get(baseDir) as { readonly db: Database.Database }).db.pragma(`max_page_count = ${pages}`);
  return {
    baseDir,
    control: {
      damage: () => {
        const bytes = readFileSync(file);
        bytes.fill(0x5a, 8_192, 40_960);
        writeFileSync(file, bytes);
      },
      replace: () => writeFileSync(file, 'time,open,high,low,close\n'.repeat(99)),
      fill: () => limit(1), // no fewer than there are
      makeRoom: () => limit(100_000),
      features({ source, instrument, timeframe: base }, timeframe) {
        const db = new Database(file, { readonly: true });
        try {
          const rows = db.prepare(`SELECT time, seen, ${FEATURES.join(', ')} FROM bars JOIN series ON series.id = bars.series WHERE source = ? AND instrument = ? AND base = ? AND timeframe = ? AND seen IS NOT NULL ORDER BY time`).all(source, instrument, base, timeframe);
          return rows.map((row) => Object.fromEntries(Object.entries(row as object).filter(([, value]) => value !== null)) as KeptRow);
        } finally {
          db.close();
        }
      },
    },
  };
}

declareSuite(barStoreSuite, { describe, it }, { definition: storeDefinition, place: storePlace }, { of: 'the sqlite store' });
