import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where something is kept, with nothing in it yet. */
export type Place<Control> = {
  /** Folder of the account file: an empty one. */
  readonly baseDir: string;
  /** Settings, where they name the place. Default: those of the subject. */
  readonly params?: unknown;
  readonly control?: Control;
  /** The place as a start would find it if the process died now. Default: a copy of the folder. */
  readonly asStored?: () => Place<Control> | Promise<Place<Control>>;
  /** Removes it. */
  readonly close?: () => void | Promise<void>;
};

/** The place as it is stored now, apart. */
export async function storedPlace<Control>(place: Place<Control>): Promise<Place<Control>> {
  if (place.asStored !== undefined) return place.asStored();
  const baseDir = mkdtempSync(join(tmpdir(), 'keelson-stored-'));
  cpSync(place.baseDir, baseDir, { recursive: true });
  return { ...place, baseDir, close: () => rmSync(baseDir, { recursive: true, force: true }) };
}

/** Files in the folder of a place, with a hash of each. */
export function filesOf({ baseDir }: Place<unknown>): ReadonlyMap<string, string> {
  const names = (readdirSync(baseDir, { recursive: true }) as string[]).filter((name) => statSync(join(baseDir, name)).isFile());
  return new Map(names.map((name) => [name, createHash('sha256').update(readFileSync(join(baseDir, name))).digest('hex')]));
}
