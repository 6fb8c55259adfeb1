import type { BrokerEvent, Fill, OrderIntent } from '@keelson/core/domain';
import { toMoney, toPrice, toQuantity, toUtcMs } from '@keelson/core/domain';
import type { BrokerCapabilities, MarginAnswer, MarginRequirement, OpenOrder } from '@keelson/core/ports';
import { defective, scriptedSubject, sending, showing, telling, withDefect } from '../../../testing/broken-broker.js';
import { proveSuite, type BrokenTwin } from '../../../testing/twins.js';
import type { ScriptedVenue } from '../../fakes/index.js';
import type { BrokerSubject } from './broker-subject.js';
import { brokerSuite } from './broker-suite.js';

/** A venue that can do little: what it does not declare, it refuses. */
const PLAIN: Partial<BrokerCapabilities> = { orderTypes: ['market', 'limit', 'stop'], timesInForce: ['gtc'], nativeBrackets: false, oco: false, modify: false };

const isPlainEntry = (order: OrderIntent): boolean => order.role === 'entry' && order.bracket === undefined;
const orderOf = (event: BrokerEvent): string => (event.kind === 'fill' ? event.fill.clientOrderId : 'clientOrderId' in event ? event.clientOrderId : '');

/** Sends what was sent before under another id. */
function repeating(applies: (id: string, ended: ReadonlySet<string>, isRestarted: boolean) => boolean): BrokerSubject {
  const sent = new Set<string>();
  const ended = new Set<string>();
  return defective((_venue, isRestarted) => ({
    submit(order, send) {
      const again = sent.has(order.clientOrderId) && applies(order.clientOrderId, ended, isRestarted);
      if (!isRestarted && !again) sent.add(order.clientOrderId);
      send(again ? { ...order, clientOrderId: `${order.clientOrderId}/2` } : order);
    },
    event(event) {
      if (event.kind === 'canceled') ended.add(event.clientOrderId);
      return [event];
    },
  }));
}

/** Makes the memory of {@link repeating} anew for each card. */
function fresh(make: () => BrokerSubject): BrokerSubject {
  return { open: () => make().open() };
}

/** Calls a plain venue's order something that it can do. */
function dishonest(applies: (order: OrderIntent) => boolean, instead: Partial<OrderIntent>): BrokerSubject {
  return defective(() => ({ submit: (order, send) => send(applies(order) ? withoutUndefined({ ...order, ...instead }) : order) }), { capabilities: PLAIN });
}

function withoutUndefined(order: OrderIntent): OrderIntent {
  return Object.fromEntries(Object.entries(order).filter(([, value]) => value !== undefined)) as OrderIntent;
}

/** Gives another answer to what a position needs. */
function asking(change: (found: MarginRequirement) => MarginAnswer): BrokerSubject {
  return defective(() => ({ rest: (base) => ({ margin: (...asked) => { const found = base.margin(...asked); return found === undefined || found === 'none' ? found : change(found); } }) }));
}

const isLeg = (id: string): boolean => /-(stop|target)$/.test(id);

function openOf(venue: ScriptedVenue, id: string): OpenOrder | undefined {
  return venue.snapshot().orders.find(({ clientOrderId }) => clientOrderId === id);
}

/** Says of a cancel that came too late that it is done: where the fill was not heard yet, or where it was. */
function canceling(applies: (isRaced: boolean) => boolean): BrokerSubject {
  return defective(() => {
    const filled = new Set<string>();
    const raced = new Set<string>();
    return {
      cancel(id, send) {
        if (!filled.has(id)) raced.add(id);
        send(id);
      },
      event(event) {
        if (event.kind === 'fill') filled.add(event.fill.clientOrderId);
        const isLate = event.kind === 'cancel-rejected' && event.reason.includes('filled') && applies(raced.has(event.clientOrderId));
        return isLate ? [{ kind: 'canceled', clientOrderId: event.clientOrderId, reason: 'asked for', time: event.time }] : [event];
      },
    };
  });
}

