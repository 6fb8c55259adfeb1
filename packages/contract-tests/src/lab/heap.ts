import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options?: { readonly type: 'minor' | 'major' }) => void;
let collector: Collect | undefined;

/** Bytes that this thread's heap and its buffers take once everything that nobody needs is gone. */
export function liveBytes(): number {
  collect({ type: 'major' });
  collect({ type: 'minor' }); // ends the sweeping of buffers, which goes on beside the first
  return bytes();
}

/** The same without looking for what is older and not needed any more: an upper bound that costs little. */
export function heldBytes(): number {
  collect({ type: 'minor' });
  return bytes();
}

function collect(options: Parameters<Collect>[0]): void {
  if (collector === undefined) {
    setFlagsFromString('--expose-gc');
    collector = runInNewContext('gc') as Collect;
  }
  collector(options);
}

function bytes(): number {
  const { used_heap_size: heap, external_memory: outside } = getHeapStatistics();
  return heap + outside;
}
