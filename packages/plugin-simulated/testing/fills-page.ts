import { isoTime, type BrokerEvent, type Fill, type Instrument } from '@keelson/core/domain';
import type { SimulatedSettings } from '../src/config.js';
import { VenueHarness, at, dailyCalendar, instrumentOf, type IntentFields } from './venue-harness.js';

/** One worked example of docs/concepts/fills.md: its heading and the lines of its block. */
export type FillsExample = { readonly id: string; readonly title: string; readonly lines: readonly string[] };

/** Every `#### F-000 title` of the page with the block that follows it. */
export function readExamples(page: string): readonly FillsExample[] {
  const examples: FillsExample[] = [];
  const pattern = /^#### (F-\d{3}) (.+)\n[\s\S]*?^```text\n([\s\S]*?)^```$/gm;
  for (const [, id = '', title = '', body = ''] of page.matchAll(pattern)) examples.push({ id, title, lines: body.split('\n').filter((line) => line.trim() !== '') });
  return examples;
}

const ORDER_TYPES = ['market', 'limit', 'stop', 'stop-limit', 'trail'];

/** `buy A 2 limit 99 day oco=G stop=95 target=110 …` as an intent. */
function readOrder(words: readonly string[]): IntentFields {
  const [side = '', id = '', size = '', type = '', ...rest] = words;
  if (!ORDER_TYPES.includes(type)) throw new Error(`order type was ${type}, expected one of ${ORDER_TYPES.join(', ')}`);
  const fields: Record<string, unknown> = { clientOrderId: id, side, quantity: Number(size), type: type === 'trail' ? 'trailing-stop' : type };
  const prices = rest.filter((word) => /^-?[\d.]+%?$/.test(word));
  if (type === 'limit') fields['limitPrice'] = Number(prices[0]);
  if (type === 'stop' || type === 'stop-limit') fields['stopPrice'] = Number(prices[0]);
  if (type === 'stop-limit') fields['limitPrice'] = Number(prices[1]);
  if (type === 'trail') Object.assign(fields, trail(prices[0] ?? ''), prices[1] === undefined ? {} : { stopPrice: Number(prices[1]) });
  const bracket: unknown[] = [];
  for (const word of rest.filter((each) => !prices.includes(each))) {
    const [key = '', value = ''] = word.split('=');
    if (key === 'day' || key === 'gtc' || key === 'ioc') fields['timeInForce'] = key;
    else if (key === 'exit') fields['role'] = 'exit';
    else if (key === 'reduce') fields['reduceOnly'] = true;
    else if (key === 'oco') fields['ocoGroup'] = value;
    else if (key === 'on') fields['instrument'] = value;
    else if (key === 'stop') bracket.push({ clientOrderId: `${id}.stop`, role: 'stop', type: 'stop', stopPrice: Number(value) });
    else if (key === 'trail') bracket.push({ clientOrderId: `${id}.stop`, role: 'stop', type: 'trailing-stop', ...trail(value) });
    else if (key === 'target') bracket.push({ clientOrderId: `${id}.target`, role: 'target', type: 'limit', limitPrice: Number(value) });
    else throw new Error(`word was ${word}, expected an option of an order`);
  }
  if (bracket.length > 0) fields['bracket'] = bracket;
  return fields as unknown as IntentFields;
}

function trail(text: string): { trailDistance?: number; trailFraction?: number } {
  return text.endsWith('%') ? { trailFraction: Number(text.slice(0, -1)) / 100 } : { trailDistance: Number(text) };
}

/** Twelve digits: enough to see a wrong number, too few to see binary rounding. */
const number = (value: number): string => String(Number(value.toPrecision(12)));

function showFill(fill: Fill): string {
  const who = fill.cause === undefined ? `${fill.clientOrderId} fill` : `${fill.cause} ${fill.side}`;
  const cost = `${fill.commission === 0 ? '' : ` commission ${number(fill.commission)}`}${fill.slippage === 0 ? '' : ` slippage ${number(fill.slippage)}`}`;
  return `${who} ${number(fill.quantity)} @ ${number(fill.price)}${cost}`;
}

/** An event as the page writes it; undefined for the acknowledgement, which every order gets. */
function show(event: BrokerEvent): string | undefined {
  switch (event.kind) {
    case 'accepted':
      return undefined;
    case 'fill':
      return showFill(event.fill);
    case 'cash':
      return `cash ${event.movement.kind} ${number(event.movement.amount)}${event.movement.price === undefined ? '' : ` @ ${number(event.movement.price)}`}`;
    case 'activated':
    case 'modified':
      return `${event.clientOrderId} ${event.kind} ${number(event.quantity)}`;
    case 'rejected':
    case 'modify-rejected':
    case 'cancel-rejected':
      return `${event.clientOrderId} ${event.kind} ${event.code}`;
    case 'canceled':
    case 'expired':
      return `${event.clientOrderId} ${event.kind}`;
    default:
      return event.kind;
  }
}

function timeOf(event: BrokerEvent): string {
  const time = event.kind === 'fill' ? event.fill.time : event.kind === 'cash' ? event.movement.time : event.time;
  return isoTime(time).slice(5, 16).replace('T', ' ');
}

/** What the page expects and what happened, line by line. */
export type FillsComparison = { readonly expected: readonly string[]; readonly actual: readonly string[] };

