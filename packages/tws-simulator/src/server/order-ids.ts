/** The next order id of each client. */
export class OrderIds {
  private readonly highest = new Map<number, number>();

  constructor(private readonly first: number) {}

  next(clientId: number): number {
    return (this.highest.get(clientId) ?? this.first - 1) + 1;
  }

  /** An order id was used: later ids are above it. */
  used(clientId: number, orderId: number): void {
    if (orderId >= this.next(clientId)) this.highest.set(clientId, orderId);
  }
}
