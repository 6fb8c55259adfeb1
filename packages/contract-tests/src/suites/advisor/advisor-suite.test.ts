import { toFraction, toUtcMs } from '@keelson/core/domain';
import { defineAdvisor } from '@keelson/core/plugin';
import type { Advice, Advisor, AdvisorRequest, Schema } from '@keelson/core/ports';
import { z } from 'zod';
import { VIRTUAL_START } from '../../fakes/virtual-time.js';
import { proveSuite } from '../../../testing/twins.js';
import { advisorSuite, type AdvisorSubject } from './advisor-suite.js';

const strict = z.strictObject({ model: z.string().default('small') });
type State = { now: 'well' | 'failing' | 'hanging' };

/** Asks a model that a test can make fail or hang. */
async function sound(state: State, request: AdvisorRequest, cancel: AbortSignal): Promise<Advice> {
  if (state.now === 'failing') throw new Error('the model is away');
  if (state.now === 'hanging') {
    await new Promise((_resolve, reject) => {
      const end = (): void => reject(new Error('called off'));
      if (cancel.aborted) end();
      else cancel.addEventListener('abort', end);
    });
  }
  const rising = (request.closes.at(-1) ?? 0) >= (request.closes[0] ?? 0);
  return { bias: rising ? 'bullish' : 'bearish', confidence: toFraction(0.5), rationale: 'the closes', expiresAt: toUtcMs(request.time + 3_600_000) };
}

function subject(refresh: (state: State, ...args: Parameters<Advisor['refresh']>) => unknown = sound, more: { readonly params?: Schema; readonly everyMs?: number; readonly since?: number } = {}): AdvisorSubject {
  let state: State = { now: 'well' };
  return {
    outside: () => {
      const mine: State = (state = { now: 'well' });
      return { fail: () => void (mine.now = 'failing'), hang: () => void (mine.now = 'hanging') };
    },
    definition: defineAdvisor({
      params: more.params ?? strict,
      create: ({ clock }) => {
        if (more.since !== undefined && clock.now() < more.since) throw new RangeError('there is no time yet');
        const mine = state;
        return { schedule: { everyMs: more.everyMs ?? 600_000, latencyMs: 0 }, refresh: (...args) => refresh(mine, ...args) as Promise<Advice> };
      },
    }),
  };
}

let served = 0;
let kept: AdvisorRequest | undefined;

proveSuite(advisorSuite, () => subject(), [
  { breaks: 'ADV-010', how: 'takes other defaults each time', subject: () => subject(sound, { params: z.strictObject({ retries: z.number().default(() => ++served) }) }) },
  { breaks: 'ADV-020', how: 'lets any setting pass', subject: () => subject(sound, { params: z.object({ model: z.string().default('small') }) }) },
  { breaks: 'ADV-030', how: 'lets any value pass', subject: () => subject(sound, { params: z.strictObject({ model: z.unknown().default('small') }) }) },
  { breaks: 'ADV-040', how: 'wants to be asked all the time', subject: () => subject(sound, { everyMs: 0 }) },
  {
    breaks: 'ADV-050',
    how: 'does not answer without a second close',
    subject: () => subject((state, request, cancel) => (request.closes.length === 1 ? once(sound(state, request, cancel)) : sound(state, request, cancel))),
  },
  { breaks: 'ADV-060', how: 'is surer than sure', subject: () => subject(async (state, request, cancel) => ({ ...(await sound(state, request, cancel)), confidence: 7 })) },
  { breaks: 'ADV-070', how: 'names a quantity', subject: () => subject(async (state, request, cancel) => ({ ...(await sound(state, request, cancel)), quantity: 2 })) },
  { breaks: 'ADV-080', how: 'lives by the clock of the machine', subject: () => subject(async (state, request, cancel) => ({ ...(await sound(state, request, cancel)), expiresAt: Date.now() + 3_600_000 })) },
  {
    breaks: 'ADV-090',
    how: 'compares with the question before',
    subject: () => {
      kept = undefined;
      return subject(async (state, request, cancel) => {
        const before = kept?.closes.length;
        kept = request.position.quantity === -3 ? request : undefined;
        return before === -1 ? undefined : sound(state, request, cancel);
      });
    },
  },
  { breaks: 'ADV-100', how: 'takes a failure for no opinion', subject: () => subject(async (state, request, cancel) => (state.now === 'failing' ? undefined : sound(state, request, cancel))) },
  { breaks: 'ADV-110', how: 'cannot be called off', subject: () => subject((state, request) => sound(state, request, new AbortController().signal)) },
  {
    breaks: 'ADV-120',
    how: 'cannot be made before there is a first bar',
    subject: () => subject(sound, { since: VIRTUAL_START }),
  },
  {
    breaks: 'ADV-120',
    how: 'leaves a promise that nobody awaits, in a run',
    subject: () =>
      subject((state, request, cancel) => {
        if (request.time % 86_400_000 !== 0) void Promise.reject(new Error('the cost could not be written'));
        return sound(state, request, cancel);
      }),
  },
]);

const once = (answer: Promise<Advice>): Promise<Advice> => answer.then(() => new Promise<Advice>(() => undefined));
