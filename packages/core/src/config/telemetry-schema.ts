import * as z from '#zod';

/** `telemetry:`, a line of JSON for every decision. */
export const telemetrySchema = z.strictObject({
  path: z.string().min(1).optional().describe('The file, from the account\'s folder. Default: `ACCOUNT.telemetry.jsonl` with `mode: live`, `ACCOUNT.paper.telemetry.jsonl` on paper, `ACCOUNT.played.telemetry.jsonl` with `data.speed`, `ACCOUNT.backtest.telemetry.jsonl` for backtests. A backtest begins it anew, paper and live go on at its end.'),
  every: z.enum(['decision', 'bar']).default('decision').describe('A line for each bar on which somebody voted or something was ordered, or for each bar.'),
});
