import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

type Entry = readonly [kind: string, key: string, value: unknown];

/**
 * What must outlive the simulator: the newest value under each kind and key, in a file of JSON lines.
 * What belongs together, such as a fill with its order and its money, is one line: it is there whole or
 * not at all when the process is killed. Each line is written before the call returns, so nothing that a
 * client was told is lost. A line cut off by the kill is left out when the file is read; the file is made
 * small again at each start. Without a path the state ends with the process.
 */
export class StateFile {
  private readonly kinds = new Map<string, Map<string, string>>();
  private readonly waiting: string[] = [];
  private file: number | undefined;

  /** @throws Error when the file holds something else */
  constructor(path?: string) {
    if (path === undefined) return;
    if (existsSync(path)) this.read(path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, [...this.lines()].join(''));
    renameSync(`${path}.new`, path);
    this.file = openSync(path, 'a');
  }

  /** Keeps a value, in the file from the next {@link commit} on. */
  put(kind: string, key: string | number, value: unknown): void {
    const text = JSON.stringify(value);
    this.keep(kind, String(key), text);
    if (this.file !== undefined) this.waiting.push(entryOf(kind, String(key), text));
  }

  /** Writes what was put since the last time, all of it as one. */
  commit(): void {
    if (this.file !== undefined && this.waiting.length > 0) writeSync(this.file, lineOf(this.waiting.splice(0)));
  }

  /** All values of a kind, in the order in which their keys were first put. */
  all(kind: string): readonly unknown[] {
    return [...(this.kinds.get(kind)?.values() ?? [])].map((text) => JSON.parse(text) as unknown);
  }

  close(): void {
    this.commit();
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  private keep(kind: string, key: string, text: string): void {
    let values = this.kinds.get(kind);
    if (values === undefined) this.kinds.set(kind, (values = new Map()));
    values.set(key, text);
  }

  private read(path: string): void {
    const lines = readFileSync(path, 'utf8').split('\n');
    for (const [index, line] of lines.entries()) {
      if (line === '') continue;
      let entries: unknown;
      try {
        entries = JSON.parse(line);
      } catch {
        // A kill can cut off only the last line.
        if (index === lines.length - 1) return;
      }
      if (!Array.isArray(entries) || !entries.every(isEntry)) throw new Error(`${path}: line ${index + 1} was ${line.slice(0, 40)}, expected entries of the simulator's state: give another file, or delete this one to start anew`);
      for (const [kind, key, value] of entries) this.keep(kind, key, JSON.stringify(value));
    }
  }

  private *lines(): Generator<string> {
    for (const [kind, values] of this.kinds) {
      for (const [key, text] of values) yield lineOf([entryOf(kind, key, text)]);
    }
  }
}

const entryOf = (kind: string, key: string, text: string): string => `[${JSON.stringify(kind)},${JSON.stringify(key)},${text}]`;

const lineOf = (entries: readonly string[]): string => `[${entries.join(',')}]\n`;

const isEntry = (entry: unknown): entry is Entry => Array.isArray(entry) && entry.length === 3 && typeof entry[0] === 'string' && typeof entry[1] === 'string';
