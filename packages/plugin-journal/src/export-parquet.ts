import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Row } from './chain.js';

/**
 * Writes rows into a Parquet file: `sequence` BIGINT, `time` TIMESTAMP_MS in UTC, `kind`, `data` (JSON) and `hash` as
 * text. DuckDB is loaded at the first call; rows go through a file of its own, so that a long journal needs no memory.
 *
 * @returns how many were written
 */
export async function exportParquet(rows: Iterable<Row>, path: string): Promise<number> {
  const { DuckDBInstance, DuckDBTimestampMillisecondsValue } = await import('@duckdb/node-api');
  const folder = mkdtempSync(join(tmpdir(), 'keelson-export-'));
  try {
    const instance = await DuckDBInstance.create(join(folder, 'rows.duckdb'));
    const connection = await instance.connect();
    try {
      await connection.run('CREATE TABLE records (sequence BIGINT, time TIMESTAMP_MS, kind VARCHAR, data VARCHAR, hash VARCHAR)');
      const appender = await connection.createAppender('records');
      let count = 0;
      for (const { sequence, time, kind, data, hash } of rows) {
        appender.appendBigInt(BigInt(sequence));
        appender.appendTimestampMilliseconds(new DuckDBTimestampMillisecondsValue(BigInt(Math.floor(time))));
        appender.appendVarchar(kind);
        appender.appendVarchar(data);
        appender.appendVarchar(hash);
        appender.endRow();
        count++;
      }
      appender.closeSync();
      await connection.run(`COPY (SELECT * FROM records ORDER BY sequence) TO '${path.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`);
      return count;
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
