import { ConfigError } from '@keelson/core/errors';

/** @throws ConfigError CFG_TYPE; the message does not show the address, which may hold a secret */
export function checkAddress(url: string, key = 'url'): void {
  const fail = (found: string, hint: string): never => {
    throw new ConfigError('CFG_TYPE', `${key} was ${found}, expected an address of http or https`, { hint });
  };
  if (!URL.canParse(url)) fail('no address', 'write it in full, as https://host/path');
  const { protocol, username, password } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') fail(`an address of ${protocol.slice(0, -1)}`, 'use http or https');
  if (username !== '' || password !== '') fail('an address with a name or password', "move them to headers: { Authorization: '${…}' }");
}