/** Plays an example against the broker. Everything that is said has to be expected, in the same order. */
export async function playExample(lines: readonly string[], baseDir: string): Promise<FillsComparison> {
  const settings: Record<string, unknown> = {};
  const instruments: Instrument[] = [];
  let start: Record<string, string> = {};
  const steps: string[] = [];
  for (const raw of lines) {
    const line = raw.replace(/\s+#.*$/, '').trim();
    if (line.startsWith('config ')) Object.assign(settings, JSON.parse(line.slice(7)) as object);
    else if (line.startsWith('instrument ')) instruments.push(instrumentOf(readInstrument(line.slice(11))));
    else if (line.startsWith('start ')) start = Object.fromEntries(line.slice(6).split(/\s+/).map((word) => word.split('=') as [string, string]));
    else steps.push(line);
  }
  const [openHour, closeHour] = (start['session'] ?? '0-24').split('-').map(Number);
  const harness = new VenueHarness({
    settings: settings as SimulatedSettings,
    ...(instruments.length === 0 ? {} : { instruments }),
    calendars: { '24/7': dailyCalendar(openHour ?? 0, closeHour ?? 24, start['zone'] ?? 'UTC') },
    initialCash: Number(start['cash'] ?? 1_000_000),
    baseCurrency: start['base'] ?? 'USD',
    rates: start['EUR'] === undefined ? {} : { EUR: Number(start['EUR']) },
    timeframeMs: minutes(start['bars'] ?? '1m') * 60_000,
    start: at(start['at'] ?? '2024-01-02T00:00Z'),
    baseDir,
  });
  const expected: string[] = [];
  const actual: string[] = [];
  let said: BrokerEvent[] = [];
  const finish = (): void => {
    for (const event of said) actual.push(`unexpected: -> ${show(event)}`);
    said = [];
  };
  for (const step of steps) {
    if (step.startsWith('->')) {
      const wanted = step.slice(2).trim();
      const time = / time (\d\d-\d\d \d\d:\d\d)/.exec(wanted)?.[1];
      const liquidity = / (maker|taker)/.exec(wanted)?.[1];
      const event = said.shift();
      expected.push(wanted);
      if (event === undefined) actual.push('nothing');
      else {
        const told = liquidity === undefined || event.kind !== 'fill' ? '' : ` ${event.fill.liquidity}`;
        actual.push(`${show(event)}${told}${time === undefined ? '' : ` time ${timeOf(event)}`}`);
      }
      continue;
    }
    finish();
    if (step.startsWith('=')) {
      expected.push(step);
      actual.push(await state(step, harness));
      continue;
    }
    const words = step.split(/\s+/);
    play(words, harness);
    said = harness.take().filter((event) => show(event) !== undefined);
  }
  finish();
  return { expected, actual };
}

function readInstrument(text: string): Partial<Instrument> {
  const fields = JSON.parse(text) as Record<string, unknown>;
  if (typeof fields['expiry'] === 'string') fields['expiry'] = at(fields['expiry']);
  return fields as Partial<Instrument>;
}

function minutes(text: string): number {
  return Number(text.slice(0, -1)) * ({ m: 1, h: 60, d: 1440 }[text.slice(-1)] ?? 1);
}

function play(words: readonly string[], harness: VenueHarness): void {
  const [verb = '', ...rest] = words;
  if (verb === 'bar') {
    const time = rest.find((word) => word.startsWith('@'));
    const id = rest.find((word) => /^[A-Z]/.test(word));
    const values = rest.filter((word) => /^-?[\d.]+$/.test(word)).map(Number);
    const instrument = id === undefined ? 0 : harness.instruments.findIndex((each) => each.id === id);
    harness.bar(values as unknown as [number, number, number, number, number], {
      ...(time === undefined ? {} : { time: at(`2024-${time.slice(1).replace('/', 'T')}Z`) }),
      instrument,
      sameMoment: rest.includes('and'),
    });
  } else if (verb === 'buy' || verb === 'sell') harness.submit(readOrder(words));
  else if (verb === 'cancel') harness.cancel(rest[0] ?? '');
  else if (verb === 'modify') {
    const change: Record<string, string | number> = { clientOrderId: rest[0] ?? '' };
    for (const word of rest.slice(1)) {
      const [key = '', value = ''] = word.split('=');
      change[key === 'stop' ? 'stopPrice' : key === 'limit' ? 'limitPrice' : 'quantity'] = Number(value);
    }
    harness.modify(change as unknown as { clientOrderId: string });
  } else throw new Error(`line began with ${verb}, expected bar, buy, sell, modify or cancel`);
}

/** `= position [ID] 2`, `= cash [CURRENCY] 1000`, `= working A B`, `= margin [ID] 2 100 is 500 400`. */
async function state(step: string, harness: VenueHarness): Promise<string> {
  const words = step.slice(1).trim().split(/\s+/);
  const snapshot = await harness.broker.snapshot();
  const named = words.length > 2 ? words[1] : undefined;
  if (words[0] === 'position') {
    const id = named ?? harness.instruments[0]?.id;
    const quantity = snapshot.positions.find((position) => position.instrument === id)?.quantity ?? 0;
    return `= position ${named === undefined ? '' : `${named} `}${number(quantity)}`;
  }
  if (words[0] === 'cash') {
    const amount = snapshot.cash.find((cash) => cash.currency === (named ?? 'USD'))?.amount ?? 0;
    return `= cash ${named === undefined ? '' : `${named} `}${number(amount)}`;
  }
  if (words[0] === 'working') return `= working ${snapshot.orders.map((order) => order.clientOrderId).join(' ') || 'nothing'}`;
  const [, quantity = '', price = ''] = words;
  const requirement = harness.broker.margin(harness.instruments[0] as Instrument, Number(quantity), Number(price));
  return `= margin ${quantity} ${price} is ${requirement === undefined || requirement === 'none' ? (requirement ?? 'unknown') : `${number(requirement.initial)} ${number(requirement.maintenance)}`}`;
}
