import { toUtcMs, type UtcMs } from '@keelson/core/domain';
import { ConfigError } from '@keelson/core/errors';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})$/;

/**
 * A date of the command line: `2024-03-15` is its start in UTC; a time of day needs its zone.
 * @throws ConfigError `CFG_USAGE`
 */
export function parseDate(option: string, text: string | undefined): UtcMs | undefined {
  if (text === undefined) return undefined;
  const ms = DATE.test(text) ? Date.parse(`${text}T00:00:00Z`) : TIME.test(text) ? Date.parse(text.replace(' ', 'T').replace(/([+-]\d{2})(\d{2})$/, '$1:$2')) : Number.NaN;
  // Date.parse rolls 30 February over into March
  const real = Number.isFinite(ms) && (!DATE.test(text) || new Date(ms).toISOString().startsWith(text));
  if (!real) throw new ConfigError('CFG_USAGE', `${option} was "${text}", expected a date, or a time with its zone`, { hint: `write ${option} 2024-03-15 or ${option} 2024-03-15T14:30:00Z` });
  return toUtcMs(ms);
}
