import type { Fill } from '../domain/events.js';

/** The newest fills by execution id, for venues that correct or repeat one. Its memory does not grow. */
export class RecentFills {
  private readonly fills = new Map<string, Fill>();

  constructor(private readonly capacity = 4096) {}

  get(executionId: string): Fill | undefined {
    return this.fills.get(executionId);
  }

  /** @returns false for an execution that was seen before */
  add(fill: Fill): boolean {
    if (this.fills.has(fill.executionId)) return false;
    this.fills.set(fill.executionId, fill);
    if (this.fills.size > this.capacity) this.fills.delete(this.fills.keys().next().value as string);
    return true;
  }

  remove(executionId: string): void {
    this.fills.delete(executionId);
  }
}
