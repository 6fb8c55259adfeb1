import type { Fill, InstrumentId } from '@keelson/core/domain';

/** What the account holds, signed, as the venue told it last and executions have changed it since. */
export class HeldQuantities {
  private readonly quantities = new Map<InstrumentId, number>();
  private known = false;

  /** As the venue tells it. */
  set(positions: Iterable<readonly [InstrumentId, number]>): void {
    this.quantities.clear();
    for (const [instrument, quantity] of positions) this.quantities.set(instrument, (this.quantities.get(instrument) ?? 0) + quantity);
    this.known = true;
  }

  add({ instrument, side, quantity }: Fill): void {
    this.quantities.set(instrument, (this.quantities.get(instrument) ?? 0) + (side === 'buy' ? quantity : -quantity));
  }

  /** Something changed that cannot be followed: not known until the venue is read again. */
  forget(): void {
    this.known = false;
  }

  /** Signed; undefined while it is not known. */
  of(instrument: InstrumentId): number | undefined {
    return this.known ? (this.quantities.get(instrument) ?? 0) : undefined;
  }
}
