import type { AccountConfig } from '../config/account-schema.js';
import { voterName } from '../config/decision-faults.js';
import { KeelsonErrors, isKeelsonError, type KeelsonError } from '../errors.js';
import { DeskContext } from '../pipeline/desk-context.js';
import type { Desk } from '../pipeline/desk.js';
import type { BankFeatureHandle } from '../pipeline/feature-handle.js';
import { ProposalGate } from '../pipeline/proposal-gate.js';
import { VoteSlot } from '../pipeline/vote.js';
import { checkInstance } from '../plugin/check-contract.js';
import { checkSettings } from '../plugin/register-plugins.js';
import type { PluginRegistry } from '../plugin/registry.js';
import { ADVISOR, MEMORY, NOTIFIER, PROPOSAL_SOURCE, REGIME, RISK_OVERLAY, STRATEGY, type PortMap, type PortName, type PortToken } from '../plugin/tokens.js';
import type { Memory } from '../ports/memory.js';
import type { Notifier } from '../ports/notifier.js';
import type { RegimeClassifier } from '../ports/regime.js';
import type { Clock, Logger, Random } from '../ports/runtime.js';
import type { SeatedComponent } from './account-view.js';
import type { SeatedAdvisor } from './advisors.js';
import { collect } from './collect-faults.js';
import type { ContextBoard } from './context-board.js';
import type { NewsBoard } from './news-board.js';
import type { SeatedSource } from './proposals.js';
import { regimeFaults } from './regime-faults.js';
import type { FeatureDesk } from './use-feature.js';

/** What the account has beside its desks. */
export type Seating = {
  readonly memory: Memory | undefined;
  readonly advisors: readonly SeatedAdvisor[];
  readonly proposals: readonly SeatedSource[];
  readonly notifiers: ReadonlyArray<{ readonly id: string; readonly notifier: Notifier }>;
  /** True when entries may carry a stop or target. */
  readonly needsBrackets: boolean;
  /** Strategies and regimes by instrument, as they are seated. */
  readonly components: readonly SeatedComponent[];
};

export type SeatingParts = {
  readonly config: AccountConfig;
  readonly desks: readonly Desk[];
  readonly registry: PluginRegistry;
  readonly features: FeatureDesk;
  readonly context: ContextBoard;
  readonly news: NewsBoard;
  readonly random: Random;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Folder of the account file. */
  readonly baseDir: string;
  readonly faults: KeelsonError[];
};

/** A classifier of `regimes:`; those of the first instrument stand for all. */
export type SeatedRegime = { readonly id: string; readonly place: number; readonly classifier: RegimeClassifier };

type Seats = SeatingParts & { readonly classifiers: SeatedRegime[] } & { readonly components: SeatedComponent[] };

/** Makes every strategy, regime classifier, overlay, advisor and the memory, and seats them at their desks. */
export function seatComponents(given: SeatingParts): Seating {
  const parts: Seats = { ...given, components: [], classifiers: [] };
  const { config, desks, features, faults } = parts;
  for (const desk of desks) {
    for (const timeframe of config.data.higherTimeframes) collect(faults, 'data.higherTimeframes', () => features.bankOf(desk, timeframe, 'data.higherTimeframes'));
    seatStrategies(parts, desk);
    seatRegimes(parts, desk);
    seatOverlays(parts, desk);
    seatAtr(parts, desk);
    seatGate(parts, desk);
  }
  faults.push(...regimeFaults(config, parts.classifiers));
  const { memory, advisors, notifiers, exits, decision } = config;
  return {
    memory: memory === undefined ? undefined : collect(faults, 'memory', () => find(parts, MEMORY, memory.use, 'memory.use', memory.config, 'memory.config', (definition, params) => definition.create({ params, logger: parts.logger }))),
    advisors: advisors.flatMap(({ use, config: settings, triggers }, i) => {
      const advisor = collect(faults, `advisors.${i}`, () => find(parts, ADVISOR, use, `advisors.${i}.use`, settings, `advisors.${i}.config`, (definition, params) => definition.create({ params, clock: parts.clock, logger: parts.logger })));
      return advisor === undefined ? [] : [{ id: use, advisor, triggers }];
    }),
    proposals: (decision.proposals?.sources ?? []).flatMap(({ use, config: settings }, i) => {
      const at = `decision.proposals.sources.${i}`;
      const source = collect(faults, at, () => find(parts, PROPOSAL_SOURCE, use, `${at}.use`, settings, `${at}.config`, (definition, params) => definition.create({ params, baseDir: parts.baseDir, clock: parts.clock, logger: parts.logger })));
      return source === undefined ? [] : [{ id: use, source }];
    }),
    notifiers: notifiers.flatMap(({ use, config: settings }, i) => {
      const notifier = collect(faults, `notifiers.${i}`, () => find(parts, NOTIFIER, use, `notifiers.${i}.use`, settings, `notifiers.${i}.config`, (definition, params) => definition.create({ params, logger: parts.logger })));
      return notifier === undefined ? [] : [{ id: use, notifier }];
    }),
    needsBrackets: exits.stopAtr !== undefined || exits.stopPoints !== undefined || exits.minStopPoints !== undefined || exits.rewardRisk !== undefined,
    components: parts.components,
  };
}

