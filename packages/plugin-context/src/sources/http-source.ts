import { DataError } from '@keelson/core/errors';

export type Fetch = (url: string, init: { readonly headers: Readonly<Record<string, string>>; readonly redirect: 'manual'; readonly signal: AbortSignal }) => Promise<Response>;

export type Answer = { readonly bytes: Uint8Array; readonly contentType: string };

const MOST_BYTES = 8 * 1024 * 1024;
const MOST_REDIRECTS = 5;

/**
 * Gets one document over HTTP, and asks next time only whether it has changed (`ETag`, `Last-Modified`). Messages
 * name the host and nothing else of an address: paths, queries and headers may hold secrets.
 */
export class HttpSource {
  private last: { readonly url: string; readonly etag: string | null; readonly modified: string | null; readonly answer: Answer } | undefined;

  constructor(
    private readonly fetch: Fetch,
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  /** @throws DataError DATA_FEED for anything but a document */
  async get(url: string, cancel: AbortSignal): Promise<Answer> {
    let target = new URL(url);
    const { host, origin } = target;
    for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
      const response = await this.request(target, target.origin === origin ? { ...this.conditions(url), ...this.headers } : {}, cancel);
      if (response.status === 304 && this.last?.url === url) {
        await response.body?.cancel();
        return this.last.answer;
      }
      const location = response.headers.get('location');
      if (response.status >= 300 && response.status < 400 && location !== null) {
        await response.body?.cancel();
        if (!URL.canParse(location, target.href)) throw fault(host, 'redirected to no address', 'give the address that it redirects to');
        target = new URL(location, target.href);
        if (target.protocol !== 'http:' && target.protocol !== 'https:') throw fault(host, 'redirected to something other than http', 'give the address that it redirects to');
        continue;
      }
      if (!response.ok) {
        await response.body?.cancel();
        throw fault(host, `answered with status ${response.status}`, response.status === 401 || response.status === 403 ? 'see whether the key is right' : 'see what it says in a browser');
      }
      const answer = { bytes: await bodyOf(response, host), contentType: response.headers.get('content-type') ?? '' };
      this.last = { url, etag: response.headers.get('etag'), modified: response.headers.get('last-modified'), answer };
      return answer;
    }
    throw fault(host, `redirected more than ${MOST_REDIRECTS} times`, 'give the address that it redirects to');
  }

  private conditions(url: string): Record<string, string> {
    if (this.last?.url !== url) return {};
    const { etag, modified } = this.last;
    return { ...(etag === null ? {} : { 'if-none-match': etag }), ...(modified === null ? {} : { 'if-modified-since': modified }) };
  }

  private async request(target: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response> {
    try {
      return await this.fetch(target.href, { headers, redirect: 'manual', signal });
    } catch (error) {
      throw fault(target.host, `could not be reached (${reasonOf(error)})`, 'see whether it is up, and whether the address is right');
    }
  }
}

async function bodyOf(response: Response, host: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > MOST_BYTES) throw fault(host, `answered with more than ${MOST_BYTES} bytes`, 'ask for less');
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw fault(host, `broke off its answer (${reasonOf(error)})`, 'see whether it is well');
  }
  return Buffer.concat(parts);
}

/** A code where there is one: the text of these errors can hold the whole address. */
function reasonOf(error: unknown): string {
  const { code, cause, name } = (error ?? {}) as { readonly code?: unknown; readonly cause?: { readonly code?: unknown }; readonly name?: unknown };
  if (name === 'AbortError') return 'it took too long';
  const known = cause?.code ?? code;
  return typeof known === 'string' ? known : 'no connection';
}

function fault(host: string, what: string, hint: string): DataError {
  return new DataError('DATA_FEED', `${host} ${what}, expected a document`, { hint });
}
