import type { Logger } from '@keelson/core/ports';

const MOST = 100;

/** Reports each fault of a source once, and no more than can be read. */
export class ReportOnce {
  private readonly said = new Set<string>();

  constructor(
    private readonly logger: Logger,
    private readonly source: string,
  ) {}

  add(text: string): void {
    if (this.said.has(text) || this.said.size >= MOST) return;
    this.said.add(text);
    this.logger.warn(`news source '${this.source}': ${text}`);
    if (this.said.size === MOST) this.logger.warn(`news source '${this.source}' has more faults than are reported`);
  }
}
