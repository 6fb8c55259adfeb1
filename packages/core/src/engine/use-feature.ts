import { parseTimeframe, type Timeframe } from '../domain/market-data.js';
import { KeelsonError, KeelsonErrors } from '../errors.js';
import { nearest } from '../config/nearest.js';
import type { Desk } from '../pipeline/desk.js';
import type { HigherSeries } from '../pipeline/higher-series.js';
import { FeatureBank } from '../pipeline/feature-bank.js';
import { FeatureSlot } from '../pipeline/feature-slot.js';
import { BankFeatureHandle } from '../pipeline/feature-handle.js';
import type { Carried } from './carried.js';
import { settleNeeds, type FeatureWish } from './settle-needs.js';
import { checkInstance, definitionFault } from '../plugin/check-contract.js';
import { checkSettings } from '../plugin/register-plugins.js';
import type { PluginRegistry } from '../plugin/registry.js';
import { FEATURE } from '../plugin/tokens.js';
import type { FeatureDefinition } from '../ports/feature.js';
import type { UseFeature, UseFeatureOptions } from '../ports/feature-handle.js';
import { BarRing } from '../series/bar-ring.js';
import { Resampler } from '../series/resampler.js';

const OPTIONS: readonly string[] = ['timeframe', 'instrument', 'optional'] satisfies ReadonlyArray<keyof UseFeatureOptions>;

/** Hands out features while an account is put together; closed once it runs. */
export class FeatureDesk {
  private closed = false;
  private readonly wishes: FeatureWish[] = [];
  private readonly handles = new WeakMap<FeatureSlot, Map<number, BankFeatureHandle>>();

  constructor(
    private readonly registry: PluginRegistry,
    private readonly desks: readonly Desk[],
    private readonly base: Timeframe,
    /** The account's name for its feed, for messages. */
    private readonly feedName: string,
  ) {}

  /** From now on asking is an error: a feature that begins in the middle of a run would depend on when. */
  close(): void {
    this.closed = true;
  }

  /** `use` for one component on one instrument; `taken` collects what it asked for. */
  useFor(home: Desk, user: string, taken: BankFeatureHandle[]): UseFeature {
    return (name, params = {}, options = {}) => {
      if (this.closed) throw new KeelsonError('FEA_PARAMS', `${user} asked for feature '${name}' while running, expected all use() calls in create`, { hint: 'move use() from onBar into create' });
      refuseUnknownOption(options, name, user);
      const desk = options.instrument === undefined ? home : this.deskOf(options.instrument, user);
      const bank = this.bankOf(desk, options.timeframe ?? this.base.id, user);
      const slot = this.slot(desk, bank, name, params, user);
      const { needs = [] } = this.registry.get(FEATURE, name) as FeatureDefinition;
      if (needs.length > 0) this.wishes.push({ user, optional: options.optional === true, desk, bank, slot, needs });
      const handle = this.handle(slot, bank);
      taken.push(handle);
      return handle;
    };
  }

  /** A feature on one series for nobody's decisions: without a word where the feed cannot serve it. */
  keep(desk: Desk, bank: FeatureBank, name: string, params: Readonly<Record<string, unknown>>): BankFeatureHandle {
    const slot = this.slot(desk, bank, name, params, 'data.store');
    const { needs = [] } = this.registry.get(FEATURE, name) as FeatureDefinition;
    if (needs.length > 0) this.wishes.push({ user: undefined, optional: true, desk, bank, slot, needs });
    return this.handle(slot, bank);
  }

  /**
   * Marks the features that the feed cannot serve.
   * @returns one line for each component that goes without a feature
   * @throws KeelsonErrors FEA_UNAVAILABLE: one for each component and feature that it cannot go without
   */
  settleNeeds(carried: Carried): readonly string[] {
    return settleNeeds(this.wishes, carried, this.feedName);
  }

