import { describe, expect, it } from 'vitest';
import { ScriptedVenue } from '../../fakes/venue/scripted-venue.js';
import { runSuite } from '../../frame/run-suite.js';
import type { BrokerSession } from './broker-subject.js';
import { brokerSuite } from './broker-suite.js';

const PAPER = brokerSuite.cards.filter(({ tiers }) => tiers.includes('paper')).map(({ id }) => id);

/** Sessions on an account at a venue of this kind; `touched` are the calls that reach its broker. */
function account(venue: 'paper' | 'live'): { readonly touched: string[]; readonly closed: () => number; readonly venues: ScriptedVenue[]; readonly open: () => BrokerSession } {
  const touched: string[] = [];
  const venues: ScriptedVenue[] = [];
  let closed = 0;
  return {
    touched,
    venues,
    closed: () => closed,
    open() {
      const scripted = new ScriptedVenue({ capabilities: { venue } });
      venues.push(scripted);
      const broker = scripted.client();
      for (const name of ['connect', 'submit', 'modify', 'cancel'] as const) {
        const call = broker[name].bind(broker) as (...args: unknown[]) => never;
        Object.assign(broker, { [name]: (...args: unknown[]) => (touched.push(name), call(...args)) });
      }
      return {
        broker,
        instrument: scripted.instrument,
        price: () => scripted.price,
        settle: async () => scripted.movePrice(scripted.price), // the market goes on by itself
        restart: () => scripted.client(),
        close: () => void closed++,
      };
    },
  };
}

describe('broker cards on a paper account', () => {
  it('refuse a live venue before anything is connected or sent, and close the session', async () => {
    const live = account('live');
    const { results } = await runSuite(brokerSuite, live, { tier: 'paper', paper: true });
    expect(results.flatMap((each) => (each.result === 'failed' ? [each.id] : []))).toEqual(PAPER);
    for (const each of results) if (each.result === 'failed') expect(each.message).toBe('the venue of the broker was live, expected a paper account: nothing was sent');
    expect(live.touched).toEqual([]);
    expect(live.closed()).toBe(PAPER.length);
  });

  it('send nothing to a venue that turns out to be live with the connection', async () => {
    const paper = account('paper');
    const open = (): BrokerSession => {
      const session = paper.open();
      const { connect } = session.broker;
      return { ...session, broker: Object.assign(session.broker, { connect: async (...args: Parameters<typeof connect>) => (Object.assign(session.broker, { capabilities: { ...session.broker.capabilities, venue: 'live' } }), connect(...args)) }) };
    };
    const { results } = await runSuite(brokerSuite, { open }, { tier: 'paper', paper: true });
    expect(results.filter(({ result }) => result === 'failed').length).toBeGreaterThan(40);
    expect(new Set(paper.touched)).toEqual(new Set(['connect']));
  });

  it('run with their own ids where the venue is paper, and leave the account flat', async () => {
    const paper = account('paper');
    const { results } = await runSuite(brokerSuite, paper, { tier: 'paper', paper: true });
    expect(results.filter(({ result }) => result === 'failed')).toEqual([]);
    expect(results.filter(({ result }) => result === 'passed').length).toBeGreaterThan(40);
    expect(paper.touched).toContain('submit');
    for (const { orders, positions } of paper.venues.map((venue) => venue.snapshot())) expect({ orders, positions }).toEqual({ orders: [], positions: [] });
  });
});
