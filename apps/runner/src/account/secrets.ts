import { isSecretKey } from '@keelson/core/config';

/** Forms in which vendors hand out keys; whoever sees one may use it. */
const KNOWN_FORMS: ReadonlyArray<readonly [string, RegExp]> = [
  ['an API key (sk-...)', /\b[sr]k[-_](?=[-_A-Za-z0-9]*\d)[-_A-Za-z0-9]{16,}/],
  ['an AWS access key', /\b(AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a GitHub token', /\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/],
  ['a Slack token', /\bxox[abeprs]-[A-Za-z0-9-]{10,}/],
  ['a Slack webhook', /hooks\.slack\.com\/services\/[A-Za-z0-9/]{20,}/],
  ['a Google API key', /\bAIza[0-9A-Za-z_-]{30,}/],
  ['a Telegram bot token', /\b\d{8,10}:[A-Za-z0-9_-]{35}\b/],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['a signed token (JWT)', /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/],
  ['an address with a password', /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@$]+:[^\s/@$]+@/i],
];

/** What kind of secret a literal value is by its form, or undefined. */
export function knownSecretForm(text: string): string | undefined {
  return KNOWN_FORMS.find(([, form]) => form.test(text))?.[0];
}

/** Name of an environment variable for a key: `apiKey` gives `API_KEY`. */
export function variableNameFor(key: string): string {
  const name = key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase();
  return /^[A-Z_]/.test(name) ? name : 'SECRET';
}

/** True when a value must be kept out of sight: by the key it stands under or by the variable it came from. */
export function isSecretPlace(keys: readonly string[], variable?: string): boolean {
  return keys.some(isSecretKey) || (variable !== undefined && isSecretKey(variable));
}

const SHORTEST = 4;

/** Secret values of one run, and the way to take them out of any text that leaves the process. */
export class Secrets {
  private readonly forms = new Set<string>();

  /** Remembers a secret; also as it looks inside JSON and HTML. Very short ones would blank ordinary text and are left. */
  add(value: string): void {
    for (const text of [value, ...value.split('\n')]) {
      if (text.trim().length < SHORTEST) continue;
      this.forms.add(text);
      this.forms.add(JSON.stringify(text).slice(1, -1));
      this.forms.add(text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'));
      this.forms.add(encodeURIComponent(text));
    }
  }

  redact(text: string): string {
    let safe = text;
    // longest first, or a secret that contains another would keep its rest
    for (const form of [...this.forms].sort((a, b) => b.length - a.length)) safe = safe.replaceAll(form, '***');
    return safe;
  }
}
