import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalRecord, Schema } from '@keelson/core/ports';
import { z } from 'zod';
import type { JournalControl, JournalPlace, JournalSubject } from '../src/suites/journal/journal-subject.js';
import { folders } from './folders.js';
import { JsonLinesJournal } from './json-lines-journal.js';

const newFolder = folders();
/** Where the lines of a file begin, behind its head. */
export const HEAD_BYTES = 512;
export const strict = z.strictObject({ path: z.string().optional() });

export type Parts = ConstructorParameters<typeof JsonLinesJournal>[0];
/** What a twin needs to get at. */
export type Insides = { waiting: string[]; file: number | undefined; bytes: number; put: () => void };
type Make = (parts: Parts) => JsonLinesJournal;

/** The head and the lines of a file, changed by hand. */
export function edit(path: string, change: (lines: string[], head: { account: string; purpose: string; synced: number }) => readonly string[]): void {
  const text = readFileSync(path, 'utf8');
  const head = JSON.parse(text.slice(0, HEAD_BYTES)) as { account: string; purpose: string; synced: number };
  const lines = change(text.slice(HEAD_BYTES).split('\n').slice(0, -1), head);
  writeFileSync(path, `${JSON.stringify(head).padEnd(HEAD_BYTES - 1)}\n${lines.map((line) => `${line}\n`).join('')}`);
}

/** The sample journal, or one that `make` makes, on places whose files the cards can damage. */
export function subjectOf(make: Make = (parts) => new JsonLinesJournal(parts), { params = strict as Schema, settings = { path: 'one.jsonl' } as object, asStored }: { readonly params?: Schema; readonly settings?: object; readonly asStored?: (copy: JournalPlace) => void } = {}): JournalSubject {
  const latest = new Map<string, JsonLinesJournal>();
  const insides = (baseDir: string): Insides => latest.get(baseDir) as unknown as Insides;
  return {
    params: settings,
    definition: {
      params,
      create: (context) => {
        const journal = make(context as Parts);
        latest.set(context.baseDir, journal);
        return journal;
      },
    },
    place(): JournalPlace {
      const baseDir = newFolder();
      const path = (): string => ['one.jsonl', 'contract.live.jsonl'].map((name) => join(baseDir, name)).find((name) => existsSync(name)) ?? join(baseDir, 'one.jsonl');
      const control: JournalControl = {
        damage: (record) => edit(path(), (lines) => lines.map((line, i) => (i === record - 1 ? line.replace(/record \d+/, 'something else') : line))),
        remove: (record) => edit(path(), (lines) => lines.filter((_, i) => i !== record - 1)),
        cutOff: (record) => edit(path(), (lines) => lines.slice(0, record)),
        replace: () => ['one.jsonl', 'contract.live.jsonl'].forEach((name) => writeFileSync(join(baseDir, name), 'time,open,high,low,close\n'.repeat(99))),
        fill: () => {
          insides(baseDir).put = () => {
            throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
          };
        },
        makeRoom: () => void delete (insides(baseDir) as Partial<Insides>).put,
      };
      const stored = async (): Promise<JournalPlace> => {
        const copy = { baseDir: newFolder() };
        await cp(baseDir, copy.baseDir, { recursive: true });
        asStored?.(copy);
        return copy;
      };
      return { baseDir, control, ...(asStored === undefined ? {} : { asStored: stored }) };
    },
  };
}

/** A journal that does something to what it finds before it opens it. */
export const finding = (change: (path: string, parts: Parts) => Parts | void): JournalSubject =>
  subjectOf((parts) => {
    const path = join(parts.baseDir, 'one.jsonl');
    const isOwn = existsSync(path) && readFileSync(path, 'utf8').startsWith('{');
    return new JsonLinesJournal((isOwn ? change(path, parts) : undefined) ?? parts);
  });

export const bodyOf = (line: string): string => line.slice(65);
export const traded = (lines: readonly string[]): boolean => lines.some((line) => bodyOf(line).startsWith('{"kind":"change"'));

/** The same records with a chain that is whole. */
export function mended(parts: Parts, path: string): void {
  const lines = readFileSync(path, 'utf8').slice(HEAD_BYTES).split('\n').slice(0, -1).map(bodyOf);
  rmSync(path);
  const journal = new JsonLinesJournal(parts);
  for (const line of lines) journal.append(JSON.parse(line) as JournalRecord);
  journal.close();
}

/** Whether the chain of a file holds, whatever its head says. */
export function isWhole(parts: Parts, path: string): boolean {
  const text = readFileSync(path);
  try {
    edit(path, (lines, head) => ((head.synced = 0), lines));
    const count = [...new JsonLinesJournal(parts).read()].length;
    return count === text.subarray(HEAD_BYTES).toString().split('\n').length - 1;
  } finally {
    writeFileSync(path, text);
  }
}

/** Keeps records back until somebody asks. */
export class Held extends JsonLinesJournal {
  protected held: JournalRecord[] = [];
  private over = false;
  protected take(record: JournalRecord): JournalRecord {
    return structuredClone(record);
  }
  override append(record: JournalRecord): void {
    if (this.over) throw new Error('closed');
    this.held.push(this.take(record));
  }
  override sync(): void {
    this.pour();
    super.sync();
  }
  override read(): Generator<JournalRecord, void, undefined> {
    this.pour();
    return super.read();
  }
  override close(): void {
    if (!this.over) this.end();
    this.over = true;
    super.close();
  }
  protected end(): void {
    this.pour();
  }
  protected pour(): void {
    for (let next = this.held.shift(); next !== undefined; next = this.held.shift()) super.append(next);
  }
}

export const numberOf = ({ data }: JournalRecord): number | undefined => (data as { readonly number?: number } | null)?.number;
export const isFull = (thrown: unknown): boolean => thrown instanceof Error && thrown.message.includes('no space left');

/** A journal of a class that differs from the sample in one way; the class may look at what its journal is made with. */
export const ofClass = (classOf: (parts: Parts) => new (parts: Parts) => JsonLinesJournal): JournalSubject => subjectOf((parts) => new (classOf(parts))(parts));
