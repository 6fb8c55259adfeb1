import type { BrokerEvent } from '../domain/events.js';
import { BarRing } from '../series/bar-ring.js';
import { pushJournalBar, type BarsData } from './bars-record.js';
import type { Command } from './commands.js';
import type { ArrivedBar, Kernel } from './kernel.js';
import type { Recorded } from './recorded.js';
import type { RunData } from './run-data.js';

/**
 * Gives a kernel every input of a journal in its order, up to its end. The kernel's own records are held against
 * the journal as they are made.
 *
 * @throws DivergenceError at the first record that differs
 */
export function liveThrough(recorded: Recorded, kernel: Kernel): void {
  const { desks } = kernel.account;
  const details = desks.map(() => new BarRing(64));
  for (let record = recorded.peek(); record !== undefined; record = recorded.peek()) {
    switch (record.kind) {
      case 'run':
        kernel.start(record.data as RunData, record.time);
        break;
      case 'bars': {
        const { bars, warmup } = record.data as BarsData;
        const taken = bars.map((bar): ArrivedBar => {
          const [instrument, detail] = bar;
          const ring = (detail === 1 ? details[instrument] : desks[instrument]?.bars) ?? recorded.diverge(undefined);
          pushJournalBar(bar, ring);
          return { instrument, detail: detail === 1, ring };
        });
        if (warmup === true) kernel.warm(record.time, taken, taken.length);
        else kernel.moment(record.time, taken, taken.length, undefined);
        break;
      }
      case 'broker-event':
        kernel.event(record.data as BrokerEvent, record.time);
        break;
      case 'command':
        kernel.command(record.data as Command, record.time);
        break;
      default:
        recorded.diverge(undefined); // it was decided then and is not now
    }
  }
}
