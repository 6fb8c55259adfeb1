import type { Instrument } from '@keelson/core/domain';
import { toMoney } from '@keelson/core/domain';
import { messageOf } from '@keelson/core/errors';
import type { Logger, MarginRequirement, Timer } from '@keelson/core/ports';
import type { Order, OrderAction, OrderState, OrderType, TimeInForce } from '@stoqey/ib';
import type { IbConnection } from '../connection.js';

/** A question is given up after so long. */
const ANSWER_MS = 10_000;
/** What was not answered is asked again after so long. */
const AGAIN_MS = 60_000;

type PerUnit = { readonly initial: number; readonly maintenance: number };

/**
 * What a position of one would need, asked of the venue with orders that are only looked at. The larger of long and
 * short counts; it is asked anew with every connection, and again for as long as it was not answered.
 */
export class WhatIf {
  private readonly perUnit = new Map<string, PerUnit & { readonly currency: string }>();
  private readonly asked = new Map<number, (state: OrderState | undefined) => void>();
  private callOffAgain: (() => void) | undefined;
  /** Counts the rounds: one that was stopped asks nothing more. */
  private round = 0;

  constructor(
    private readonly connection: IbConnection,
    private readonly timer: Timer,
    private readonly logger: Logger,
  ) {}

  async ask(instruments: readonly Instrument[]): Promise<void> {
    this.stop();
    const { round } = this;
    const missing: Instrument[] = [];
    const currency = await this.accountCurrency();
    for (const instrument of instruments) {
      const found = currency === undefined ? undefined : await this.perUnitOf(instrument);
      if (round !== this.round) return;
      if (found !== undefined && currency !== undefined) {
        this.perUnit.set(instrument.id, { ...found, currency });
        continue;
      }
      missing.push(instrument);
      this.logger.warn(`the venue gave no margin for ${instrument.id}: it is asked again in ${AGAIN_MS / 1000} seconds`);
    }
    if (missing.length > 0) this.callOffAgain = this.timer.after(AGAIN_MS, () => void this.ask(missing));
  }

  /** Asks no more until the next {@link ask}. */
  stop(): void {
    this.round++;
    this.callOffAgain?.();
    this.callOffAgain = undefined;
  }

  margin({ id }: Instrument, quantity: number): MarginRequirement | undefined {
    const one = this.perUnit.get(id);
    return one && { initial: toMoney(one.initial * quantity), maintenance: toMoney(one.maintenance * quantity), currency: one.currency };
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

  /** Margins are told in the currency that the account is kept in, whatever the contract trades in. */
  private async accountCurrency(): Promise<string | undefined> {
    const { gateway } = this.connection;
    try {
      const [currency] = await gateway.ask<string>(
        'the currency of the account',
        (ib, id) => ib.reqAccountSummary(id, 'All', 'NetLiquidation'),
        (event, args, found) => {
          const [, account, tag, , currency] = args as [number, string, string, string, string];
          if (event === 'accountSummary' && account === gateway.account && tag === 'NetLiquidation') found.push(currency);
          return event === 'accountSummaryEnd';
        },
        (ib, id) => ib.cancelAccountSummary(id),
        true,
      );
      return currency;
    } catch (thrown) {
      this.logger.warn(`the currency of the margins was not told: ${messageOf(thrown)}`);
      return undefined;
    }
  }

  private async perUnitOf(instrument: Instrument): Promise<PerUnit | undefined> {
    const answers = [await this.one(instrument, 'BUY'), await this.one(instrument, 'SELL')].filter((answer) => answer !== undefined);
    if (answers.length === 0) return undefined;
    return { initial: Math.max(...answers.map(({ initial }) => initial)), maintenance: Math.max(...answers.map(({ maintenance }) => maintenance)) };
  }

  private one(instrument: Instrument, action: 'BUY' | 'SELL'): Promise<PerUnit | undefined> {
    const { gateway } = this.connection;
    const resolved = this.connection.contractOf(instrument.id);
    if (resolved === undefined || !gateway.isReady) return Promise.resolve(undefined);
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
