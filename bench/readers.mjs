import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { once } from 'node:events';
import { DuckDBInstance } from '@duckdb/node-api';
import { calendarById, parseTimeframe } from '@keelson/core/domain';
import { fileFeedParams, readBars } from '@keelson/plugin-files';

/** Reads one file of the bars several times, quality gate on, and the same file by DuckDB alone in turns. */
export async function measureReader(format, bars, folder, runs) {
  const csv = join(folder, 'bars.csv');
  await writeCsv(csv, bars);
  const connection = await (await DuckDBInstance.create()).connect();
  const path = format === 'csv' ? csv : join(folder, 'bars.parquet');
  if (format === 'parquet') await connection.run(`COPY (SELECT * FROM read_csv('${csv}')) TO '${path}' (FORMAT parquet)`);
  const instrument = { id: 'X', venue: 'SIM', type: 'future', currency: 'USD', multiplier: 1, tickSize: 0.25, lotSize: 1, calendar: '24/7', symbols: {} };
  const request = { instrument, calendar: calendarById('24/7'), timeframe: parseTimeframe('1m') };
  const settings = fileFeedParams.parse({ path });
  const ours = [];
  const duck = [];
  for (let i = 0; i < runs; i++) {
    let begin = performance.now();
    const read = await readBars(path, path, request, settings);
    ours.push((performance.now() - begin) / 1000);
    if (read.bars !== bars.length) throw new Error(`read ${read.bars} of ${bars.length} bars`);
    begin = performance.now();
    const result = await connection.runAndReadAll(`SELECT count(*), sum(epoch_ms(timestamp)), sum(open), sum(high), sum(low), sum(close), sum(volume) FROM ${format === 'csv' ? 'read_csv' : 'read_parquet'}('${path}')`);
    result.getRows();
    duck.push((performance.now() - begin) / 1000);
  }
  const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  return { name: format, bars: bars.length, seconds: round(median(ours)), firstSeconds: round(ours[0]), duckdbAloneSeconds: round(median(duck)), barsPerSecond: Math.round(bars.length / median(ours)) };
}

async function writeCsv(path, bars) {
  const file = createWriteStream(path);
  file.write('timestamp,open,high,low,close,volume\n');
  for (let start = 0; start < bars.length; start += 10_000) {
    let text = '';
    for (let i = start; i < Math.min(bars.length, start + 10_000); i++) {
      text += `${new Date(bars.time[i]).toISOString().slice(0, 19).replace('T', ' ')},${bars.open[i]},${bars.high[i]},${bars.low[i]},${bars.close[i]},${bars.volume[i]}\n`;
    }
    if (!file.write(text)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

const round = (value) => Number(value.toFixed(3));
