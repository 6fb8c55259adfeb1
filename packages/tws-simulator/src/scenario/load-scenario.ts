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
 * @param source named in errors
 * @throws ScenarioError
 */
export function parseScenario(value: unknown, source = 'scenario'): Scenario {
  const parsed = scenarioSchema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  throw new ScenarioError(parsed.error.issues.map((issue) => `${source}: ${issue.path.length === 0 ? '' : `${issue.path.join('.')}: `}${tell(issue)}`));
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
  parseScenario(written, path);
  return { scenario: (written ?? {}) as ScenarioInput, folder: dirname(path) };
}

function tell(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `${issue.keys.map((key) => JSON.stringify(key)).join(', ')} is not known here`;
  return issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
}
