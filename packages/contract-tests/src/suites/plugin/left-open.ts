import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';

/** Handles that keep a process from its end, as `async_hooks` names them. */
const HELD = new Set(['Timeout', 'TCPWRAP', 'TCPSERVERWRAP', 'TLSWRAP', 'UDPWRAP', 'PIPEWRAP', 'PIPESERVERWRAP', 'FSEVENTWRAP', 'STATWATCHER', 'PROCESSWRAP', 'WORKER']);
/** Turns of the event loop that opening takes at least, and closing at most. */
const OPENING = 5;
const CLOSING = 50;

/** Kinds of the handles that `run`, and what followed from it, opened and did not close; others of the process do not count. */
export async function leftOpen(run: () => void | Promise<void>): Promise<readonly string[]> {
  const open = new Map<number, { readonly type: string; readonly handle: { readonly hasRef?: () => boolean } }>();
  const inside = new AsyncLocalStorage<true>();
  const hook = createHook({
    init(id, type, _trigger, handle) {
      if (HELD.has(type) && inside.getStore() === true) open.set(id, { type, handle });
    },
    destroy: (id) => void open.delete(id),
  });
  hook.enable();
  try {
    await inside.run(true, async () => run());
    for (let turn = 0; turn < OPENING || (turn < CLOSING && open.size > 0); turn++) await setImmediate();
  } finally {
    hook.disable();
  }
  return [...open.values()].filter(({ handle }) => handle.hasRef?.() !== false).map(({ type }) => type);
}
