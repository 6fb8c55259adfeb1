import { StepGrid } from '@keelson/core/domain';
import { isKeelsonError } from '@keelson/core/errors';
import type { ContractDetails, PriceIncrement } from '@stoqey/ib';
import type { IbGateway } from '../gateway/gateway.js';

/** From `from` on, either sign, prices lie on multiples of a step. */
export type PriceStep = { readonly from: number; readonly grid: StepGrid };

/** What prices lie on: by the account, and by the venue, the lowest first. */
export type PriceSteps = { readonly own: StepGrid; readonly venue: readonly PriceStep[] };

/**
 * The steps that prices of a contract lie on at an exchange, the lowest first: its market rule there. The details tell
 * only the finest of them, which stands where the venue names no rule.
 */
export async function priceSteps(gateway: IbGateway, { minTick, validExchanges, marketRuleIds, contract }: ContractDetails, exchange = contract.exchange): Promise<readonly PriceStep[]> {
  const finest = minTick === undefined || !(minTick > 0) ? [] : [{ from: 0, grid: new StepGrid(minTick) }];
  const rule = Number(marketRuleIds?.split(',')[validExchanges?.split(',').indexOf(exchange ?? '') ?? -1]);
  if (!Number.isInteger(rule)) return finest;
  const increments = await gateway.askAll<PriceIncrement>(`the market rule ${rule}`, (ib) => ib.reqMarketRule(rule), (event, [id, told], found) => {
    if (event !== 'marketRule' || id !== rule) return false;
    found.push(...(told as readonly PriceIncrement[]));
    return true;
  }).catch((thrown: unknown): PriceIncrement[] => {
    // a gateway that is there and does not tell: the finest step is what else is known
    if (isKeelsonError(thrown) && gateway.isReady) return [];
    throw thrown;
  });
  const steps = increments.filter(({ increment }) => increment > 0).map(({ lowEdge, increment }) => ({ from: lowEdge, grid: new StepGrid(increment) }));
  return steps.length === 0 ? finest : steps.sort((a, b) => a.from - b.from);
}

/** A price on the step that holds there. One that lies on it stays as it is, and one that is not even on the account's: the venue refuses it. */
export function onStep({ own, venue }: PriceSteps, price: number, towards: 'up' | 'down'): number {
  const grid = venue.findLast(({ from }) => Math.abs(price) >= from)?.grid;
  return grid === undefined || grid.holds(price) || !own.holds(price) ? price : grid.value(grid[towards](price));
}
