/** Where two values of JSON differ, one line each: `plan.target: 4010.25, now 4020.5`. At most twenty. */
export function differingFields(before: unknown, now: unknown): string[] {
  const lines: string[] = [];
  compare(plain(before), plain(now), '', lines);
  return lines.length > MOST ? [...lines.slice(0, MOST), `and ${lines.length - MOST} more`] : lines;
}

const MOST = 20;

function compare(before: unknown, now: unknown, path: string, lines: string[]): void {
  if (before === now) return;
  if (!isNested(before) || !isNested(now) || Array.isArray(before) !== Array.isArray(now)) {
    lines.push(`${path === '' ? 'value' : path}: ${shown(before)}, now ${shown(now)}`);
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) compare(before[key], now[key], path === '' ? key : `${path}.${key}`, lines);
}

function isNested(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** As a journal keeps it. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

function shown(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
