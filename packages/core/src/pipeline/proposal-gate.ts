import type { ProposalSettings } from '../config/proposals-schema.js';
import type { ExitSettings } from '../config/exits-schema.js';
import type { UtcMs } from '../domain/units.js';
import type { FeatureHandle } from '../ports/feature-handle.js';
import type { Proposal } from '../ports/proposal.js';
import type { StrategySeat } from './strategy-seat.js';
import { VoteSlot } from './vote.js';

/** A proposal that arrived and is not yet decided on. */
export class PendingProposal {
  readonly vote: VoteSlot;
  /** What it waits for, as of the last bar. */
  waitsFor: readonly string[] = [];

  constructor(
    readonly proposal: Proposal,
    readonly source: string,
    readonly arrivedAt: UtcMs,
    weight: number,
  ) {
    this.vote = new VoteSlot(`proposal:${proposal.origin}`, weight, -1);
  }
}

/** What stands between proposals and one desk: the rules, what the confirming strategies said last, and who waits. */
export class ProposalGate {
  readonly pending: PendingProposal[] = [];
  /** Whether `exits:` gives every entry a stop. */
  readonly stopFromExits: boolean;
  private readonly lastVotes: Array<VoteSlot['action']>;
  /** Running number of the bar on which each said it. */
  private readonly lastBars: Float64Array;

  constructor(
    readonly settings: ProposalSettings,
    readonly exits: ExitSettings,
    /** Seats of the strategies that may confirm. */
    readonly confirmers: readonly StrategySeat[],
    readonly atr: FeatureHandle | undefined,
  ) {
    this.stopFromExits = exits.stopAtr !== undefined || exits.stopPoints !== undefined || exits.minStopPoints !== undefined;
    this.lastVotes = confirmers.map(() => 'hold');
    this.lastBars = new Float64Array(confirmers.length).fill(Number.NEGATIVE_INFINITY);
  }

  /** Confirmations that an entry needs; 0 for `confirm: none`. */
  get needed(): number {
    return this.settings.confirm === 'none' ? 0 : this.settings.confirm.atLeast;
  }

  receive(proposal: Proposal, source: string, time: UtcMs): void {
    this.pending.push(new PendingProposal(proposal, source, time, this.settings.weight));
  }

  /** Takes back what was decided on before a restart. */
  forget(source: string, id: string): void {
    const at = this.pending.findIndex((each) => each.source === source && each.proposal.id === id);
    if (at >= 0) this.pending.splice(at, 1);
  }

  /** Takes what the confirming strategies say on the bar with running number `bar`. */
  listen(bar: number): void {
    const { confirmers } = this;
    for (let i = 0; i < confirmers.length; i++) {
      const { action } = (confirmers[i] as StrategySeat).vote;
      if (action === 'hold') continue;
      this.lastVotes[i] = action;
      this.lastBars[i] = bar;
    }
  }

  /** Who wants the same: by the latest word of each, if it is not too old. To leave, the side against the position serves as well. */
  confirmedBy(action: Proposal['action'], bar: number, heldLots: number): string[] {
    const { confirm } = this.settings;
    if (confirm === 'none') return [];
    const against = heldLots > 0 ? 'short' : heldLots < 0 ? 'long' : undefined;
    return this.confirmers.flatMap(({ vote }, i) => {
      const said = this.lastVotes[i];
      const fresh = bar - (this.lastBars[i] as number) < confirm.withinBars;
      return fresh && (said === action || (action === 'flat' && said === against)) ? [vote.strategy] : [];
    });
  }
}
