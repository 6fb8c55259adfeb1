import { toUtcMs } from '@keelson/core/domain';
import type { Logger, Notification } from '@keelson/core/ports';
import { describe, expect, it } from 'vitest';
import { parse } from '../../testing/support.js';
import { logNotifier } from './log-notifier.js';

async function logged(params: unknown, severities: ReadonlyArray<Notification['severity']>) {
  const lines: unknown[] = [];
  const write = (level: string) => (message: string, fields?: unknown) => void lines.push([level, message, fields]);
  const logger: Logger = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const notifier = logNotifier.create({ params: parse(logNotifier.params, params), logger });
  for (const severity of severities) await notifier.notify({ severity, title: 'halted', text: 'daily loss', time: toUtcMs(0) });
  return lines;
}

describe('log', () => {
  it('writes each severity on its own level', async () => {
    const fields = { text: 'daily loss', time: '1970-01-01T00:00:00Z' };
    expect(await logged({}, ['info', 'warning', 'critical'])).toEqual([
      ['info', 'halted', { severity: 'info', ...fields }],
      ['warn', 'halted', { severity: 'warning', ...fields }],
      ['error', 'halted', { severity: 'critical', ...fields }],
    ]);
  });

  it('leaves out what is less severe than configured', async () => {
    expect(await logged({ minSeverity: 'critical' }, ['info', 'warning', 'critical'])).toHaveLength(1);
    expect(await logged({ minSeverity: 'warning' }, ['info', 'warning', 'critical'])).toHaveLength(2);
  });
});
