import type { UtcMs } from '../domain/units.js';
import type { Logger } from './runtime.js';
import type { Schema } from '../domain/schema.js';

export type Notification = {
  readonly severity: 'info' | 'warning' | 'critical';
  readonly title: string;
  readonly text: string;
  readonly time: UtcMs;
};

/** Tells people. Called off the bar path; a rejection is logged and changes nothing. */
export interface Notifier {
  notify(notification: Notification): Promise<void>;
}

export type NotifierContext<Params> = { readonly params: Params; readonly logger: Logger };

export interface NotifierDefinition<Params = unknown> {
  readonly params: Schema<Params>;
  create(context: NotifierContext<Params>): Notifier;
}
