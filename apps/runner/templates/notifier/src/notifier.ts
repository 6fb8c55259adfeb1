import { isoTime } from '@keelson/core/domain';
import { defineNotifier } from '@keelson/core/plugin';
import { z } from 'zod';

const SEVERITIES = ['info', 'warning', 'critical'] as const;

/**
 * `__ID__`: posts notifications as JSON to a webhook: `{ severity, title, text, time }`. The address often holds a
 * secret: write it as `${NAME}` in the account; it stands in no message.
 */
export const notifier = defineNotifier({
  params: z.strictObject({
    webhookUrl: z.url({ protocol: /^https?$/ }).describe('Where to post; from the environment, as it may hold a secret.'),
    minSeverity: z.enum(SEVERITIES).default('warning').describe('What is less severe is left out.'),
    timeoutMs: z.int().min(100).max(60_000).default(5_000).describe('How long to wait for an answer.'),
  }),
  create({ params }) {
    const least = SEVERITIES.indexOf(params.minSeverity);
    return {
      async notify({ severity, title, text, time }) {
        if (SEVERITIES.indexOf(severity) < least) return;
        let answer: Response;
        try {
          answer = await fetch(params.webhookUrl, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ severity, title, text, time: isoTime(time) }),
            signal: AbortSignal.timeout(params.timeoutMs),
          });
        } catch (error) {
          const found = error instanceof Error && error.name === 'TimeoutError' ? `did not answer within ${params.timeoutMs} ms` : 'could not be reached';
          throw new Error(`the webhook ${found}, expected an answer: check the address and the network`);
        }
        await answer.body?.cancel();
        if (!answer.ok) throw new Error(`the webhook answered ${answer.status}, expected 200 to 299: check that the address is still valid`);
      },
    };
  },
});
