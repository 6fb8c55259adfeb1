import { toFraction } from '@keelson/core/domain';
import { defineMemory } from '@keelson/core/plugin';
import type { Episode, MarketState, Memory, Schema } from '@keelson/core/ports';
import { z } from 'zod';
import { proveSuite } from '../../../testing/twins.js';
import { memorySuite, type MemorySubject } from './memory-suite.js';

let stores = 0;
const disk = new Map<number, Map<string, Episode>>();
const strict = z.strictObject({ store: z.number().default(() => 0) });

/** A memory on a disk that is a map. */
class Sound implements Memory {
  protected known: Map<string, Episode>;
  constructor(store: number) {
    this.known = disk.get(store) ?? new Map<string, Episode>();
    disk.set(store, this.known);
  }
  remember(episode: Episode): void {
    if (!this.known.has(episode.id)) this.known.set(episode.id, structuredClone(episode));
  }
  recall(state: MarketState, asOf: number): { sample: number; winRate: ReturnType<typeof toFraction> } {
    const alike = this.alike(state, asOf);
    const won = alike.filter(({ trade }) => trade.pnl > trade.commission).length;
    return { sample: alike.length, winRate: toFraction(alike.length === 0 ? 0 : won / alike.length) };
  }
  protected alike(state: MarketState, asOf: number): Episode[] {
    return [...this.known.values()].filter((each) => each.state.instrument === state.instrument && each.state.action === state.action && each.trade.exitTime <= asOf);
  }
}

type Open = Sound & { known: Map<string, Episode>; alike(state: MarketState, asOf: number): Episode[] };

/** Each making is on an empty disk of its own, unless the subject's settings say which. */
const subject = (change: (memory: Open) => void = () => undefined, more: { readonly params?: Schema; readonly durable?: boolean } = {}): MemorySubject => ({
  durable: true,
  get params() {
    return { store: ++stores };
  },
  definition: defineMemory({
    params: (more.params ?? strict) as Schema<{ store: number }>,
    create: ({ params }) => {
      const memory = new Sound(params.store) as Open;
      change(memory);
      return memory;
    },
  }),
});

let served = 0;
let ofAll: Map<string, Episode> | undefined;

proveSuite(memorySuite, () => subject(), [
  { breaks: 'MEM-010', how: 'takes other defaults each time', subject: () => subject(undefined, { params: z.strictObject({ store: z.number(), more: z.number().default(() => ++served) }) }) },
  { breaks: 'MEM-020', how: 'lets any setting pass', subject: () => subject(undefined, { params: z.object({ store: z.number() }) }) },
  { breaks: 'MEM-030', how: 'lets any value pass', subject: () => subject(undefined, { params: z.strictObject({ store: z.unknown() }) }) },
  {
    breaks: 'MEM-040',
    how: 'takes nothing for an even chance',
    subject: () =>
      subject((memory) => {
        const { recall } = memory;
        memory.recall = (state, asOf) => (memory.known.size === 0 && asOf > Date.UTC(2024, 0, 8, 9) ? { sample: 0, winRate: toFraction(0.5) } : recall.call(memory, state, asOf));
      }),
  },
  {
    breaks: 'MEM-050',
    how: 'takes losers for winners',
    subject: () =>
      subject((memory) => {
        const { recall } = memory;
        memory.recall = (state, asOf) => {
          const { sample, winRate } = recall.call(memory, state, asOf);
          return { sample, winRate: toFraction(sample === 0 ? 0 : 1 - winRate) };
        };
      }),
  },
  {
    breaks: 'MEM-060',
    how: 'recalls what ends within the hour after',
    subject: () =>
      subject((memory) => {
        const { alike } = memory;
        memory.alike = (state, asOf) => alike.call(memory, state, asOf + 3_600_000);
      }),
  },
  {
    breaks: 'MEM-070',
    how: 'counts a trade a moment late',
    subject: () =>
      subject((memory) => {
        const { alike } = memory;
        memory.alike = (state, asOf) => alike.call(memory, state, asOf - 1);
      }),
  },
  { breaks: 'MEM-080', how: 'counts a trade as often as it is told', subject: () => subject((memory) => (memory.remember = (episode) => void memory.known.set(`${episode.id} ${++served}`, structuredClone(episode)))) },
  {
    breaks: 'MEM-090',
    how: 'leaves out what ended before something it knows',
    subject: () =>
      subject((memory) => {
        const { remember } = memory;
        memory.remember = (episode) => void (![...memory.known.values()].some(({ trade }) => trade.exitTime > episode.trade.exitTime) && remember.call(memory, episode));
      }),
  },
  {
    breaks: 'MEM-100',
    how: 'gives a rate without a sample',
    subject: () =>
      subject((memory) => {
        const { recall } = memory;
        memory.recall = (state, asOf) => (state.instrument === 'NEVER-SEEN' ? { sample: 0, winRate: toFraction(NaN) } : recall.call(memory, state, asOf));
      }),
  },
  {
    breaks: 'MEM-110',
    how: 'forgets a trade each time it is asked about another state',
    subject: () =>
      subject((memory) => {
        const { recall } = memory;
        memory.recall = (state, asOf) => {
          if (state.instrument === 'NEVER-SEEN' && memory.known.size === 3) memory.known.delete('trade-1');
          return recall.call(memory, state, asOf);
        };
      }),
  },
  {
    breaks: 'MEM-120',
    how: 'throws without labels',
    subject: () =>
      subject((memory) => {
        const { recall } = memory;
        memory.recall = (state, asOf) => {
          if (state.action === 'flat' && asOf === Date.UTC(2024, 0, 8, 10) && memory.known.size === 6 && memory.known.has('trade-1')) throw new RangeError('flat');
          return recall.call(memory, state, asOf);
        };
      }),
  },
  { breaks: 'MEM-130', how: 'keeps the object it is told', subject: () => subject((memory) => (memory.remember = (episode) => void (memory.known.has(episode.id) || memory.known.set(episode.id, episode)))) },
  {
    breaks: 'MEM-140',
    how: 'finds the trades of all memories of the process, where it has none of its own',
    subject: () => {
      ofAll = undefined;
      return subject((memory) => {
        const { recall } = memory;
        memory.recall = (state, asOf) => {
          const { known } = memory;
          if (known.size === 0 && ofAll !== undefined && ofAll.size === 6) memory.known = ofAll;
          const answer = recall.call(memory, state, asOf);
          memory.known = known;
          return answer;
        };
        const { remember } = memory;
        memory.remember = (episode) => {
          ofAll = memory.known;
          remember.call(memory, episode);
        };
      });
    },
  },
  { breaks: 'MEM-150', how: 'forgets at the end of the process', subject: () => subject((memory) => (memory.known = new Map())) },
  {
    breaks: 'MEM-160',
    how: 'asks for the time of day',
    subject: () =>
      subject((memory) => {
        const { alike } = memory;
        memory.alike = (state, asOf) => alike.call(memory, state, Math.min(asOf, Date.now() + 1e12));
      }),
  },
]);
