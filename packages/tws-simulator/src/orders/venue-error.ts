/** A refusal or warning in the venue's own words. */
export interface VenueError {
  readonly code: number;
  readonly text: string;
}

const error = (code: number, text: string): VenueError => ({ code, text });

/** The venue's codes for orders, with the texts that clients and people know them by. */
export const VENUE_ERRORS = {
  duplicateOrderId: error(103, 'Duplicate order id'),
  modifiesFilled: error(104, "Can't modify a filled order."),
  modifiesOther: error(105, 'Order being modified does not match original order'),
  priceOffTick: error(110, 'The price does not conform to the minimum price variation for this contract.'),
  closeNeedsDay: error(113, 'The Tif option should be set to DAY for MOC and LOC orders.'),
  unknownContract: error(200, 'No security definition has been found for the request'),
  ambiguousContract: error(200, 'The contract description specified is ambiguous'),
  rejected: (reason: string) => error(201, `Order rejected - reason:${reason}`),
  cancelled: (reason = '') => error(202, `Order Canceled - reason:${reason}`),
  readOnly: error(321, "Error validating request.-'bN' : cause - The API interface is currently in Read-Only mode."),
  invalidAccount: (account: string) => error(321, `Error validating request.-'bN' : cause - Invalid account code '${account}'.`),
  unsupportedType: (type: string) => error(387, `Unsupported order type for this exchange and security type: ${type}`),
  invalidTime: (text: string) => error(391, `The date, time, or time-zone entered is invalid: ${text}. The correct format is yyyymmdd hh:mm:ss xx/xxxx where yyyymmdd and xx/xxxx are optional.`),
  message: (text: string) => error(399, `Order Message:\n${text}`),
  zeroSize: error(434, 'The order size cannot be zero.'),
  accountNeeded: error(435, 'You must specify an account.'),
  priceNeeded: error(463, 'You must enter a valid price.'),
  outsideRthIgnored: error(2109, "Order Event Warning: Attribute 'Outside Regular Trading Hours' is ignored based on the order type and destination. PlaceOrder is now being processed."),
  missingParent: error(10006, 'Missing parent order.'),
  invalidTif: (tif: string) => error(10052, `Invalid time in force:${tif}`),
  invalidOrderId: (orderId: number) => error(10149, `Invalid order id: ${orderId}`),
  cancelsUnknown: (orderId: number) => error(10147, `OrderId ${orderId} that needs to be cancelled is not found.`),
  cancelsDone: (orderId: number, state: string) => error(10148, `OrderId ${orderId} that needs to be cancelled can not be cancelled, state: ${state}.`),
  fractionalSize: error(10318, 'This order does not support fractional quantity trading'),
} as const;

const money = (amount: number): string => amount.toFixed(2);

/** Why an order that the account cannot carry is refused. */
export function marginRefusal(equity: number, initialMargin: number, currency: string): VenueError {
  return VENUE_ERRORS.rejected(
    'YOUR ORDER IS NOT ACCEPTED. IN ORDER TO OBTAIN THE DESIRED POSITION YOUR EQUITY WITH LOAN VALUE ' +
      `[${money(equity)} ${currency}] MUST EXCEED THE INITIAL MARGIN [${money(initialMargin)} ${currency}]`,
  );
}
