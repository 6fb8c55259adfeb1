import { ConfigError } from '@keelson/core/errors';
import { z } from 'zod';
import { HttpSource, type Fetch } from './http-source.js';
import { WatchedFile } from './watched-file.js';
import { checkAddress } from './web-address.js';

/** Settings of what is a file or an address. */
export const documentParams = {
  path: z.string().min(1).optional().describe('A file, relative to the account file. Either this or url.'),
  url: z.string().min(1).optional().describe('An address of http or https.'),
  headers: z.record(z.string(), z.string()).default({}).describe('Sent to the address; keys come from the environment.'),
};

type DocumentSettings = { readonly path?: string | undefined; readonly url?: string | undefined; readonly headers: Readonly<Record<string, string>> };

/** A document that is read again and again, and parsed again when it has changed. */
export class Document<T> {
  /** False for an address: what stands there now is not what stood there then. */
  readonly history: boolean;
  private readonly file: WatchedFile<T> | undefined;
  private readonly source: HttpSource;
  private parsed: { readonly bytes: Uint8Array; readonly value: T } | undefined;

  /** @throws ConfigError when there is not one of path and url, or the address is none */
  constructor(
    private readonly settings: DocumentSettings,
    baseDir: string,
    fetch: Fetch,
    /** @param name for messages: the file, or the host of the address */
    private readonly parse: (bytes: Uint8Array, contentType: string, name: string) => T,
  ) {
    const { path, url, headers } = settings;
    if ((path === undefined) === (url === undefined)) {
      throw new ConfigError(path === undefined ? 'CFG_MISSING' : 'CFG_CONFLICT', `${path === undefined ? 'neither path nor url was given' : 'url was given beside path'}, expected one of the two`, { hint: path === undefined ? 'add path or url' : 'remove one' });
    }
    if (url !== undefined) checkAddress(url);
    this.history = path !== undefined;
    this.file = path === undefined ? undefined : new WatchedFile(path, baseDir, (bytes, name) => parse(bytes, '', name));
    this.source = new HttpSource(fetch, headers);
  }

  /** The file that must be there; none for an address. */
  get files(): readonly string[] {
    return this.file === undefined ? [] : [this.file.location];
  }

  /** @param suffices whether what a file held is enough, without another look at it */
  async read(cancel: AbortSignal, suffices: (content: T) => boolean): Promise<T> {
    if (this.file !== undefined) return await this.file.read(suffices);
    const url = this.settings.url as string;
    const { bytes, contentType } = await this.source.get(url, cancel);
    if (this.parsed?.bytes !== bytes) this.parsed = { bytes, value: this.parse(bytes, contentType, new URL(url).host) };
    return this.parsed.value;
  }
}
