import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toUtcMs, type UtcMs } from '@keelson/core/domain';
import type { ContextFeed, ContextFeedDefinition, Logger, NewsFeed, NewsFeedDefinition, OpenDataFeed, Schema, SourceEvent } from '@keelson/core/ports';

/** Parameters as the kernel would pass them. */
export function parse<P>(schema: Schema<P>, params: unknown): P {
  const result = schema['~standard'].validate(params);
  if (result instanceof Promise) throw new Error('schema is asynchronous');
  if (result.issues) throw new Error(result.issues.map((issue) => issue.message).join('; '));
  return result.value;
}

export const at = (text: string): UtcMs => toUtcMs(Date.parse(text));

export class KeptLog implements Logger {
  readonly lines: string[] = [];
  debug(line: string): void { this.lines.push(line); }
  info(line: string): void { this.lines.push(line); }
  warn(line: string): void { this.lines.push(line); }
  error(line: string): void { this.lines.push(line); }
}

/** A folder with the given files. */
export function folder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const path = mkdtempSync(join(tmpdir(), 'keelson-context-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}

type Making = { readonly baseDir?: string; readonly log?: KeptLog; readonly dataFeed?: OpenDataFeed; readonly now?: () => UtcMs };

const noFeed: OpenDataFeed = () => { throw new Error('opens no feed'); };

export function contextFeed(definition: ContextFeedDefinition, params: unknown, { baseDir = '.', log = new KeptLog(), dataFeed = noFeed, now = () => toUtcMs(0) }: Making = {}): ContextFeed {
  return definition.create({ params: parse(definition.params, params), name: 'x', clock: { now }, logger: log, baseDir, dataFeed });
}

export function newsFeed(definition: NewsFeedDefinition, params: unknown, { baseDir = '.', log = new KeptLog() }: Making = {}): NewsFeed {
  return definition.create({ params: parse(definition.params, params), name: 'x', clock: { now: () => toUtcMs(0) }, logger: log, baseDir });
}

export const never = new AbortController().signal;

/** Events of a range, asked for at its middle unless `time` is given. */
export function readNews(feed: NewsFeed, from: string, to: string, time = to): Promise<readonly SourceEvent[]> {
  return feed.read({ time: at(time), from: at(from), to: at(to) }, never);
}

/** A server on this machine for as long as `use` runs; `address` has no slash at its end. */
export async function withServer<T>(listener: RequestListener, use: (address: string) => Promise<T>): Promise<T> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
