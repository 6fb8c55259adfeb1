const SECRET = /(apikey|secret|secretkey|password|passwd|passphrase|token|privatekey|accesskey|signingkey|credentials?|authorization|bearer|mnemonic|seedphrase)$/;
/** Tokens that are coins or limits, not secrets. */
const HARMLESS = /(max|min|base|quote|fee|settle|stop|per)token$/;

/** True for keys that hold secrets by their name, in any style: `apiKey`, `API_SECRET`, `bot-token`, `passphrase2`. */
export function isSecretKey(key: string): boolean {
  const plain = key.toLowerCase().replace(/[^a-z]/g, '');
  return SECRET.test(plain) && !HARMLESS.test(plain);
}
