const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads a span of time such as `500ms`, `30s`, `5m`, `1h` or `4d`, in milliseconds; undefined when the text is none. A day has 24 hours. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,6})(ms|s|m|h|d)$/.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * (UNIT_MS[match[2] as string] as number);
}

/** A span for people: the largest unit that leaves a number of at least 1, e.g. `90s`, `2.5h`. */
export function showDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const count = ms / (UNIT_MS[unit] as number);
    if (count >= 1) return `${Math.round(count * 10) / 10}${unit}`;
  }
  return `${ms}ms`;
}
