import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { scenarioSchema, type Scenario, type ScenarioInput } from './scenario-schema.js';

/** Everything that is wrong with a scenario, one line each. */
export class ScenarioError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'ScenarioError';
  }
}

/**
 * Checks a scenario and fills in what it leaves out.
 * @throws ScenarioError
 */
export function parseScenario(value: unknown): Scenario {
  const parsed = scenarioSchema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  throw new ScenarioError(parsed.error.issues.map((issue) => `${issue.path.length === 0 ? '' : `${issue.path.join('.')}: `}${tell(issue, value)}`));
}

/** Runs what may find faults in a scenario, and names the file in them. */
export function inScenario<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof ScenarioError ? new ScenarioError(error.faults.map((fault) => `${path}: ${fault}`)) : error;
  }
}

/**
 * Reads a scenario from YAML and checks it.
 * @returns the scenario as written, and the folder that its files are looked for in
 * @throws ScenarioError when the file cannot be read or is wrong
 */
export function loadScenario(path: string): { readonly scenario: ScenarioInput; readonly folder: string } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ScenarioError([`${path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}): give the path of a YAML file`]);
  }
  const document = parseDocument(text);
  if (document.errors.length > 0) throw new ScenarioError(document.errors.map((error) => `${path}: ${error.message.split('\n')[0] ?? ''}`));
  const written: unknown = document.toJS();
  inScenario(path, () => parseScenario(written));
  return { scenario: (written ?? {}) as ScenarioInput, folder: dirname(path) };
}

/** `was 400, expected <=193`; what is missing and what is not known are told as such. */
function tell(issue: z.core.$ZodIssue, scenario: unknown): string {
  if (issue.code === 'unrecognized_keys') return `${issue.keys.map((key) => JSON.stringify(key)).join(', ')} is not known here: see the scenario's reference for the keys that are`;
  if (issue.code === 'custom') return issue.message;
  const found = issue.path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined), scenario);
  const expected = /expected (.*)$/i.exec(issue.message)?.[1] ?? /^Invalid (.*)$/.exec(issue.message)?.[1] ?? issue.message;
  return found === undefined ? `is missing, expected ${expected.replace(/, received undefined$/, '')}` : `was ${JSON.stringify(found)}, expected ${expected.replace(/, received .*$/, '')}`;
}
