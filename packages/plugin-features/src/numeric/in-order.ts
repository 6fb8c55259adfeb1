import type { z } from 'zod';

/** A rule for a schema: each of the named periods is less than the next one. */
export function inOrder<Name extends string>(...names: readonly Name[]) {
  return (params: Readonly<Record<Name, number>>, context: z.RefinementCtx): void => {
    for (let i = 1; i < names.length; i++) {
      const [shorter, longer] = [names[i - 1] as Name, names[i] as Name];
      if (params[shorter] < params[longer]) continue;
      context.addIssue({
        code: 'custom',
        path: [shorter],
        message: `${shorter} was ${params[shorter]}, expected less than ${longer} (${params[longer]}): lower ${shorter} or raise ${longer}`,
      });
    }
  };
}
