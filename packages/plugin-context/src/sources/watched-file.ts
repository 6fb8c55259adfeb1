import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DataError, messageOf } from '@keelson/core/errors';

const MOST_BYTES = 64 * 1024 * 1024;

/** What a file holds, read once and again when it has changed. */
export class WatchedFile<T> {
  private version = '';
  private content: { readonly value: T } | { readonly error: unknown } | undefined;

  constructor(
    private readonly path: string,
    private readonly baseDir: string,
    private readonly parse: (bytes: Buffer, file: string) => T,
  ) {}

  /** Where it must be: an absolute path. */
  get location(): string {
    return resolve(this.baseDir, this.path);
  }

  /**
   * @param suffices whether what is known is enough; if not, the file is looked at for more
   * @throws DataError DATA_MISSING, and what `parse` throws
   */
  async read(suffices: (content: T) => boolean): Promise<T> {
    const { content } = this;
    if (content !== undefined && 'value' in content && suffices(content.value)) return content.value;
    const path = this.location;
    try {
      const { mtimeMs, size } = await stat(path);
      if (size > MOST_BYTES) throw new DataError('DATA_FORMAT', `${this.path} has ${size} bytes, expected at most ${MOST_BYTES}`, { hint: 'give a smaller file' });
      const version = `${mtimeMs} ${size}`;
      if (version !== this.version || this.content === undefined) {
        const bytes = await readFile(path);
        this.version = version;
        this.content = this.parsed(bytes);
      }
    } catch (error) {
      const code = (error as { readonly code?: unknown } | null)?.code;
      if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EISDIR' && code !== 'EACCES') throw error;
      throw new DataError('DATA_MISSING', `${this.path} cannot be read (${String(code)}), expected a file`, { hint: 'correct the path; it is relative to the account file', cause: messageOf(error) });
    }
    const known = this.content;
    if ('error' in known) throw known.error;
    return known.value;
  }

  private parsed(bytes: Buffer): { readonly value: T } | { readonly error: unknown } {
    try {
      return { value: this.parse(bytes, this.path) };
    } catch (error) {
      return { error };
    }
  }
}
