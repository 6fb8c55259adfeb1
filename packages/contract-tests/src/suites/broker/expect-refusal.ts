import type { ClientOrderId } from '@keelson/core/domain';
import { ERROR_CODES, type ErrorCode } from '@keelson/core/errors';
import { expectEqual, expectThat } from '../../frame/expectations.js';
import type { BrokerBench } from './broker-bench.js';

type Refusal = 'rejected' | 'modify-rejected' | 'cancel-rejected';

/** Waits for a refusal with a code that can be acted on, and a reason. `codes`: default any of a broker's. */
export async function expectRefusal(bench: BrokerBench, kind: Refusal, id: ClientOrderId, codes?: readonly ErrorCode[]): Promise<void> {
  const { code, reason } = await bench.heardOf(kind, id);
  if (codes === undefined) expectThat(code.startsWith('BRK_') && Object.hasOwn(ERROR_CODES, code), `the code of ${kind} was ${code}`, 'a code of a broker in the table of errors');
  else expectThat(codes.includes(code as ErrorCode), `the code of ${kind} was ${code} (${reason})`, codes.join(' or '));
}

/** Fails unless an order was refused and left nothing at the venue. */
export async function expectRefused(bench: BrokerBench, id: ClientOrderId, codes?: readonly ErrorCode[]): Promise<void> {
  await expectRefusal(bench, 'rejected', id, codes);
  expectEqual(bench.fills(id).length, 0, 'executions of the refused order');
}
