import { ambientReads } from './ambient.js';

/** Watches calls for what they read of the machine's clock and chance, over a whole run. */
export function ambientWatch(): { readonly reads: ReadonlySet<string>; readonly watch: <T>(call: () => T) => T } {
  const reads = new Set<string>();
  return {
    reads,
    watch: (call) => {
      let result: ReturnType<typeof call> | undefined;
      for (const read of ambientReads(() => (result = call()))) reads.add(read);
      return result as ReturnType<typeof call>;
    },
  };
}
