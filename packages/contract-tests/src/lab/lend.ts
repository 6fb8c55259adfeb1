/**
 * Lends an object, and what hangs on it, for one call: after `back` every use of it throws a TypeError that speaks of
 * something revoked. Columns of numbers are handed on as they are.
 */
export function lend<T extends object>(value: T): { readonly lent: T; readonly back: () => void } {
  const revokes: Array<() => void> = [];
  const known = new Map<object, object>();
  const wrap = (target: object): object => {
    const before = known.get(target);
    if (before !== undefined) return before;
    const { proxy, revoke } = Proxy.revocable(Array.isArray(target) ? [] : {}, {
      get: (_shell, key) => {
        const found = Reflect.get(target, key, target) as unknown;
        if (typeof found === 'function') return (...args: unknown[]): unknown => Reflect.apply(found as (...all: unknown[]) => unknown, target, args);
        return typeof found === 'object' && found !== null && !ArrayBuffer.isView(found) ? wrap(found) : found;
      },
      set: (_shell, key, to) => Reflect.set(target, key, to),
      has: (_shell, key) => Reflect.has(target, key),
      ownKeys: () => Reflect.ownKeys(target),
      getOwnPropertyDescriptor: (shell, key) => {
        const own = Reflect.getOwnPropertyDescriptor(target, key);
        const fixed = Reflect.getOwnPropertyDescriptor(shell, key);
        return fixed?.configurable === false ? { ...fixed, value: Reflect.get(target, key) as unknown } : own === undefined ? undefined : { value: Reflect.get(target, key) as unknown, configurable: true, enumerable: own.enumerable === true, writable: true };
      },
      getPrototypeOf: () => Reflect.getPrototypeOf(target),
    });
    known.set(target, proxy);
    revokes.push(revoke);
    return proxy;
  };
  return { lent: wrap(value) as T, back: () => revokes.forEach((revoke) => revoke()) };
}

/** True for what an object that was lent throws once it is back. */
export function isOfSomethingBack(thrown: unknown): boolean {
  for (let each = thrown; each instanceof Error; each = each.cause) if (each instanceof TypeError && each.message.includes('revoked')) return true;
  return false;
}

/** Lends what `give` is given until the call that it was given for has ended. */
export function lentForTheCall<T extends object>(): { readonly give: (value: T) => T; readonly around: <Result>(call: () => Result) => Result } {
  let back: () => void = () => undefined;
  return {
    give(value) {
      const loan = lend(value);
      back = loan.back;
      return loan.lent;
    },
    around(call) {
      try {
        return call();
      } finally {
        back();
      }
    },
  };
}
