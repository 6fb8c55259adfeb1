import type { Logger } from '@keelson/core/ports';
import type { Output } from './io.js';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LEVELS)[number];

/** Writes `level: message key=value ...`, one line each, from `level` upward. */
export function createLogger(output: Output, level: LogLevel = 'warn'): Logger {
  const write = (of: LogLevel) => (message: string, fields?: Readonly<Record<string, unknown>>): void => {
    if (LEVELS.indexOf(of) < LEVELS.indexOf(level)) return;
    const details = Object.entries(fields ?? {}).map(([key, value]) => ` ${key}=${shown(value)}`);
    output.write(`${of}: ${message.replace(/\s*\n\s*/g, ' ')}${details.join('')}\n`);
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

function shown(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.message);
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : (JSON.stringify(value) ?? String(value));
}

/** Keeps nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
