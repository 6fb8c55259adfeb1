/** One fill as the venue reports it. Plain data: it is written to the state file as it is. */
export interface Execution {
  /** `0000e0d5.67fe667b.01.01`: a correction changes only the digits after the last dot. */
  readonly execId: string;
  readonly timeMs: number;
  readonly account: string;
  readonly clientId: number;
  readonly orderId: number;
  readonly permId: number;
  readonly conId: number;
  readonly side: 'BOT' | 'SLD';
  readonly quantity: number;
  readonly price: number;
  /** Of the order, this fill included. */
  readonly cumulativeQuantity: number;
  readonly averagePrice: number;
  readonly orderRef: string;
  /** 1 added liquidity, 2 took it. */
  readonly liquidity: 1 | 2;
  readonly commission: number;
  readonly currency: string;
  /** Profit of what it closed, commissions deducted; `undefined` when it only opened. */
  readonly realized?: number | undefined;
}

/** The id of the next correction of an execution: `….01` becomes `….02`. */
export function correctedExecId(execId: string): string {
  const dot = execId.lastIndexOf('.');
  return `${execId.slice(0, dot + 1)}${String(Number(execId.slice(dot + 1)) + 1).padStart(2, '0')}`;
}
