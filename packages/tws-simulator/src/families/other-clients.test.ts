import { describe, expect, it } from 'vitest';
import { RawClient } from '../../testing/raw-client.js';
import { startSimulator } from '../../testing/start-simulator.js';

// Requests as clients other than @stoqey/ib lay them out, byte for byte: the official clients in Python, Java and C#,
// and ib_async, which stops at version 178. They differ in how they write what has no value.

type Field = string | number;

/** The largest double as Python and Java write it. */
const PYTHON_UNSET = '1.7976931348623157e+308';
const JAVA_UNSET = '1.7976931348623157E308';
const INT_UNSET = 2147483647;

const AAPL: readonly Field[] = [265598, 'AAPL', 'STK', '', 0, '', '', 'SMART', 'NASDAQ', 'USD', 'AAPL', 'NMS'];

/** What differs between clients: how an unset double, an integer and a price are written. */
interface Dialect {
  readonly version: number;
  readonly versions: string;
  /** Doubles and integers that are left out of the main part. */
  readonly empty: Field;
  /** Doubles of the adjusted order and the cash quantity. */
  readonly double: Field;
  readonly int: Field;
  readonly yes: Field;
  readonly no: Field;
  readonly strike: Field;
}

const DIALECTS: readonly (readonly [name: string, dialect: Dialect])[] = [
  ['ib_async at 178', { version: 178, versions: 'v157..178', empty: '', double: '', int: '', yes: 1, no: 0, strike: '0.0' }],
  ['the official Python client at 176', { version: 176, versions: 'v100..176', empty: '', double: PYTHON_UNSET, int: INT_UNSET, yes: 1, no: 0, strike: '0.0' }],
  ['the official Python client at 187', { version: 187, versions: 'v100..187', empty: '', double: PYTHON_UNSET, int: INT_UNSET, yes: 1, no: 0, strike: '' }],
  ['the official Java client at 193', { version: 193, versions: 'v100..193', empty: '', double: JAVA_UNSET, int: INT_UNSET, yes: 1, no: 0, strike: '0.0' }],
  ['a client that writes booleans as words', { version: 190, versions: 'v100..190', empty: JAVA_UNSET, double: JAVA_UNSET, int: '', yes: 'True', no: 'False', strike: '0' }],
];

/** placeOrder with a stock, everything but the essential at the client's defaults. */
function placeOrder(d: Dialect, orderId: number, action: string, type: string, limit: Field, aux: Field, parentId: number, transmit: boolean): Field[] {
  const { empty, double, int, yes, no, version } = d;
  return [
    3, orderId, ...AAPL.map((field, index) => (index === 4 ? d.strike : field)), '', '',
    action, '100', type, limit, aux, 'DAY', '', 'DU1234567', '', 0, 'ref-1', transmit ? yes : no, parentId, no, no, 0, 0, no, no,
    '', version >= 187 ? '0' : '0.0', '', '', '', '', '', ...(version < 177 ? [''] : []),
    '', 0, '', -1, 0, '', '', no, empty, empty, no, no, empty, 0, empty, empty, empty, empty, empty, no, empty, empty === '' ? '' : INT_UNSET, '', empty,
    no, empty === '' ? '' : INT_UNSET, empty, empty, empty === '' ? '' : INT_UNSET, empty === '' ? '' : INT_UNSET, empty,
    '', '', '', '', no, '', '', no, no, '', '', no, '', no, no, no, 0,
    '', double, double, double, double, double, 0, '', '', '', double, '', '', '', '', no, no, no, int, int, int, no, '', '',
    ...(version >= 183 ? [''] : []), ...(version >= 184 ? [no] : []), ...(version >= 187 && version < 190 ? ['', INT_UNSET] : []), ...(version >= 189 ? [no] : []),
    ...(version >= 192 ? [INT_UNSET] : []),
  ];
}

function cancelOrder({ version }: Dialect, orderId: number): Field[] {
  if (version >= 192) return [4, orderId, '', '', INT_UNSET];
  return version >= 187 && version < 190 ? [4, 1, orderId, '', '', '', INT_UNSET] : [4, 1, orderId, ''];
}

