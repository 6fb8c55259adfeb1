import type { BrokerEvent, Fill, Instrument } from '@keelson/core/domain';
import type { SimulatedBroker } from '../simulated-broker.js';
import type { FaultDice } from './fault-dice.js';

/** A correction waits so long, in moments, at most. */
const LATEST = 5;

/** What goes wrong at the venue itself: thin bars, and fills that it corrects or takes back later. */
export class VenueFaults {
  private moments = 0;
  private due: Array<{ readonly at: number; readonly fill: Fill; readonly bust: boolean }> = [];
  private readonly tickOf: ReadonlyMap<string, number>;

  constructor(
    private readonly venue: SimulatedBroker,
    private readonly dice: FaultDice,
    instruments: readonly Instrument[],
  ) {
    this.tickOf = new Map(instruments.map(({ id, tickSize }) => [id, tickSize]));
  }

  /** Before the bars of a moment. */
  beforeBars(): void {
    this.moments++;
    const { dice, venue } = this;
    venue.thin(dice.strikes('partialFill', venue.market.now, 'bar') ? dice.upTo('partialFill', 2) : undefined);
  }

  /** After the bars of a moment: corrections that are due. */
  afterBars(): void {
    const due = this.due.filter(({ at }) => at <= this.moments);
    if (due.length === 0) return;
    this.due = this.due.filter(({ at }) => at > this.moments);
    for (const { fill, bust } of due) this.venue.correct(fill.executionId, bust ? undefined : fill.price + (this.tickOf.get(fill.instrument) ?? 0));
  }

  /** What the venue said: a fill may be one that it will correct. */
  see(event: BrokerEvent): void {
    if (event.kind !== 'fill' || event.fill.cause !== undefined) return;
    const { dice } = this;
    const { fill } = event;
    const bust = dice.strikes('bust', fill.time, fill.executionId);
    if (bust || dice.strikes('correct', fill.time, fill.executionId)) this.due.push({ at: this.moments + dice.upTo(bust ? 'bust' : 'correct', LATEST), fill, bust });
  }

  /** Corrections that are still to come will not come. */
  calm(): void {
    this.due = [];
    this.venue.thin(undefined);
  }
}