/** Says another quantity of exits that became active; undefined for nothing. */
function activating(say: (quantity: number, whole: number, isFirst: boolean) => number | undefined): BrokerSubject {
  return defective(() => {
    const wholes = new Map<string, number>();
    const seen = new Set<string>();
    return {
      submit(order, send) {
        for (const leg of order.bracket ?? []) wholes.set(leg.clientOrderId, order.quantity);
        send(order);
      },
      event(event) {
        if (event.kind !== 'activated') return [event];
        const quantity = say(event.quantity, wholes.get(event.clientOrderId) as number, !seen.has(event.clientOrderId));
        seen.add(event.clientOrderId);
        return quantity === undefined ? [] : [{ ...event, quantity: toQuantity(quantity) }];
      },
    };
  });
}

const isConnected = (event: BrokerEvent): boolean => event.kind === 'connection' && event.state === 'connected';

/** Does something once the connection stands again, with what was sent before it broke. */
function reconnecting(act: (venue: ScriptedVenue, sent: readonly OrderIntent[]) => void): BrokerSubject {
  return defective((venue) => {
    const sent: OrderIntent[] = [];
    return {
      submit: (order, send) => { if (!venue.isDown) sent.push(order); send(order); },
      event: (event) => { if (isConnected(event)) act(venue, sent); return [event]; },
    };
  });
}

/** Refuses orders that it can place. */
function refusing(applies: (order: OrderIntent) => boolean): BrokerSubject {
  return defective((venue) => ({ submit: (order, send, tell) => (applies(order) ? tell({ kind: 'rejected', clientOrderId: order.clientOrderId, code: 'BRK_REJECTED', reason: 'not today', time: venue.time.now() }) : send(order)) }));
}

const twin = (breaks: string, how: string, subject: BrokerSubject | (() => BrokerSubject)): BrokenTwin<BrokerSubject> => ({ breaks, how, subject: typeof subject === 'function' ? subject : () => subject });