function seatStrategies(parts: Seats, desk: Desk): void {
  const { config, features, faults, random } = parts;
  config.strategies.forEach((entry, i) => {
    const { use, params, weight, instruments } = entry;
    if (instruments !== undefined && !instruments.includes(desk.instrument.id)) return;
    const taken: BankFeatureHandle[] = [];
    const strategy = collect(faults, `strategies.${i}`, () =>
      find(parts, STRATEGY, use, `strategies.${i}.use`, params, `strategies.${i}.params`, (definition, checked) =>
        definition.create({ params: checked, instrument: desk.instrument, use: features.useFor(desk, `strategy '${use}'`, taken), context: parts.context.useFor(`strategy '${use}'`), random: random.fork(`${use}/${i}/${desk.instrument.id}`) }),
      ),
    );
    if (strategy === undefined) return;
    const vote = new VoteSlot(voterName(entry), weight, i);
    const plugin = parts.registry.pluginOf('strategy', use);
    const index = desk.seats.push({ strategy, vote, context: new DeskContext(desk.bars, desk.position, vote), features: taken, warm: false, awaited: 0, plugin }) - 1;
    parts.components.push({ kind: 'strategy', id: use, plugin, place: i, desk, index, taken });
  });
}

function seatRegimes(parts: Seats, desk: Desk): void {
  const { config, features, faults } = parts;
  config.regimes.forEach(({ use, config: settings }, i) => {
    const taken: BankFeatureHandle[] = [];
    const regime = collect(faults, `regimes.${i}`, () =>
      find(parts, REGIME, use, `regimes.${i}.use`, settings, `regimes.${i}.config`, (definition, params) =>
        definition.create({ params, instrument: desk.instrument, calendar: desk.calendar, use: features.useFor(desk, `regime '${use}'`, taken), context: parts.context.useFor(`regime '${use}'`) }),
      ),
    );
    if (regime === undefined) return;
    if (desk === parts.desks[0]) parts.classifiers.push({ id: use, place: i, classifier: regime });
    const index = desk.regimes.push(regime) - 1;
    parts.components.push({ kind: 'regime', id: use, plugin: parts.registry.pluginOf('regime', use), place: i, desk, index, taken });
  });
}

function seatOverlays(parts: SeatingParts, desk: Desk): void {
  const { config, features, faults } = parts;
  const requirement = parts.context.requirement();
  if (requirement !== undefined) desk.overlays.push({ id: 'context', overlay: requirement });
  config.overlays.forEach(({ use, config: settings }, i) => {
    const overlay = collect(faults, `overlays.${i}`, () =>
      find(parts, RISK_OVERLAY, use, `overlays.${i}.use`, settings, `overlays.${i}.config`, (definition, params) =>
        definition.create({ params, instrument: desk.instrument, instruments: parts.desks.map(({ instrument }) => instrument.id), use: features.useFor(desk, `overlay '${use}'`, []), context: parts.context.useFor(`overlay '${use}'`), news: parts.news }),
      ),
    );
    if (overlay !== undefined) desk.overlays.push({ id: use, overlay });
  });
}

/** ATR that stops, trailing stops and sizes are measured in. */
function seatAtr(parts: SeatingParts, desk: Desk): void {
  const { exits, sizing } = parts.config;
  const use = parts.features.useFor(desk, 'exits', []);
  const { chandelier } = exits.trailing ?? {};
  if (chandelier !== undefined) {
    const long = collect(parts.faults, 'exits.trailing.chandelier', () => use('chandelier', chandelier));
    desk.chandelier = long === undefined ? undefined : { long, short: long.output('short') };
  }
  if (exits.stopAtr !== undefined || exits.trailing?.distanceAtr !== undefined || exits.scaling !== undefined) desk.exitAtr = collect(parts.faults, 'exits.stopAtr', () => use('atr', { period: exits.atrPeriod }));
  if (sizing.use === 'volatility') desk.sizeAtr = collect(parts.faults, 'sizing', () => use('atr', { period: sizing.atrPeriod }));
}

/** What proposals from outside must pass on this desk. */
function seatGate({ config, features, faults }: SeatingParts, desk: Desk): void {
  const { proposals } = config.decision;
  if (proposals === undefined) return;
  const by = proposals.confirm === 'none' ? [] : proposals.confirm.by;
  const use = features.useFor(desk, 'decision.proposals', []);
  const atr = proposals.maxDistanceAtr === undefined ? undefined : collect(faults, 'decision.proposals.maxDistanceAtr', () => use('atr', { period: proposals.atrPeriod }));
  desk.gate = new ProposalGate(proposals, config.exits, desk.seats.filter(({ vote }) => by.includes(vote.strategy)), atr);
}

/** Finds a component, checks its settings and makes it; throws what is wrong. */
function find<Name extends PortName, T>(parts: SeatingParts, token: PortToken<Name>, id: string, where: string, settings: unknown, at: string, make: (definition: PortMap[Name], params: unknown) => T): T {
  const definition = parts.registry.find(token, id, where);
  if (isKeelsonError(definition)) throw definition;
  const checked = checkSettings(definition.params, settings, at);
  if (Array.isArray(checked)) throw new KeelsonErrors(checked);
  const made = make(definition, checked.value);
  checkInstance(token.port, id, made, parts.registry.pluginOf(token.port, id));
  return made;
}
