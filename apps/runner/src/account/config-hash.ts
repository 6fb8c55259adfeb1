import { createHash } from 'node:crypto';

/** `sha256:...` of a value as JSON with sorted keys: equal settings give equal hashes, however they were written. */
export function configHash(value: unknown, redact: (text: string) => string): string {
  return `sha256:${createHash('sha256').update(redact(canonical(value))).digest('hex')}`;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((entry) => canonical(entry ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value as Record<string, unknown>)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}
