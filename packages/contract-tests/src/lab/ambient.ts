/**
 * What a synchronous call reads of the machine's own clock and chance: a line for each, empty when it reads nothing.
 * The globals are watched while the call lasts, and only then.
 */
export function ambientReads(call: () => void): readonly string[] {
  const reads = new Set<string>();
  const restore: Array<() => void> = [];
  const replace = (owner: object, name: string, value: unknown): void => {
    const before = Object.getOwnPropertyDescriptor(owner, name);
    if (before?.configurable !== true) return;
    Object.defineProperty(owner, name, { ...('value' in before ? { writable: true } : {}), configurable: true, enumerable: before.enumerable === true, value });
    restore.push(() => Object.defineProperty(owner, name, before));
  };
  const watch = (owner: object, name: string, shown: string): void => {
    const own = Reflect.get(owner, name) as unknown;
    if (typeof own !== 'function') return;
    replace(owner, name, function (this: unknown, ...args: unknown[]): unknown {
      reads.add(shown);
      return Reflect.apply(own as (...all: unknown[]) => unknown, this, args);
    });
  };
  const date = globalThis.Date;
  replace(
    globalThis,
    'Date',
    new Proxy(date, {
      apply: (target, self, args: unknown[]) => (reads.add('Date()'), Reflect.apply(target, self, args) as unknown),
      construct: (target, args, self) => {
        if (args.length === 0) reads.add('new Date()');
        return Reflect.construct(target, args, self) as object;
      },
      get: (target, key, self) => {
        if (key === 'now') reads.add('Date.now');
        return Reflect.get(target, key, self) as unknown;
      },
    }),
  );
  watch(Math, 'random', 'Math.random');
  for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch']) watch(globalThis, name, name);
  watch(kindOf('performance'), 'now', 'performance.now');
  for (const name of ['randomUUID', 'getRandomValues']) watch(kindOf('crypto'), name, `crypto.${name}`);
  watch(process, 'hrtime', 'process.hrtime');
  try {
    call();
  } finally {
    for (const back of restore.reverse()) back();
  }
  return [...reads];
}

/** Where the methods of a global object stand. */
const kindOf = (name: string): object => Object.getPrototypeOf(Reflect.get(globalThis, name)) as object;
