import type { Instrument } from '@keelson/core/domain';
import type { Logger, Schema, UseContext } from '@keelson/core/ports';

/** Parameters as the kernel would pass them: through the schema, defaults filled in. */
export function parse<P>(schema: Schema<P>, params: unknown): P {
  const result = schema['~standard'].validate(params);
  if (result instanceof Promise) throw new Error('schema is asynchronous');
  if (result.issues) throw new Error(result.issues.map((issue) => issue.message).join('; '));
  return result.value;
}

export const noContext: UseContext = () => ({ value: undefined, ageMs: undefined, ready: false });

const ignore = (): void => undefined;
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

export const instrument: Instrument = { id: 'TEST', venue: 'TEST', type: 'future', currency: 'USD', multiplier: 1, tickSize: 0.01, lotSize: 1, calendar: '24/7', symbols: {} };
