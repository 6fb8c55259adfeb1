import { defineAdvisor } from '@keelson/core/plugin';
import { z } from 'zod';

const DAY_MS = 86_400_000;

/** `null`: never has an opinion. An account with it decides as one without any advisor. */
export const nullAdvisor = defineAdvisor({
  params: z.strictObject({}),
  create: () => ({
    schedule: { everyMs: DAY_MS, latencyMs: 0 },
    refresh: async () => undefined,
  }),
});
