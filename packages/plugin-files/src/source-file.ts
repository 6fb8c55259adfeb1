import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { createGunzip } from 'node:zlib';
import { DataError, messageOf } from '@keelson/core/errors';
import { closest } from './suggest.js';

const BLOCK_BYTES = 1 << 20;
const MAGIC_BYTES = 512;
/** How many names of a folder are shown when nothing is near. */
const SHOWN_NAMES = 5;

export type FileKind = 'csv' | 'csv.gz' | 'parquet';

/**
 * Looks at a file's first bytes.
 * @throws DataError DATA_MISSING, DATA_EMPTY, DATA_FORMAT
 */
export async function kindOf(file: string, path: string, wanted: 'auto' | 'csv' | 'parquet'): Promise<FileKind> {
  const head = await readHead(file, path);
  const kind = kindByBytes(file, head);
  const found = kind === 'parquet' ? 'parquet' : 'csv';
  if (wanted !== 'auto' && wanted !== found) {
    throw new DataError('DATA_FORMAT', `${file} is ${found === 'csv' ? 'not Parquet (it does not start with PAR1)' : 'Parquet'}, expected ${wanted}`, { hint: `set format: ${found} or auto, or give another file` });
  }
  if (kind === 'csv' && /\.(parquet|pq)$/i.test(path)) {
    throw new DataError('DATA_FORMAT', `${file} does not start with PAR1, expected a Parquet file by its name`, { hint: 'write the file anew, or set format: csv and name it .csv' });
  }
  if (kind === 'csv' && /\.gz$/i.test(path)) {
    throw new DataError('DATA_FORMAT', `${file} is not compressed, expected gzip by its name`, { hint: 'name it .csv, or compress it' });
  }
  return kind;
}

async function readHead(file: string, path: string): Promise<Buffer> {
  const info = await stat(path).catch(async (error: unknown) => {
    throw await missing(file, path, error);
  });
  if (info.isDirectory()) throw new DataError('DATA_FORMAT', `${file} is a folder, expected a file`, { hint: 'name the file in it' });
  if (info.isFile() && info.size === 0) throw new DataError('DATA_EMPTY', `${file} has 0 bytes, expected bars`, { hint: 'give a file with bars' });
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw new DataError('DATA_MISSING', `${file} cannot be opened (${messageOf(error)}), expected a readable file`, { hint: 'correct its permissions', cause: error });
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAGIC_BYTES), 0, MAGIC_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function missing(file: string, path: string, cause: unknown): Promise<DataError> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => undefined);
  const near = names === undefined ? undefined : closest(basename(path), names);
  const usable = (names ?? []).filter((name) => /\.(csv|txt|tsv|gz|parquet|pq)$/i.test(name)).sort();
  const hint = names === undefined ? `the folder ${dirname(file)} does not exist; paths are relative to the account file`
    : near !== undefined ? `did you mean ${near}?`
    : usable.length > 0 ? `the folder has ${usable.slice(0, SHOWN_NAMES).join(', ')}${usable.length > SHOWN_NAMES ? ' and more' : ''}; paths are relative to the account file`
    : 'correct the path; it is relative to the account file';
  return new DataError('DATA_MISSING', `${file} does not exist, expected a file with bars`, { hint, cause });
}

function kindByBytes(file: string, head: Buffer): FileKind {
  const starts = (...bytes: number[]): boolean => bytes.every((byte, i) => head[i] === byte);
  if (starts(0x1f, 0x8b)) return 'csv.gz';
  if (starts(0x50, 0x41, 0x52, 0x31)) return 'parquet';
  rejectBinary(file, head);
  return 'csv';
}

/**
 * Tells binary content from text by its first bytes.
 * @throws DataError DATA_FORMAT
 */
export function rejectBinary(file: string, head: Buffer): void {
  const sample = head.subarray(0, MAGIC_BYTES);
  const fail = (found: string, hint: string): never => {
    throw new DataError('DATA_FORMAT', `${file} ${found}, expected CSV text, gzip of it, or Parquet`, { hint });
  };
  if ((sample[0] === 0xff && sample[1] === 0xfe) || (sample[0] === 0xfe && sample[1] === 0xff)) fail('is UTF-16 text', 'save it as UTF-8');
  if (sample[0] === 0x50 && sample[1] === 0x4b && sample[2] === 3) fail('is a zip archive or a spreadsheet', 'unpack it, or export it as CSV');
  if (sample[0] === 0x28 && sample[1] === 0xb5 && sample[2] === 0x2f && sample[3] === 0xfd) fail('is compressed with zstd', 'unpack it, or compress it with gzip');
  const control = sample.findIndex((byte) => byte < 9 || (byte > 13 && byte < 32) || byte === 127);
  if (control >= 0) fail(`is binary (byte 0x${(sample[control] as number).toString(16).padStart(2, '0')} at ${control})`, 'give a text file');
}

/** Streams a file's text in blocks, unpacked where it is compressed, and hashes the file's own bytes on the way. */
export class SourceFile {
  private readonly sha = createHash('sha256');

  constructor(readonly path: string, private readonly compressed: boolean) {}

  /** Blocks of about 1 MiB. Fails with zlib's own error on a broken archive. */
  async *blocks(): AsyncGenerator<Buffer> {
    const raw = createReadStream(this.path, { highWaterMark: BLOCK_BYTES });
    if (!this.compressed) {
      for await (const block of raw as AsyncIterable<Buffer>) {
        this.sha.update(block);
        yield block;
      }
      return;
    }
    const unpacked = createGunzip({ chunkSize: BLOCK_BYTES });
    const ended = new Promise<void>((resolve) => raw.once('close', resolve));
    raw.on('data', (block) => this.sha.update(block));
    raw.on('error', (error) => unpacked.destroy(error));
    raw.pipe(unpacked);
    try {
      yield* unpacked as AsyncIterable<Buffer>;
      await ended;
    } finally {
      raw.destroy();
      unpacked.destroy();
    }
  }

  /** `sha256:…` of the file; to be asked once, after the last block. */
  hash(): string {
    return `sha256:${this.sha.digest('hex')}`;
  }
}

/** Lines that can be read from a broken gzip file before the break. */
export async function linesBeforeBreak(path: string): Promise<number> {
  const raw = createReadStream(path, { highWaterMark: BLOCK_BYTES });
  const unpacked = createGunzip({ chunkSize: BLOCK_BYTES });
  raw.on('error', (error) => unpacked.destroy(error));
  raw.pipe(unpacked);
  let lines = 0;
  try {
    for await (const block of unpacked as AsyncIterable<Buffer>) for (let at = block.indexOf(10); at >= 0; at = block.indexOf(10, at + 1)) lines++;
  } catch {
    // All that could be unpacked has come by now: the count is the answer.
  } finally {
    raw.destroy();
    unpacked.destroy();
  }
  return lines;
}

/** `sha256:…` of a file. */
export async function hashFile(path: string): Promise<string> {
  const sha = createHash('sha256');
  for await (const block of createReadStream(path, { highWaterMark: BLOCK_BYTES }) as AsyncIterable<Buffer>) sha.update(block);
  return `sha256:${sha.digest('hex')}`;
}
