import { ConfigError, isKeelsonError, KeelsonError, messageOf } from '@keelson/core/errors';
import { isCollection, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import { applySetting } from './apply-setting.js';
import { shieldReferences, substituteEnvironment, unshield } from './substitute-env.js';
import type { Secrets } from './secrets.js';

export type Position = { readonly line: number; readonly column: number };

const HINTS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'remove one of them',
  TAB_AS_INDENT: 'indent with spaces',
  MULTIPLE_DOCS: 'keep one document in a file: remove the line ---',
  TAG_RESOLVE_FAILED: 'remove the tag, or quote the text',
};

/** One account file as YAML, with the place of every value. */
export class AccountDocument {
  private readonly lines = new LineCounter();
  private readonly document: Document;
  private readonly settings: { readonly path: string; readonly text: string }[] = [];

  /** @param shown how the file is named in messages */
  constructor(readonly shown: string, text: string) {
    this.document = parseDocument(shieldReferences(text), { lineCounter: this.lines, prettyErrors: false, logLevel: 'error' });
  }

  /** Faults of the YAML itself, placed. */
  syntaxFaults(): KeelsonError[] {
    return [...this.document.errors, ...this.document.warnings].map((error) => {
      const hint = HINTS[error.code] ?? 'correct the line; quote text that holds : # { [ , & * ! | > % @';
      const found = error.code === 'MULTIPLE_DOCS' ? 'a second document begins' : unshield(error.message.split('\n')[0] ?? error.message).replace(/[.:]$/, '');
      const { line, col } = this.lines.linePos(error.pos[0]);
      return new ConfigError('CFG_YAML', `the text was not YAML (${found}), expected valid YAML`, { hint, context: { at: { line, column: col } }, cause: error });
    });
  }

  /** True when the tree can be read in spite of the faults of the syntax. */
  get readable(): boolean {
    return this.document.errors.every((error) => error.code === 'DUPLICATE_KEY');
  }

  /** Applies one `path=value` of the command line. */
  set(setting: string): KeelsonError[] {
    try {
      const path = applySetting(this.document, setting);
      this.settings.push({ path, text: setting });
      return [];
    } catch (error) {
      if (isKeelsonError(error)) return [error];
      throw error;
    }
  }

  /** Fills in the environment; call once, after {@link set}. */
  fillIn(environment: Readonly<Record<string, string | undefined>>, secrets: Secrets): KeelsonError[] {
    return substituteEnvironment(this.document, environment, secrets);
  }

  /** The values as plain data. */
  value(): unknown {
    try {
      return this.document.toJS() as unknown;
    } catch (error) {
      throw new ConfigError('CFG_YAML', `${this.shown} could not be expanded (${messageOf(error)}), expected few and small aliases`, { hint: 'write the values out', cause: error });
    }
  }

  /** The `--set` that gave the value at a dotted path, if one did. */
  settingFor(path: string): string | undefined {
    return this.settings.findLast((setting) => path === setting.path || path.startsWith(`${setting.path}.`) || setting.path.startsWith(`${path}.`))?.text;
  }

  /** Where a dotted path stands: its key, or the nearest thing above it that exists. */
  positionOf(path: string): Position | undefined {
    let node: unknown = this.document.contents;
    let offset = offsetOf(node);
    let rest = path;
    while (rest !== '' && isCollection(node)) {
      const step: Step | undefined = isMap(node) ? stepInMap(node, rest) : isSeq(node) ? stepInSequence(node, rest) : undefined;
      if (step === undefined) break;
      offset = step.offset ?? offset;
      node = step.node;
      rest = step.rest;
    }
    if (offset === undefined) return undefined;
    const { line, col } = this.lines.linePos(offset);
    return { line, column: col };
  }
}

type Step = { readonly node: unknown; readonly offset: number | undefined; readonly rest: string };

function stepInMap(map: { readonly items: ReadonlyArray<{ readonly key: unknown; readonly value: unknown }> }, path: string): Step | undefined {
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : String(key);
    // a key may itself hold dots
    if (path === name || path.startsWith(`${name}.`)) return { node: value, offset: offsetOf(key), rest: path.slice(name.length + 1) };
  }
  return undefined;
}

function stepInSequence(sequence: { readonly items: readonly unknown[] }, path: string): Step | undefined {
  const [index = '', ...rest] = path.split('.');
  const named = (item: unknown): boolean => (isScalar(item) && item.value === index) || (isMap(item) && item.get('use') === index);
  const node = /^\d+$/.test(index) ? sequence.items[Number(index)] : sequence.items.find(named);
  return node === undefined ? undefined : { node, offset: offsetOf(node), rest: rest.join('.') };
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