describe.each(DIALECTS)('orders of %s', (_name, dialect) => {
  it('are placed as a bracket, shown, changed, filled, cancelled and completed', async () => {
    const { port, simulator } = await startSimulator();
    simulator.run('setPrice', { symbol: 'AAPL', bid: 200, ask: 200.02, last: 200.01 });
    const client = await RawClient.ready(port, 5, dialect.versions);
    client.send(...placeOrder(dialect, 1, 'BUY', 'LMT', 199, dialect.empty, 0, false));
    client.send(...placeOrder(dialect, 2, 'SELL', 'LMT', 205, dialect.empty, 1, false));
    client.send(...placeOrder(dialect, 3, 'SELL', 'STP', dialect.empty, 195, 1, true));
    const placed = await client.quiet();
    expect(placed.filter(([id]) => id === '4')).toEqual([]);
    // the parent is shown again when its last child let it go
    expect(new Set(placed.filter(([id]) => id === '5').map((fields) => [1, 13, 14, 15, 16, 17, 18, 23].map((at) => fields[at]).join(' ')))).toEqual(new Set(['1 BUY 100 LMT 199 0.0 DAY ref-1', '2 SELL 100 LMT 205 0.0 DAY ref-1', '3 SELL 100 STP 0.0 195 DAY ref-1']));

    client.send(...placeOrder(dialect, 1, 'BUY', 'LMT', 201, dialect.empty, 0, true));
    const filled = await client.quiet();
    expect(filled.find(([id]) => id === '11')).toHaveLength(dialect.version >= 178 ? 32 : 31);
    expect(filled.find(([id]) => id === '59')).toHaveLength(8);
    client.send(...cancelOrder(dialect, 3));
    const cancelled = await client.quiet();
    expect(cancelled.some((fields) => fields[0] === '3' && fields[1] === '3' && fields[2] === 'Cancelled')).toBe(true);
    client.send(99, dialect.yes);
    const completed = await client.collect(([id]) => id === '102');
    expect(completed.at(-1)).toEqual(['102']);
    expect(completed.filter(([id]) => id === '101').map((fields) => [fields[12], fields[14]])).toContainEqual(['BUY', 'LMT']);
  });
});

describe('ib_async', () => {
  /** What it asks for when it connects, in its order, and the message that it waits for. */
  const START: readonly (readonly [request: readonly Field[], end: readonly Field[]])[] = [
    [[61, 1], [62, 1]],
    [[5, 1], [53, 1]],
    [[99, 0], [102]],
    [[6, 2, 1, 'DU1234567'], [54, 1, 'DU1234567']],
    [[76, 1, 3, 'DU1234567', '', 0], [74, 1, 3]],
    [[7, 3, 4, 0, '', '', '', '', '', ''], [55, 1, 4]],
  ];

  it.each([0, 1])('gets the end of everything that it asks for at start, as client %i', async (clientId) => {
    const { port, simulator } = await startSimulator({ trading: { positions: [{ symbol: 'AAPL', quantity: 10, price: 190 }, { symbol: 'MESM6', quantity: -2, price: 5000 }] } });
    const client = await RawClient.ready(port, clientId, 'v157..178');
    simulator.run('orderByHand', { symbol: 'AAPL', fields: { action: 'BUY', totalQuantity: 1, orderType: 'LMT', lmtPrice: 1 } });
    for (const [request] of START) client.send(...request);
    if (clientId === 0) client.send(15, 1, 1);
    const came = await client.quiet();
    for (const [, end] of START) expect(came).toContainEqual(end.map(String));
    // it takes these apart by their exact number of fields
    expect(came.filter(([id]) => id === '61').map((fields) => fields.length)).toEqual([16, 16]);
    expect(came.filter(([id]) => id === '7').map((fields) => fields.length)).toEqual([20, 20]);
    expect(came.filter(([id]) => id === '73').every((fields) => fields.length === 8)).toBe(true);
    expect(came.filter(([id]) => id === '4')).toEqual([]);
  });

  it('gets quotes of exactly seven fields, and answers to everything that it waits for under its id', async () => {
    const { port, simulator } = await startSimulator();
    const client = await RawClient.ready(port, 1, 'v157..178');
    simulator.run('setPrice', { symbol: 'AAPL', bid: 200, ask: 200.02, last: 200.01 });
    client.send(1, 11, 9, ...AAPL, 0, '', 0, 0, '');
    const prices = (await client.quiet()).filter(([id]) => id === '1');
    expect(prices.length).toBeGreaterThanOrEqual(3);
    for (const fields of prices) expect(fields).toHaveLength(7);
    client.send(85);
    client.send(12, 1, 1);
    expect(await client.quiet()).toEqual([['85', '0']]);
    // not simulated: refused under the id that the client waits for
    client.send(22, 31, -1, 'STK', 'STK.US', 'TOP_PERC_GAIN', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '');
    client.send(52, 2, 32, 265598, 'AAPL', 'STK', 'SMART', 'NASDAQ', 'USD', 'AAPL', 'ReportSnapshot', '');
    client.send(86, 33, 265598, 'BRFG', '', '', 10, '');
    client.send(24, 1);
    expect((await client.quiet()).map((fields) => [fields[2], fields[3]])).toEqual([['31', '320'], ['32', '320'], ['33', '320'], ['-1', '320']]);
  });
});
