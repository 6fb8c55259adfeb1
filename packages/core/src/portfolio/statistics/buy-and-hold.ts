/**
 * Return of holding: equal parts of the money in each instrument at its first open, without leverage or costs,
 * valued at its last close. Undefined without an instrument that traded.
 */
export function buyAndHoldReturn(markets: readonly { readonly firstOpen: number; readonly lastClose: number }[]): number | undefined {
  if (markets.length === 0) return undefined;
  let sum = 0;
  for (const { firstOpen, lastClose } of markets) sum += lastClose / firstOpen - 1;
  return sum / markets.length;
}
