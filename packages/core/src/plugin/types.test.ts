import { describe, expect, expectTypeOf, it } from 'vitest';
import type { OrderChange, OrderIntent, RiskApproved } from '../domain/order.js';
import type { Schema } from '../domain/schema.js';
import type { Price, Quantity, UtcMs } from '../domain/units.js';
import { toFraction, toQuantity, toUtcMs } from '../domain/units.js';
import { PluginError } from '../errors.js';
import type { Advice, Advisor, AdvisorContext, AdvisorRequest } from '../ports/advisor.js';
import type { BarStoreContext } from '../ports/bar-store.js';
import type { Broker } from '../ports/broker.js';
import type { ContextFeedContext } from '../ports/context.js';
import type { FeatureContext, FeatureDefinition } from '../ports/feature.js';
import type { JournalContext } from '../ports/journal.js';
import type { MemoryContext } from '../ports/memory.js';
import type { NewsFeedContext } from '../ports/news.js';
import type { NotifierContext } from '../ports/notifier.js';
import type { ProposalSourceContext } from '../ports/proposal.js';
import type { RegimeContext } from '../ports/regime.js';
import type { OverlayContext, OverlayRequest, OverlayVerdict } from '../ports/risk-overlay.js';
import type { BarContext, StrategyContext, StrategyDefinition } from '../ports/strategy.js';
import { defineAdvisor, defineFeature, defineStrategy } from './define.js';
import { definePlugin, type PluginContext } from './define-plugin.js';
import { FEATURE, STRATEGY } from './tokens.js';

declare const none: Schema<object>;
declare const period: Schema<{ readonly period: number }>;

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

export function hooksHaveTheNamesOfTheirMaps({ hooks }: PluginContext<unknown>): void {
  hooks.observe('fill', (fill) => void fill.quantity);
  // @ts-expect-error no such hook
  hooks.observe('fils', () => undefined);
  // @ts-expect-error a fill is observed, never changed
  hooks.transform('fill', (fill) => fill);
  // @ts-expect-error signals are not up for review
  hooks.review('signal', () => undefined);
  // @ts-expect-error a transform returns what it was given
  hooks.transform('signal', () => undefined);
  // @ts-expect-error no such place in the order
  hooks.transform('signal', (signal) => signal, 'first');
  // @ts-expect-error what is observed cannot be written to
  hooks.observe('intent', (intent) => void (intent.quantity = toQuantity(1)));
}

export function unitsAreNotPlainNumbers(price: Price, quantity: Quantity): void {
  const taken: Price = price;
  const plain: number = taken; // a unit is a number
  // @ts-expect-error a number is not a price
  const fromNumber: Price = plain;
  // @ts-expect-error a quantity is not a price
  const fromQuantity: Price = quantity;
  // @ts-expect-error a number is not a moment
  const moment: UtcMs = 0;
  void [fromNumber, fromQuantity, moment];
}

export function advisorsHoldNoBroker(request: AdvisorRequest, context: AdvisorContext<unknown>): void {
  // @ts-expect-error law 2: nothing to send an order with
  void request.broker;
  // @ts-expect-error nor in what it is made with
  void context.broker;
  // @ts-expect-error nor the container that might hold one
  void context.container;
  // @ts-expect-error what it is told cannot be written to
  request.time = toUtcMs(1);
  // @ts-expect-error an order is no advice
  defineAdvisor({ params: none, create: () => ({ schedule: { everyMs: 1, latencyMs: 0 }, refresh: async () => ({ side: 'buy', quantity: 1 }) }) });
}

export function strategiesHoldNoBroker(context: StrategyContext<unknown>, bar: BarContext): void {
  // @ts-expect-error law 3: nothing to send an order with
  void context.broker;
  // @ts-expect-error nor on a bar
  void bar.broker;
  // @ts-expect-error a position is looked at, never set
  bar.position.quantity = 0;
  // @ts-expect-error no such signal
  bar.signal.buy();
}

type Sides = {
  readonly barStore: BarStoreContext<unknown>;
  readonly contextFeed: ContextFeedContext<unknown>;
  readonly feature: FeatureContext<unknown>;
  readonly journal: JournalContext<unknown>;
  readonly memory: MemoryContext<unknown>;
  readonly newsFeed: NewsFeedContext<unknown>;
  readonly notifier: NotifierContext<unknown>;
  readonly proposalSource: ProposalSourceContext<unknown>;
  readonly regime: RegimeContext<unknown>;
  readonly overlay: OverlayContext<unknown>;
};

export function nothingElseHoldsABroker(context: Sides): void {
  // @ts-expect-error law 3: nothing to send an order with
  void context.barStore.broker;
  // @ts-expect-error nor here
  void context.contextFeed.broker;
  // @ts-expect-error nor here
  void context.feature.broker;
  // @ts-expect-error nor here
  void context.journal.broker;
  // @ts-expect-error nor here
  void context.memory.broker;
  // @ts-expect-error nor here
  void context.newsFeed.broker;
  // @ts-expect-error nor here
  void context.notifier.broker;
  // @ts-expect-error nor here
  void context.proposalSource.broker;
  // @ts-expect-error nor here
  void context.regime.broker;
  // @ts-expect-error nor here
  void context.overlay.broker;
}

export function overlaysOnlyReduce(request: OverlayRequest): OverlayVerdict[] {
  // @ts-expect-error the target cannot be written to
  request.target.quantity = 1;
  return [
    { kind: 'pass' },
    // @ts-expect-error there is no verdict that makes more of a target
    { kind: 'increase', quantity: 2, reason: 'sure' },
    // @ts-expect-error a veto has a reason
    { kind: 'veto' },
    // @ts-expect-error so has a reduction
    { kind: 'reduce', quantity: 1 },
  ];
}

export function approvalIsNoFieldToWrite(intent: OrderIntent, change: OrderChange): void {
  // @ts-expect-error a literal cannot carry the proof
  const made: RiskApproved<OrderIntent> = { ...intent };
  // @ts-expect-error approval of an order is none of a change
  const other: RiskApproved<OrderChange> = made;
  // @ts-expect-error and a change is no order
  const third: OrderIntent = change;
  void [other, third];
}

export function manifestsAreWhole(): void {
  // @ts-expect-error no such port
  definePlugin({ name: 'p', version: '1.0.0', api: '^1.0.0', provides: ['strategies'], register: () => undefined });
  // @ts-expect-error the range of the API is not optional
  definePlugin({ name: 'p', version: '1.0.0', provides: ['strategy'], register: () => undefined });
  // @ts-expect-error a component has a schema, also when it has no parameters
  defineStrategy({ create: () => ({ onBar: () => undefined }) });
  // @ts-expect-error parameters are what the schema says
  defineStrategy({ params: period, create: ({ params }) => ({ onBar: () => void params.length }) });
  // @ts-expect-error a feature names its outputs
  defineFeature({ params: none, outputs: [], create: () => ({ warmupBars: 1, update: () => undefined, reset: () => undefined }) });
  // @ts-expect-error a feature can go back to its start
  defineFeature({ params: none, outputs: ['value'], create: () => ({ warmupBars: 1, update: () => undefined }) });
  // @ts-expect-error no such code
  void new PluginError('PLG_ODD', 'x');
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
