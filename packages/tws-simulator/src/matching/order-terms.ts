/** Order types that the simulator matches. */
export const ORDER_TYPES = ['MKT', 'LMT', 'STP', 'STP LMT', 'TRAIL', 'TRAIL LIMIT', 'MIT', 'LIT', 'MOC', 'LOC'] as const;
export type OrderType = (typeof ORDER_TYPES)[number];

/** Times in force that the simulator honours. */
export const TIMES_IN_FORCE = ['DAY', 'GTC', 'GTD', 'IOC', 'FOK'] as const;
export type TimeInForce = (typeof TIMES_IN_FORCE)[number];

/** What is to happen with the rest of an OCA group: cancel, reduce with block, reduce without. */
export type OcaType = 1 | 2 | 3;

/** An order's meaning, freed from the wire: what matching and checks look at. Absent is `undefined`. */
export interface OrderTerms {
  readonly action: 'BUY' | 'SELL';
  readonly quantity: number;
  readonly type: OrderType;
  readonly limitPrice?: number | undefined;
  /** Stop price, touch price or trailing amount, by type. */
  readonly auxPrice?: number | undefined;
  /** Where a trailing stop starts. */
  readonly trailStopPrice?: number | undefined;
  /** Trailing distance in percent of the market price: 1 is 1%. */
  readonly trailingPercent?: number | undefined;
  /** Distance of a trailing stop's limit from its stop, toward the worse price. */
  readonly limitOffset?: number | undefined;
  readonly tif: TimeInForce;
  readonly goodAfterMs?: number | undefined;
  readonly goodTillMs?: number | undefined;
  readonly outsideRth: boolean;
  readonly ocaGroup: string;
  readonly ocaType: OcaType;
  /** The parent's order id of the same client; 0 is none. */
  readonly parentId: number;
  readonly transmit: boolean;
  readonly allOrNone: boolean;
  readonly account: string;
  readonly orderRef: string;
  readonly whatIf: boolean;
}

/** +1 for a buy, −1 for a sell. */
export const signOf = (action: 'BUY' | 'SELL'): 1 | -1 => (action === 'BUY' ? 1 : -1);

/** Types that wait for a price before they work: the venue shows them as PreSubmitted until then. */
export function waitsForTrigger(type: OrderType): boolean {
  return type === 'STP' || type === 'STP LMT' || type === 'TRAIL' || type === 'TRAIL LIMIT' || type === 'MIT' || type === 'LIT';
}

/** Types that trade in the closing print only. */
export const tradesAtClose = (type: OrderType): boolean => type === 'MOC' || type === 'LOC';
