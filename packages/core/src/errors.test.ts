import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { ConfigError, messageOf } from './errors.js';

describe('messageOf', () => {
  it.each<[string, unknown, string]>([
    ['the message of an error', new RangeError('too far'), 'too far'],
    ['the message of one of this family', new ConfigError('CFG_USAGE', 'it was a, expected b'), 'it was a, expected b'],
    ['text itself', 'as it is', 'as it is'],
    ['an error from another realm', runInNewContext("new Error('from afar')"), 'Error: from afar'],
    ['undefined', undefined, 'undefined'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
  ])('gives %s', (_, thrown, text) => expect(messageOf(thrown)).toBe(text));

  it.each<[string, unknown]>([
    ['an object without a prototype', Object.create(null)],
    ['one that refuses its text', { toString: () => { throw new Error('no'); } }],
    ['an error that refuses its message', Object.defineProperty(new Error('x'), 'message', { get: () => { throw new Error('no'); } })],
    ['what was revoked', (() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()],
  ])('does not throw at %s', (_, thrown) => expect(messageOf(thrown)).toBe('something without a text'));
});
