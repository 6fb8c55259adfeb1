import type { z } from 'zod';

/** Something that a test can tell the simulator to do. */
export interface ControlCommand {
  readonly name: string;
  /** What it does, for the list of commands. */
  readonly about: string;
  /** @throws ControlFault when the parameters are wrong or it cannot be done */
  run(params: unknown): unknown;
}

/** A command that cannot be carried out as given. */
export class ControlFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ControlFault';
  }
}

/** A command with checked parameters. */
export function command<S extends z.ZodType>(name: string, about: string, params: S, run: (params: z.infer<S>) => unknown): ControlCommand {
  return {
    name,
    about,
    run(given) {
      const parsed = params.safeParse(given ?? {});
      if (!parsed.success) {
        throw new ControlFault(parsed.error.issues.map((issue) => `${name}${issue.path.length === 0 ? '' : ` ${issue.path.join('.')}`}: ${issue.message}`).join('; '));
      }
      return run(parsed.data);
    },
  };
}
