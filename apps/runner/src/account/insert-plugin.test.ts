import { describe, expect, it } from 'vitest';
import { insertPlugin } from './insert-plugin.js';

const plain = { use: 'levels', settings: [] };
const withSettings = { use: '@acme/levels', settings: ['path: ./levels.csv # text. Where they are kept', '# maxAge: # a number'] };
const insert = (text: string, entry: { use: string; settings: readonly string[] } = plain): string => insertPlugin(text, entry, 'account.yaml');

describe('insertPlugin', () => {
  it('adds to a list after its last entry, in its indent, and touches nothing else', () => {
    const before = '# mine\naccount:   a   # odd   spacing\nplugins:\n    - ./one.mjs # the first\n    - use: two\n      config: { path: ${DIR}/x }   # two\n      # a comment of the entry\n\n# about the data\ndata: { path: ${DATA:-./x} }\n';
    expect(insert(before, withSettings)).toBe(
      before.replace('      # a comment of the entry\n', "      # a comment of the entry\n    - use: '@acme/levels'\n      config:\n        path: ./levels.csv # text. Where they are kept\n        # maxAge: # a number\n".replaceAll("'@acme/levels'", '"@acme/levels"')),
    );
  });

  it('adds to a list that is not indented', () => {
    expect(insert('plugins:\n- ./one.mjs\ndata: {}\n')).toBe('plugins:\n- ./one.mjs\n- levels\ndata: {}\n');
  });

  it('makes the section before instruments, below the comments that are about something else', () => {
    expect(insert('account: a\n\n# what is traded\ninstruments: []\n')).toBe('account: a\n\nplugins:\n  - levels\n\n# what is traded\ninstruments: []\n');
    expect(insert('instruments: []\n')).toBe('plugins:\n  - levels\n\ninstruments: []\n');
    expect(insert('account: a')).toBe('account: a\n\nplugins:\n  - levels\n');
  });

  it('fills an empty section, and an empty list', () => {
    expect(insert('plugins: # none yet\ninstruments: []\n')).toBe('plugins: # none yet\n  - levels\ninstruments: []\n');
    expect(insert('plugins: [] # none yet\ninstruments: []\n')).toBe('plugins: # none yet\n  - levels\ninstruments: []\n');
  });

  it('adds to a list on one line, and to a file in JSON', () => {
    expect(insert('plugins: [ ./a.mjs, { use: b } ] # two\n')).toBe('plugins: [ ./a.mjs, { use: b }, "levels" ] # two\n');
    expect(insert('plugins: [ a, ]\n')).toBe('plugins: [ a, "levels" ]\n');
    expect(JSON.parse(insert('{"plugins": ["a"], "account": "x"}', withSettings))).toEqual({ plugins: ['a', { use: '@acme/levels', config: { path: './levels.csv' } }], account: 'x' });
    expect(JSON.parse(insert('{"account": "x"}'))).toEqual({ plugins: ['levels'], account: 'x' });
  });

  it('keeps the line ends of the file', () => {
    expect(insert('plugins:\r\n  - a\r\ndata: {}\r\n')).toBe('plugins:\r\n  - a\r\n  - levels\r\ndata: {}\r\n');
  });

  it.each([
    ['plugins: [levels]\n', 'CFG_CONFLICT: account.yaml lists levels already, expected each plugin once: change its entry under plugins: by hand'],
    ['plugins:\n  - { use: levels }\n', 'CFG_CONFLICT: account.yaml lists levels already'],
    ['plugins: levels\n', 'CFG_YAML: account.yaml has a form of plugins: that cannot be added to, expected an account in YAML: add levels there by hand'],
    ['other: &list [a]\nplugins: *list\n', 'CFG_YAML: account.yaml has a form of plugins: that cannot be added to'],
    ['plugins: [a\n', 'CFG_YAML: account.yaml was not valid YAML'],
    ['- a\n', 'CFG_YAML: account.yaml was no mapping'],
  ])('refuses %j', (text, line) => {
    let thrown: unknown;
    try {
      insert(text);
    } catch (error) {
      thrown = error;
    }
    expect((thrown as { line: string }).line).toContain(line);
  });
});
