import type { Fill, Instrument } from '@keelson/core/domain';
import { isMarginSettled, toMoney } from '@keelson/core/domain';
import type { BrokerSnapshot } from '@keelson/core/ports';

type Holding = { quantity: number; averagePrice: number };

/** Cash and positions of one account at a venue, from its executions alone. */
export class VenueBooks {
  /** Executions that stand, oldest first. */
  fills: Fill[] = [];

  constructor(
    private readonly initialCash: number,
    private readonly currency: string,
    private readonly instruments: ReadonlyMap<string, Instrument>,
  ) {}

  quantityOf(instrument: string): number {
    return this.holdings().positions.get(instrument)?.quantity ?? 0;
  }

  snapshot(): Pick<BrokerSnapshot, 'positions' | 'cash'> {
    const { positions, cash } = this.holdings();
    return {
      positions: [...positions].filter(([, { quantity }]) => quantity !== 0).map(([instrument, { quantity, averagePrice }]) => ({ instrument, quantity, averagePrice })),
      cash: [{ currency: this.currency, amount: toMoney(cash) }],
    };
  }

  get cash(): number {
    return this.holdings().cash;
  }

  /** Executions are few: everything is added up anew, so that a correction needs nothing undone. */
  private holdings(): { readonly positions: ReadonlyMap<string, Holding>; readonly cash: number } {
    const positions = new Map<string, Holding>();
    let cash = this.initialCash;
    for (const { instrument: id, side, quantity, price, commission } of this.fills) {
      const instrument = this.instruments.get(id) as Instrument;
      const held = positions.get(id) ?? { quantity: 0, averagePrice: 0 };
      positions.set(id, held);
      const signed = side === 'buy' ? quantity : -quantity;
      const closing = held.quantity * signed < 0 ? Math.min(Math.abs(held.quantity), quantity) : 0;
      cash -= commission;
      if (isMarginSettled(instrument.type)) cash += closing * (price - held.averagePrice) * Math.sign(held.quantity) * instrument.multiplier;
      else cash -= signed * price * instrument.multiplier;
      const after = held.quantity + signed;
      if (closing === 0) held.averagePrice = (held.averagePrice * Math.abs(held.quantity) + price * quantity) / Math.abs(after);
      else if (after * held.quantity < 0) held.averagePrice = price;
      held.quantity = after;
    }
    return { positions, cash };
  }
}
