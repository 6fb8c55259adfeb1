import { describe, expect, expectTypeOf, it } from 'vitest';
import type { OrderChange, OrderIntent, RiskApproved } from '../domain/order.js';
import { toFraction, toUtcMs } from '../domain/units.js';
import type { Advice, Advisor } from '../ports/advisor.js';
import type { Broker } from '../ports/broker.js';
import type { AdvisorRequest } from '../ports/advisor.js';
import type { FeatureDefinition } from '../ports/feature.js';
import type { StrategyDefinition } from '../ports/strategy.js';
import type { PluginContext } from './define-plugin.js';
import { FEATURE, STRATEGY } from './tokens.js';

/* What must not compile. The type check reads this file; at run time nothing of it is called. */

export function venueTakesApprovalsOnly(broker: Broker, intent: OrderIntent, approved: RiskApproved<OrderIntent>, change: OrderChange): void {
  broker.submit(approved);
  // @ts-expect-error a plain intent has not passed the door
  broker.submit(intent);
  // @ts-expect-error nor has a copy with something else in it
  broker.submit({ ...intent, approved: true });
  // @ts-expect-error a plain change has not passed the door
  broker.modify(change);
  // @ts-expect-error what was approved cannot be written to
  approved.quantity = intent.quantity;
}

export function adviceHasNoPlaceForAnOrder(): Advice[] {
  const plain = { bias: 'bullish', confidence: toFraction(1), rationale: '', expiresAt: toUtcMs(1) } as const;
  return [
    plain,
    // @ts-expect-error an action
    { ...plain, action: 'long' } satisfies Advice,
    // @ts-expect-error a quantity
    { ...plain, quantity: 1 } satisfies Advice,
    // @ts-expect-error a price
    { ...plain, stop: 1 } satisfies Advice,
    // @ts-expect-error a word of another kind
    { ...plain, bias: 'buy' } satisfies Advice,
  ];
}

export function additionsFitTheirPort({ add }: PluginContext<unknown>, strategy: StrategyDefinition, feature: FeatureDefinition): void {
  add(STRATEGY, 'a', strategy);
  add(FEATURE, 'b', feature);
  // @ts-expect-error a feature is not a strategy
  add(STRATEGY, 'c', feature);
  // @ts-expect-error a strategy is not a feature
  add(FEATURE, 'd', strategy);
}

describe('types', () => {
  it('keep orders out of advice and the broker out of the advisor', () => {
    expectTypeOf<keyof Advice>().toEqualTypeOf<'bias' | 'confidence' | 'rationale' | 'expiresAt'>();
    expectTypeOf<keyof Advisor>().toEqualTypeOf<'schedule' | 'refresh'>();
    expectTypeOf<keyof AdvisorRequest>().toEqualTypeOf<'instrument' | 'time' | 'closes' | 'regime' | 'position' | 'context' | 'events' | 'trigger'>();
    expectTypeOf<OrderIntent>().not.toExtend<RiskApproved<OrderIntent>>();
    expectTypeOf<RiskApproved<OrderIntent>>().toExtend<OrderIntent>();
    expectTypeOf<Parameters<Broker['submit']>[0]>().toEqualTypeOf<RiskApproved<OrderIntent>>();
    expect(true).toBe(true);
  });
});
