import type { ContextHandle, UseContext } from '@keelson/core/ports';

const ABSENT: ContextHandle = { value: undefined, ageMs: undefined, ready: false };

/** An account without `context:`, for components that ask for an optional series or for none. */
export const noContext: UseContext = (name, options) => {
  if (options?.optional !== true) throw new Error(`context was ${name}, expected none`);
  return ABSENT;
};