const twins: ReadonlyArray<BrokenTwin<BrokerSubject>> = [
  twin('BRK-010', 'names an order type twice', scriptedSubject({}, (broker) => withDefect(broker, { rest: () => ({ capabilities: { ...broker.capabilities, orderTypes: [...broker.capabilities.orderTypes, 'market'] } }) }))),
  twin('BRK-020', 'tells old orders when it connects', defective(() => ({ rest: (base) => ({ connect: async (sink) => { await base.connect(sink); sink({ kind: 'accepted', clientOrderId: 'old', venueOrderId: 'V0', time: toUtcMs(1_704_672_000_000) }); } }) }))),
  twin('BRK-030', 'talks on after it was disconnected', defective(() => ({ rest: () => ({ disconnect: async () => undefined }) }))),
  twin('BRK-040', 'cannot be disconnected twice', defective(() => {
    let open = false;
    return { rest: (base) => ({ connect: (sink) => { open = true; return base.connect(sink); }, disconnect: async () => { if (!open) throw new Error('not open'); open = false; await base.disconnect(); } }) };
  })),
  twin('BRK-050', 'tells its first listener only', defective(() => {
    let first: ((event: BrokerEvent) => void) | undefined;
    return { rest: (base) => ({ connect: (sink) => base.connect((first ??= sink)) }) };
  })),
  twin('BRK-060', 'returns a promise', defective(() => ({ rest: (base) => ({ submit: (order) => Promise.resolve(base.submit(order)) as never }) }))),
  twin('BRK-100', 'sends at most two lots', sending((order) => (order.type === 'market' && order.quantity === 3 && isPlainEntry(order) && order.side === 'buy' && !order.reduceOnly ? { quantity: toQuantity(2) } : {}))),
  twin('BRK-110', 'does not say in which currency it charges', telling('fill', ({ fill }) => [{ kind: 'fill', fill: { ...fill, commissionCurrency: '' } }])),
  twin('BRK-120', 'sells at the market where a limit was given', sending((order) => (order.type === 'limit' && order.side === 'sell' && isPlainEntry(order) && order.quantity === 1 && order.timeInForce === 'gtc' && order.ocoGroup === undefined ? { limitPrice: toPrice(4000) } : {}))),
  twin('BRK-130', 'fills a tick beyond the limit', fresh(() => {
    const limits = new Map<string, number>();
    return defective(() => ({
      submit: (order, send) => { if (order.limitPrice !== undefined && order.type === 'limit' && order.bracket === undefined) limits.set(order.clientOrderId, order.limitPrice); send(order); },
      event: (event) => (event.kind === 'fill' && limits.has(event.fill.clientOrderId) ? [{ kind: 'fill', fill: { ...event.fill, price: toPrice((limits.get(event.fill.clientOrderId) as number) + 0.25) } }] : [event]),
    }));
  })),
  twin('BRK-140', 'fills a stop at once', sending((order) => (order.type === 'stop' && isPlainEntry(order) && (order.stopPrice as number) < 4010 ? { stopPrice: toPrice(4000) } : {}))),
  twin('BRK-150', 'forgets the limit of a stop-limit', sending((order) => (order.type === 'stop-limit' && (order.stopPrice as number) < 4010 ? { type: 'stop', limitPrice: undefined } : {}))),
  twin('BRK-160', 'does not move a trailing stop', sending((order) => (order.type === 'trailing-stop' ? { type: 'stop', trailDistance: undefined } : {}))),
  twin('BRK-170', 'lets an immediate order rest', sending(({ timeInForce }) => (timeInForce === 'ioc' ? { timeInForce: 'gtc' } : {}))),
  twin('BRK-180', 'takes a day order for one that stays', sending(({ timeInForce }) => (timeInForce === 'day' ? { timeInForce: 'gtc' } : {}))),
  twin('BRK-190', 'forgets that an order only reduces', sending(({ type }) => (type === 'market' ? { reduceOnly: false } : {}))),
  twin('BRK-200', 'sends a repeated order twice', fresh(() => repeating((id, ended, isRestarted) => !isRestarted && !ended.has(id)))),
  twin('BRK-210', 'sends an order again that has ended', fresh(() => repeating((id, ended) => ended.has(id)))),
  twin('BRK-220', 'forgets with its process what it sent', fresh(() => repeating((_id, _ended, isRestarted) => isRestarted))),
  twin('BRK-230', 'sends an order that stays as one of the day', sending(({ timeInForce, bracket }) => (timeInForce === 'gtc' && bracket === undefined ? { timeInForce: 'day' } : {}))),
  twin('BRK-250', 'refuses without a reason', telling('rejected', (event) => [{ ...event, reason: '' }])),
  twin('BRK-250', 'refuses twice', telling('rejected', (event) => (event.code === 'BRK_REJECTED' ? [event, event] : [event]))),
  twin('BRK-260', 'rounds quantities', sending(({ quantity }) => ({ quantity: toQuantity(Math.max(1, Math.floor(quantity))) }))),
  twin('BRK-270', 'rounds prices', sending(({ limitPrice }) => (limitPrice === undefined ? {} : { limitPrice: toPrice(Math.floor(limitPrice * 4) / 4) }))),
  twin('BRK-280', 'takes an unknown instrument for the first one', sending(() => ({ instrument: 'MES' }))),
  twin('BRK-290', 'calls a lack of margin a refusal like any other', telling('rejected', (event) => [{ ...event, code: event.code === 'BRK_MARGIN' ? 'BRK_REJECTED' : event.code }])),
  twin('BRK-300', 'shows a refused order as working', fresh(() => {
    const refused: string[] = [];
    return defective(() => ({
      event: (event) => { if (event.kind === 'rejected' && event.code !== 'BRK_CONNECTION') refused.push(event.clientOrderId); return [event]; },
      snapshot: (snapshot) => ({ ...snapshot, orders: [...snapshot.orders, ...refused.map((clientOrderId) => ({ clientOrderId, instrument: 'MES', side: 'buy' as const, quantity: toQuantity(1), filled: toQuantity(0), status: 'working' as const }))] }),
    }));
  })),
  twin('BRK-310', 'does not say the new limit', telling('modified', ({ limitPrice: _limit, ...event }) => [event])),
  twin('BRK-320', 'does not let an order grow', defective((venue) => ({ modify: ({ quantity, ...change }, send) => send(quantity === undefined || quantity > (openOf(venue, change.clientOrderId)?.quantity ?? Infinity) ? change : { ...change, quantity }) }))),
  twin('BRK-330', 'drops the new price of a stop', defective(() => ({ modify: ({ stopPrice: _stop, ...change }, send) => send(change) }))),
  twin('BRK-340', 'calls an unknown order refused', telling('modify-rejected', (event) => [{ ...event, code: event.code === 'BRK_UNKNOWN_ORDER' ? 'BRK_REJECTED' : event.code }])),
  twin('BRK-350', 'does not answer a change of an ended order', telling('modify-rejected', (event) => (event.reason.includes('canceled') ? [] : [event]))),
  twin('BRK-360', 'cancels an order over a wrong change', defective((venue) => ({
    modify(change, send) {
      send(change);
      if (((change.limitPrice ?? 0) * 4) % 1 !== 0) venue.cancel(change.clientOrderId);
    },
  }))),
  twin('BRK-370', 'ends an order that is made smaller than what has filled', defective((venue) => ({
    modify(change, send) {
      send(change);
      if ((change.quantity ?? Infinity) < (openOf(venue, change.clientOrderId)?.filled ?? 0)) venue.cancel(change.clientOrderId);
    },
  }))),
  twin('BRK-400', 'goes on showing what was cancelled', defective((venue) => {
    const gone: OpenOrder[] = [];
    return {
      cancel(id, send) {
        const order = openOf(venue, id);
        if (order !== undefined && venue.snapshot().orders.length === 1) gone.push(order);
        send(id);
      },
      snapshot: (snapshot) => ({ ...snapshot, orders: [...snapshot.orders, ...gone] }),
    };
  })),
  twin('BRK-410', 'calls an unknown order refused', telling('cancel-rejected', (event) => [{ ...event, code: event.code === 'BRK_UNKNOWN_ORDER' ? 'BRK_REJECTED' : event.code }])),
  twin('BRK-420', 'says of a filled order that it is cancelled', canceling((isRaced) => !isRaced)),
  twin('BRK-430', 'says at each cancel that it is done', telling('cancel-rejected', (event) => (event.reason.includes('is canceled') ? [{ kind: 'canceled', clientOrderId: event.clientOrderId, reason: 'asked for', time: event.time }] : [event]))),
  twin('BRK-440', 'believes its cancel before the venue has answered', canceling((isRaced) => isRaced)),
  twin('BRK-450', 'says of an order that has filled in part that it is refused', telling('canceled', (event, seen) => (event.reason === 'asked for' && seen.some((each) => each.kind === 'fill' && orderOf(each) === event.clientOrderId) ? [{ kind: 'rejected', clientOrderId: event.clientOrderId, code: 'BRK_REJECTED', reason: 'asked for', time: event.time }] : [event]))),
  twin('BRK-460', 'says of a cancelled order that nothing had filled', telling('canceled', (event) => [{ ...event, filled: toQuantity(0) }])),
  twin('BRK-470', 'says of an expired order that nothing had filled', telling('expired', (event) => [{ ...event, filled: toQuantity(0) }])),
  twin('BRK-500', 'gives the third fill of an order the id of the second', telling('fill', ({ fill }, seen) => {
    const own = seen.filter((each) => each.kind === 'fill' && orderOf(each) === fill.clientOrderId);
    const second = own[1];
    return [own.length === 3 && second?.kind === 'fill' ? { kind: 'fill', fill: { ...fill, executionId: second.fill.executionId } } : { kind: 'fill', fill }];
  })),
  twin('BRK-510', 'says of every open order that nothing has filled', showing(({ filled }) => (filled > 0 ? { filled: 0, status: 'working' } : {}))),
  twin('BRK-600', 'does not say that the exits of a bracket were accepted', telling('accepted', (event) => (isLeg(event.clientOrderId) ? [] : [event]))),
  twin('BRK-610', 'does not say that exits became active', activating((quantity, whole, isFirst) => (isFirst && quantity === whole ? undefined : quantity))),
  twin('BRK-620', 'says of exits that they cover the whole entry', activating((_quantity, whole) => whole)),
  twin('BRK-630', 'says nothing of a target that its stop has ended', telling('canceled', (event) => (event.clientOrderId.endsWith('-target') && event.reason.includes('group') ? [] : [event]))),
  twin('BRK-640', 'says nothing of a stop that its target has ended', telling('canceled', (event) => (event.clientOrderId.endsWith('-stop') && event.reason.includes('group') ? [] : [event]))),
  twin('BRK-650', 'says nothing of exits that end with their entry', telling('canceled', (event) => (event.reason === 'its entry has ended' ? [] : [event]))),
  twin('BRK-660', 'accepts the exits of an entry that was refused', defective((venue) => ({
    submit(order, send, tell) {
      send(order);
      if (openOf(venue, order.clientOrderId) === undefined) for (const { clientOrderId } of order.type === 'market' && venue.snapshot().positions.length === 0 ? order.bracket ?? [] : []) tell({ kind: 'accepted', clientOrderId, venueOrderId: 'V0', time: venue.time.now() });
    },
  }))),
  twin('BRK-670', 'lets the exits of a bracket end with the session', defective((venue) => {
    const end = venue.endSession.bind(venue);
    venue.endSession = () => {
      end();
      for (const { clientOrderId } of venue.snapshot().orders) if (isLeg(clientOrderId)) venue.cancel(clientOrderId);
    };
    return {};
  })),
  twin('BRK-700', 'says nothing of an order that its group has ended', telling('canceled', (event) => (!isLeg(event.clientOrderId) && event.reason.includes('group') ? [] : [event]))),
  twin('BRK-710', 'says nothing of an order that its group has made smaller', defective((venue) => ({ event: (event) => (event.kind === 'modified' && venue.snapshot().positions.length > 0 ? [] : [event]) }))),
  twin('BRK-800', 'takes a lost answer for a refusal', defective((venue) => ({ event: (event) => [event.kind === 'outcome-unknown' && openOf(venue, event.clientOrderId) !== undefined ? { ...event, kind: 'rejected', code: 'BRK_REJECTED' } : event] }))),
  twin('BRK-810', 'does not show an order whose answer was lost', defective(() => {
    const unknown = new Set<string>();
    return {
      event: (event) => { if (event.kind === 'outcome-unknown') unknown.add(event.clientOrderId); return [event]; },
      snapshot: (snapshot) => ({ ...snapshot, orders: snapshot.orders.filter(({ clientOrderId }) => !unknown.has(clientOrderId)) }),
    };
  })),
  twin('BRK-820', 'says nothing of an order that never arrived', defective((venue) => ({ event: (event) => (event.kind === 'outcome-unknown' && openOf(venue, event.clientOrderId) === undefined ? [] : [event]) }))),
  twin('BRK-830', 'sends an order again when no answer came', defective((venue) => {
    let last: OrderIntent | undefined;
    return {
      submit: (order, send) => send((last = order)),
      event: (event) => { if (event.kind === 'outcome-unknown' && last !== undefined && openOf(venue, event.clientOrderId) !== undefined) venue.submit({ ...last, clientOrderId: `${last.clientOrderId}/2` }); return [event]; },
    };
  })),
  twin('BRK-900', 'does not say that the connection was lost', telling('connection', (event) => (event.state === 'disconnected' ? [] : [event]))),
  twin('BRK-910', 'does not say that the connection stands again', telling('connection', (event) => (event.state === 'connected' ? [] : [event]))),
  twin('BRK-920', 'drops what is sent without a connection', telling('rejected', (event) => (event.code === 'BRK_CONNECTION' ? [] : [event]))),
  twin('BRK-930', 'forgets what filled while it was away', defective(() => {
    let from = Infinity;
    return {
      event: (event) => { if (event.kind === 'connection' && event.state === 'disconnected') from = event.time; return [event]; },
      executions: (fills) => fills.filter(({ time }) => !(time > from)),
    };
  })),
  twin('BRK-940', 'answers for the venue while there is no connection', defective((venue) => ({ rest: (base) => ({ snapshot: async () => (venue.isDown ? { time: venue.time.now(), orders: [], positions: [], cash: [] } : base.snapshot()) }) }))),
  twin('BRK-950', 'sends what stands again once it is connected', reconnecting((venue, sent) => {
    for (const order of sent) if (openOf(venue, order.clientOrderId) !== undefined) venue.submit({ ...order, clientOrderId: `${order.clientOrderId}/2` });
  })),
  twin('BRK-950', 'sends what has filled again once it is connected', reconnecting((venue, sent) => {
    const filled = new Set(venue.executionsSince(0).map(({ clientOrderId }) => clientOrderId));
    for (const order of sent) if (filled.has(order.clientOrderId)) venue.submit({ ...order, clientOrderId: `${order.clientOrderId}/2` });
  })),
  twin('BRK-960', 'keeps what it refused, and sends it once it is connected', defective((venue) => {
    const kept: OrderIntent[] = [];
    return {
      submit: (order, send) => { if (venue.isDown) kept.push(order); send(order); },
      event: (event) => { if (isConnected(event)) for (const order of kept.splice(0)) venue.submit(order); return [event]; },
    };
  })),
  twin('BRK-970', 'tells fills again under new ids once it is connected', telling('connection', (event, seen) => [event, ...(isConnected(event) ? seen.flatMap((each) => (each.kind === 'fill' ? [{ ...each, fill: { ...each.fill, executionId: `${each.fill.executionId}/again` } }] : [])) : [])])),
  twin('BRK-970', 'names executions anew with each connection', defective(() => {
    const told = new Set<string>();
    let isAgain = false;
    return {
      event: (event) => { isAgain ||= isConnected(event); if (event.kind === 'fill') told.add(event.fill.executionId); return [event]; },
      executions: (fills) => fills.map((fill) => (isAgain && told.has(fill.executionId) ? { ...fill, executionId: `${fill.executionId}/again` } : fill)),
    };
  })),
  twin('BRK-1000', 'shows a position of nothing', defective(() => ({ snapshot: (snapshot) => (snapshot.positions.length === 0 ? { ...snapshot, positions: [{ instrument: 'MES', quantity: 0, averagePrice: 0 }] } : snapshot) }))),
  twin('BRK-1010', 'shows positions without their sign', defective(() => ({ snapshot: (snapshot) => ({ ...snapshot, positions: snapshot.positions.map((each) => ({ ...each, quantity: Math.abs(each.quantity) })) }) }))),
  twin('BRK-1020', 'shows every order as one to buy', showing(() => ({ side: 'buy' }))),
  twin('BRK-1030', 'has no positions after a restart', defective((_venue, isRestarted) => ({ snapshot: (snapshot) => (isRestarted ? { ...snapshot, positions: [] } : snapshot) }))),
  twin('BRK-1040', 'does not know what a position cost', defective(() => ({ snapshot: (snapshot) => ({ ...snapshot, positions: snapshot.positions.map((each) => ({ ...each, averagePrice: 0 })) }) }))),
  twin('BRK-1050', 'shows a stop as a limit', showing(({ limitPrice, stopPrice }) => (limitPrice === undefined && stopPrice !== undefined ? { limitPrice: stopPrice, stopPrice: undefined } : {}))),
  twin('BRK-1100', 'tells executions on the other side than its events', defective(() => ({ executions: (fills) => fills.map((fill) => ({ ...fill, side: fill.side === 'buy' ? 'sell' : 'buy' })) }))),
  twin('BRK-1110', 'leaves out executions of the very moment', defective(() => ({ rest: (base) => ({ executionsSince: (since) => base.executionsSince(toUtcMs(since + 1)) }) }))),
  twin('BRK-1110', 'tells executions of all times', defective(() => ({ rest: (base) => ({ executionsSince: () => base.executionsSince(toUtcMs(0)) }) }))),
  twin('BRK-1120', 'tells the newest executions first', defective(() => ({ executions: (fills) => [...fills].reverse() }))),
  twin('BRK-1130', 'gives a repeated execution a new id', telling('fill', ({ fill }, seen) => [{ kind: 'fill', fill: seen.filter((each) => each.kind === 'fill' && each.fill.executionId === fill.executionId).length > 1 ? { ...fill, executionId: `${fill.executionId}/again` } : fill }])),
  twin('BRK-1140', 'tells a correction as one more fill', telling('fill-corrected', (event) => [event.replacement === undefined ? event : { kind: 'fill', fill: event.replacement }])),
  twin('BRK-1150', 'says nothing of an execution that was taken back', telling('fill-corrected', (event) => (event.replacement === undefined ? [] : [event]))),
  twin('BRK-1160', 'goes on telling what was corrected', defective(() => {
    const first = new Map<string, Fill>();
    return {
      event: (event) => { if (event.kind === 'fill') first.set(event.fill.clientOrderId, event.fill); return [event]; },
      executions: (fills) => fills.map((fill) => first.get(fill.clientOrderId) ?? fill),
    };
  })),
  twin('BRK-1200', 'declares stop-limit orders, and takes none to sell', refusing(({ type, side }) => type === 'stop-limit' && side === 'sell')),
  twin('BRK-1210', 'takes an order type that it does not declare', dishonest(({ type }) => type === 'stop-limit', { type: 'stop', limitPrice: undefined })),
  twin('BRK-1220', 'declares immediate or cancel, and takes none to sell', refusing(({ timeInForce, side }) => timeInForce === 'ioc' && side === 'sell')),
  twin('BRK-1230', 'takes a time in force that it does not declare', dishonest(({ timeInForce }) => timeInForce === 'day', { timeInForce: 'gtc' })),
  twin('BRK-1240', 'takes an entry without its exits', dishonest(({ bracket }) => bracket !== undefined, { bracket: undefined })),
  twin('BRK-1250', 'takes an order without its group', dishonest(({ ocoGroup }) => ocoGroup !== undefined, { ocoGroup: undefined })),
  twin('BRK-1260', 'drops a change that it cannot make', defective(() => ({ modify: () => undefined }), { capabilities: PLAIN })),
  twin('BRK-1300', 'asks for more margin to hold than to open', asking((found) => ({ ...found, maintenance: toMoney(found.initial * 2) }))),
  twin('BRK-1310', 'asks for the same margin at every size', asking((found) => ({ ...found, initial: toMoney(1000), maintenance: toMoney(900) }))),
  twin('BRK-1320', 'never learns what the venue asks', asking(() => undefined)),
  twin('BRK-1330', 'does not say which currency its margin is in', asking(({ initial, maintenance }) => ({ initial, maintenance }) as MarginRequirement)),
  twin('BRK-1400', 'tells a fill before its order was accepted', defective(() => {
    const waiting = new Map<string, BrokerEvent>();
    const markets = new Set<string>();
    return {
      submit: (order, send) => { if (order.type === 'market') markets.add(order.clientOrderId); send(order); },
      event(event) {
        if (event.kind === 'accepted' && markets.has(event.clientOrderId)) { waiting.set(event.clientOrderId, event); return []; }
        const late = event.kind === 'fill' ? waiting.get(event.fill.clientOrderId) : undefined;
        if (late !== undefined) waiting.delete(orderOf(event));
        return late === undefined ? [event] : [event, late];
      },
    };
  })),
  twin('BRK-1410', 'tells times in seconds', telling('accepted', (event) => [{ ...event, time: toUtcMs(event.time / 1000) }])),
  twin('BRK-1420', 'gives all orders one name', telling('accepted', (event) => [{ ...event, venueOrderId: 'V' }])),
  twin('BRK-1430', 'writes to an event that it has told', defective(() => {
    let last: { time: number } | undefined;
    return {
      event(event) {
        if (event.kind === 'canceled' && last !== undefined) last.time++;
        if (event.kind === 'accepted') last = event as unknown as { time: number };
        return [event];
      },
    };
  })),
  twin('BRK-1440', 'warns in paragraphs', defective(() => ({ rest: () => ({ warnings: () => ['two\nlines'] }) }))),
];

proveSuite(brokerSuite, () => scriptedSubject(), twins, [() => scriptedSubject({ capabilities: PLAIN })]);
