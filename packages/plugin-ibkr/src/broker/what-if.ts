import type { Instrument } from '@keelson/core/domain';
import { toMoney } from '@keelson/core/domain';
import type { Logger, MarginRequirement, Timer } from '@keelson/core/ports';
import type { Order, OrderAction, OrderState, OrderType, TimeInForce } from '@stoqey/ib';
import type { IbConnection } from '../connection.js';

/** A question is given up after so long. */
const ANSWER_MS = 10_000;

/**
 * What a position of one would need, asked of the venue with orders that are only looked at. The larger of long and
 * short counts; it is asked anew with every connection.
 */
export class WhatIf {
  private readonly perUnit = new Map<string, MarginRequirement>();
  private readonly asked = new Map<number, (state: OrderState | undefined) => void>();

  constructor(
    private readonly connection: IbConnection,
    private readonly timer: Timer,
    private readonly logger: Logger,
  ) {}

  async ask(instruments: readonly Instrument[]): Promise<void> {
    for (const instrument of instruments) {
      const answers = [await this.one(instrument, 'BUY'), await this.one(instrument, 'SELL')].filter((answer) => answer !== undefined);
      if (answers.length === 0) {
        this.logger.warn(`the venue gave no margin for ${instrument.id}: the account's own margin rules apply`);
        continue;
      }
      this.perUnit.set(instrument.id, { initial: toMoney(Math.max(...answers.map(({ initial }) => initial))), maintenance: toMoney(Math.max(...answers.map(({ maintenance }) => maintenance))) });
    }
  }

  /** In the currency of the account at the venue. */
  margin({ id }: Instrument, quantity: number): MarginRequirement | undefined {
    const one = this.perUnit.get(id);
    return one && { initial: toMoney(one.initial * quantity), maintenance: toMoney(one.maintenance * quantity) };
  }

  /** @returns whether the message was an answer to a question of this kind */
  take(orderId: number, state: OrderState): boolean {
    const answer = this.asked.get(orderId);
    if (answer === undefined) return false;
    // the first answer may carry no numbers yet
    if (Number.isFinite(state.initMarginChange) && Math.abs(state.initMarginChange as number) < 1e300) answer(state);
    return true;
  }

  /** @returns whether a refusal was of such a question */
  refuse(orderId: number): boolean {
    const answer = this.asked.get(orderId);
    answer?.(undefined);
    return answer !== undefined;
  }

  private one(instrument: Instrument, action: 'BUY' | 'SELL'): Promise<{ readonly initial: number; readonly maintenance: number } | undefined> {
    const { gateway } = this.connection;
    const resolved = this.connection.contractOf(instrument.id);
    if (resolved === undefined) return Promise.resolve(undefined);
    const orderId = gateway.takeOrderId();
    const order: Order = { orderId, account: gateway.account, action: action as OrderAction, totalQuantity: instrument.lotSize, orderType: 'MKT' as OrderType, tif: 'DAY' as TimeInForce, outsideRth: false, whatIf: true, transmit: true };
    return new Promise((resolve) => {
      const end = (state: OrderState | undefined): void => {
        callOff();
        this.asked.delete(orderId);
        if (state === undefined) resolve(undefined);
        else resolve({ initial: Math.abs(state.initMarginChange ?? 0) / instrument.lotSize, maintenance: Math.abs(state.maintMarginChange ?? state.initMarginChange ?? 0) / instrument.lotSize });
      };
      const callOff = this.timer.after(ANSWER_MS, () => end(undefined));
      this.asked.set(orderId, end);
      gateway.api.placeOrder(orderId, resolved.contract, order);
    });
  }
}
