const WORDS = ['apikey', 'secret', 'password', 'passwd', 'passphrase', 'token', 'privatekey', 'accesskey', 'credential', 'credentials', 'bearer', 'authorization'];
/** Settings that merely speak of tokens: they hold numbers or names, never a secret. */
const HARMLESS = /^(max|min|num|total|count)?[a-z]*(tokens|tokencount|tokenlimit|tokenaddress|tokensymbol)$/;

/** True for keys that hold secrets by their name, in any style: `apiKey`, `API_SECRET`, `bot-token`, `passphrase`. */
export function isSecretKey(key: string): boolean {
  const plain = key.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (HARMLESS.test(plain)) return false;
  return WORDS.some((word) => plain.endsWith(word) || plain.startsWith(word));
}
