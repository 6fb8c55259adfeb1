import { describe, expect, it } from 'vitest';
import { openDatabase } from './open-database.js';

const failing = (message: string, code?: string) => (): never => {
  throw Object.assign(new Error(message), code === undefined ? {} : { code });
};

describe('openDatabase', () => {
  it('opens a database', () => {
    const db = openDatabase(':memory:', {});
    expect(db.prepare('SELECT 1 + 1').pluck().get()).toBe(2);
    db.close();
  });

  it.each([
    ['was left out of the installation', "Cannot find module 'better-sqlite3'\nRequire stack:\n- /somewhere", 'MODULE_NOT_FOUND', "Cannot find module 'better-sqlite3'"],
    ['was never compiled', 'Could not locate the bindings file. Tried:\n → /somewhere', undefined, 'Could not locate the bindings file. Tried:'],
    ['was compiled for another Node.js', 'The module was compiled against a different Node.js version', 'ERR_DLOPEN_FAILED', 'The module was compiled against a different Node.js version'],
  ])('says what to install where the driver %s', (_, message, code, shown) => {
    expect(() => openDatabase(':memory:', {}, failing(message, code))).toThrow(expect.objectContaining({ code: 'JRN_DRIVER', message: expect.stringContaining(`(${shown})`) as string, hint: expect.stringContaining('npm install better-sqlite3') as string }));
  });

  it('leaves what SQLite says of a file as it is', () => {
    expect(() => openDatabase('/no/such/folder/x.db', {})).toThrow(/directory does not exist/);
    expect(() => openDatabase(':memory:', {}, failing('disk I/O error', 'SQLITE_IOERR'))).toThrow(expect.objectContaining({ code: 'SQLITE_IOERR' }));
  });
});
