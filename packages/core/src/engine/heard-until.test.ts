import { describe, expect, it } from 'vitest';
import { toUtcMs } from '../domain/units.js';
import type { BrokerEvent } from '../domain/events.js';
import { HeardUntil } from './heard-until.js';

const word: BrokerEvent = { kind: 'accepted', clientOrderId: 'a-X-1', venueOrderId: 'V1', time: toUtcMs(0) };
const line = (state: 'connected' | 'disconnected'): BrokerEvent => ({ kind: 'connection', state, reason: 'test', time: toUtcMs(0) });

describe('HeardUntil', () => {
  it('does not move on with what the venue says after a break, until books and venue were compared', () => {
    const heard = new HeardUntil();
    expect(heard.time).toBeUndefined();
    heard.event(word, 1);
    heard.event(line('disconnected'), 2);
    heard.event(line('connected'), 90);
    heard.event(word, 91);
    expect(heard.time).toBe(1);
    heard.compared(92);
    expect(heard.time).toBe(92);
    heard.event(word, 93);
    expect(heard.time).toBe(93);
  });
});
