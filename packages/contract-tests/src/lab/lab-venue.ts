import type { BarWindow, ClientOrderId, Fill, Instrument, OrderChange, OrderIntent, Price, UtcMs } from '@keelson/core/domain';
import { toMoney, toPrice, toUtcMs } from '@keelson/core/domain';
import type { Broker, BrokerCapabilities, BrokerEventSink, BrokerSnapshot, MarketObserver } from '@keelson/core/ports';

type Resting = { intent: OrderIntent };

/**
 * A venue in this process without costs: market orders fill at the newest close, limits and stops rest until a bar
 * reaches them. It makes positions and trades for what is being tried; what a fill is worth is no matter here.
 */
export class LabVenue implements Broker, MarketObserver {
  readonly capabilities: BrokerCapabilities = { venue: 'simulated', orderTypes: ['market', 'limit', 'stop'], timesInForce: ['day', 'gtc', 'ioc'], nativeBrackets: false, oco: false, modify: true };
  readonly submitted: OrderIntent[] = [];
  readonly market = this;
  private readonly resting = new Map<ClientOrderId, Resting>();
  private readonly closes = new Map<string, number>();
  private now: UtcMs = toUtcMs(0);
  private executions = 0;
  private sink: BrokerEventSink = () => undefined;

  constructor(private readonly instruments: readonly Instrument[]) {}

  async connect(sink: BrokerEventSink): Promise<void> {
    this.sink = sink;
  }

  async disconnect(): Promise<void> {
    this.sink = () => undefined;
  }

  async snapshot(): Promise<BrokerSnapshot> {
    return { time: this.now, orders: [], positions: [], cash: [] };
  }

  async executionsSince(): Promise<readonly Fill[]> {
    return [];
  }

  submit(intent: OrderIntent): void {
    this.submitted.push(intent);
    const { clientOrderId } = intent;
    this.sink({ kind: 'accepted', clientOrderId, venueOrderId: `lab-${clientOrderId}`, time: this.now });
    if (intent.type === 'market') this.fill(intent, toPrice(this.closes.get(intent.instrument) ?? intent.decisionPrice));
    else this.resting.set(clientOrderId, { intent });
  }

  modify(change: OrderChange): void {
    const { clientOrderId } = change;
    const order = this.resting.get(clientOrderId);
    if (order === undefined) return this.sink({ kind: 'modify-rejected', clientOrderId, code: 'BRK_UNKNOWN_ORDER', reason: 'not working', time: this.now });
    order.intent = { ...order.intent, ...change };
    const { quantity, limitPrice, stopPrice } = order.intent;
    return this.sink({ kind: 'modified', clientOrderId, quantity, ...(limitPrice === undefined ? {} : { limitPrice }), ...(stopPrice === undefined ? {} : { stopPrice }), time: this.now });
  }

  cancel(clientOrderId: ClientOrderId): void {
    if (this.resting.delete(clientOrderId)) this.sink({ kind: 'canceled', clientOrderId, reason: 'cancelled', time: this.now });
    else this.sink({ kind: 'cancel-rejected', clientOrderId, code: 'BRK_UNKNOWN_ORDER', reason: 'not working', time: this.now });
  }

  margin(): 'none' {
    return 'none';
  }

  warnings(): readonly string[] {
    return [];
  }

  onBar(instrument: number, bars: BarWindow): void {
    const { id } = this.instruments[instrument] as Instrument;
    const { index } = bars;
    this.now = toUtcMs(bars.closeTime[index] as number);
    this.closes.set(id, bars.close[index] as number);
    for (const { intent } of Array.from(this.resting.values())) if (intent.instrument === id) this.reach(intent, bars.low[index] as number, bars.high[index] as number);
  }

  onMoment(): void {
    // no rules over the whole account
  }

  private reach(intent: OrderIntent, low: number, high: number): void {
    const { side, type, limitPrice, stopPrice } = intent;
    const price = type === 'limit' ? limitPrice : stopPrice;
    if (price === undefined) return;
    const below = (type === 'limit') === (side === 'buy');
    if (below ? low > price : high < price) return;
    this.resting.delete(intent.clientOrderId);
    this.fill(intent, price);
  }

  private fill({ clientOrderId, instrument, side, quantity }: OrderIntent, price: Price): void {
    const currency = this.instruments.find(({ id }) => id === instrument)?.currency ?? 'USD';
    this.sink({
      kind: 'fill',
      fill: { executionId: `lab-${++this.executions}`, clientOrderId, instrument, side, quantity, price, commission: toMoney(0), commissionCurrency: currency, slippage: toMoney(0), liquidity: 'taker', time: this.now },
    });
  }
}
