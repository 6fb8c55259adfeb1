import type { Timer } from '@keelson/core/ports';
import type { Card, CardOutline, Suite, Tier } from './card.js';
import { ContractFault, SkippedCard, VacuousCard, show } from './expectations.js';

export type SuiteOptions = {
  /** Default: `offline`. */
  readonly tier?: Tier;
  /** Name of the implementation, for titles and reports. */
  readonly of?: string;
  /**
   * Says yes to cards against a paper account, which send orders there. Default: whether the environment variable
   * `KEELSON_PAPER` is `1`.
   */
  readonly paper?: boolean;
  /** With it a card that hangs fails after {@link SuiteOptions.timeoutMs}; without, the test runner has to end it. */
  readonly timer?: Timer;
  /** Default: 30 000. */
  readonly timeoutMs?: number;
};

export type CardResult = CardOutline & (
  /** `note` is there where there was nothing to hold: it says what is not there, or not declared. */
  | { readonly result: 'passed'; readonly note?: string }
  | { readonly result: 'skipped'; readonly reason: string }
  /** `message` is one line: what was found and expected. */
  | { readonly result: 'failed'; readonly message: string; readonly fault: unknown }
);

/** Results of all cards of a suite, in its order. */
export type SuiteReport = {
  readonly suite: string;
  readonly of: string;
  readonly tier: Tier;
  readonly passed: boolean;
  readonly results: readonly CardResult[];
};

/** Runs every card of a suite, one after the other. Never throws for what an implementation does. */
export async function runSuite<Subject>(suite: Suite<Subject>, subject: Subject, options: SuiteOptions = {}): Promise<SuiteReport> {
  const results: CardResult[] = [];
  for (const card of suite.cards) results.push(await runCard(card, subject, options));
  return { suite: suite.name, of: options.of ?? suite.name, tier: options.tier ?? 'offline', passed: results.every(({ result }) => result !== 'failed'), results };
}

/** Runs one card. */
export async function runCard<Subject>(card: Card<Subject>, subject: Subject, options: SuiteOptions = {}): Promise<CardResult> {
  const { id, title, why, tiers } = card;
  const outline: CardOutline = { id, title, why, tiers };
  const tier = options.tier ?? 'offline';
  const absent = reasonToSkip(card, tier, options.paper);
  if (absent !== undefined) return { ...outline, result: 'skipped', reason: absent };
  try {
    await bounded(async () => card.run(subject, { tier }), options);
    return { ...outline, result: 'passed' };
  } catch (thrown) {
    if (thrown instanceof VacuousCard) return { ...outline, result: 'passed', note: `nothing to hold: ${thrown.message}` };
    if (thrown instanceof SkippedCard) return { ...outline, result: 'skipped', reason: thrown.message };
    const message = thrown instanceof ContractFault ? thrown.message : `threw ${thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : show(thrown)}`;
    return { ...outline, result: 'failed', message: message.replace(/\s*\n\s*/g, ' '), fault: thrown };
  }
}

function reasonToSkip({ tiers }: CardOutline, tier: Tier, paper = process.env['KEELSON_PAPER'] === '1'): string | undefined {
  if (!tiers.includes(tier)) return `needs a scripted venue: runs ${tiers.join(', ')} only`;
  if (tier === 'paper' && !paper) return 'sends orders to a paper account: set KEELSON_PAPER=1 to allow it';
  return undefined;
}

async function bounded(run: () => Promise<void>, { timer, timeoutMs = 30_000 }: SuiteOptions): Promise<void> {
  if (timer === undefined) return run();
  let callOff: () => void = () => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    callOff = timer.after(timeoutMs, () => reject(new ContractFault(`it did not end within ${timeoutMs} ms`, 'an end')));
  });
  try {
    await Promise.race([run(), late]);
  } finally {
    callOff();
  }
}
