import type { UtcMs } from '../domain/units.js';
import { messageOf } from '../errors.js';
import type { Notification, Notifier } from '../ports/notifier.js';
import type { Logger } from '../ports/runtime.js';

/** Tells all notifiers, and waits for none: what one of them fails at is logged and changes nothing. */
export class Announcer {
  /** True while the past is recalled: it was told then. */
  silent = false;

  constructor(
    private readonly notifiers: ReadonlyArray<{ readonly id: string; readonly notifier: Notifier }>,
    private readonly logger: Logger,
  ) {}

  announce(severity: Notification['severity'], title: string, text: string, time: UtcMs): void {
    if (this.silent) return;
    for (const { id, notifier } of this.notifiers) {
      const failed = (thrown: unknown): void => this.logger.error(`notifier '${id}' failed: ${messageOf(thrown)}`);
      try {
        notifier.notify({ severity, title, text, time }).catch(failed);
      } catch (thrown) {
        failed(thrown);
      }
    }
  }
}