  /** The series of a higher timeframe, made at the first call. */
  bankOf(desk: Desk, timeframe: string, user: string): FeatureBank {
    const target = parseTimeframe(timeframe);
    if (target === undefined) {
      throw new KeelsonError('FEA_TIMEFRAME', `${user} asked for timeframe '${timeframe}', expected one such as 5m, 1h or 1d`, { hint: 'correct the timeframe' });
    }
    if (target.id === this.base.id) return desk.bank;
    const known = desk.higher.find((series) => series.bank.timeframe === target.id);
    if (known !== undefined) return known.bank;
    const series = higherSeries(desk, this.base, target);
    desk.higher.push(series);
    // longest first: at one moment a shorter series is compared with the longer one's new value, never its last
    desk.higher.sort((a, b) => b.bank.timeframeMs - a.bank.timeframeMs);
    return series.bank;
  }

  private deskOf(instrument: string, user: string): Desk {
    const desk = this.desks.find((each) => each.instrument.id === instrument);
    if (desk !== undefined) return desk;
    const ids = this.desks.map((each) => each.instrument.id);
    throw new KeelsonError('CFG_REFERENCE', `${user} asked for instrument '${instrument}', expected one of the account (${ids.join(', ')})`, { hint: 'add it to instruments:' });
  }

  private slot(desk: Desk, bank: FeatureBank, name: string, params: Readonly<Record<string, unknown>>, user: string): FeatureSlot {
    const definition = this.registry.get(FEATURE, name);
    if (definition === undefined) {
      const ids = this.registry.ids('feature');
      const close = nearest(name, ids);
      throw new KeelsonError('FEA_UNKNOWN', `${user} asked for feature '${name}', expected one that a plugin provides (${ids.join(', ') || 'there is none'})`, {
        hint: close === undefined ? 'use one of these, or add the plugin that provides it' : `did you mean ${close}?`,
      });
    }
    const plugin = this.registry.pluginOf('feature', name);
    const fault = definitionFault('feature', name, definition, plugin);
    if (fault !== undefined) throw fault;
    const checked = checkSettings(definition.params, params, `feature ${name}`);
    if (Array.isArray(checked)) {
      throw new KeelsonErrors(checked.map((fault) => new KeelsonError('FEA_PARAMS', `${user}: ${fault.message}`, { hint: fault.hint })));
    }
    const key = `${name} ${canonical(checked.value)}`;
    const known = bank.find(key);
    if (known !== undefined) return known;
    const timeframe = bank.timeframe === this.base.id ? this.base : (parseTimeframe(bank.timeframe) as Timeframe);
    const feature = definition.create({ params: checked.value, instrument: desk.instrument, calendar: desk.calendar, timeframe });
    checkInstance('feature', name, feature, plugin);
    const slot = new FeatureSlot(name, feature, definition.outputs, { plugin, params: checked.value }, definition.ahead === true);
    bank.add(key, slot);
    return slot;
  }

  private handle(slot: FeatureSlot, bank: FeatureBank): BankFeatureHandle {
    const outputs = this.handles.get(slot) ?? new Map<number, BankFeatureHandle>();
    this.handles.set(slot, outputs);
    return outputs.get(0) ?? new BankFeatureHandle(bank, slot, 0, outputs);
  }
}

/** A slip in an option's name would silently give the feature on other bars. */
function refuseUnknownOption(options: object, name: string, user: string): void {
  const unknown = Object.keys(options).find((key) => !OPTIONS.includes(key));
  if (unknown === undefined) return;
  const close = nearest(unknown, OPTIONS);
  throw new KeelsonError('FEA_PARAMS', `${user} asked for feature '${name}' with option '${unknown}', expected ${OPTIONS.join(', ')}`, { hint: close === undefined ? `remove ${unknown}` : `did you mean ${close}?` });
}

function higherSeries(desk: Desk, base: Timeframe, target: Timeframe): HigherSeries {
  const bars = new BarRing();
  const bank = new FeatureBank(target.id, target.ms, desk.index);
  const resampler = new Resampler(base, target, desk.calendar, bars);
  return {
    bars,
    bank,
    advance(from: BarRing): void {
      if (resampler.settle(from)) bank.update(bars);
      if (resampler.update(from) > 0) bank.update(bars);
    },
  };
}

/** JSON with sorted keys: equal parameters give equal text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
