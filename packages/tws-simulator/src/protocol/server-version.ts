/** The newest server version that is spoken: the last before errors gained a time and messages became protobuf. */
export const NEWEST_SERVER_VERSION = 193;
/** The oldest server version that is spoken. */
export const OLDEST_SERVER_VERSION = 176;

/** What each server version changed, by the first version that has it. Only changes after 176 matter here. */
export const SINCE = {
  faProfileGone: 177,
  pendingPriceRevision: 178,
  fundDataFields: 179,
  manualExerciseTime: 180,
  openOrderAdStrategy: 181,
  lastTradeDate: 182,
  customerAccount: 183,
  professionalCustomer: 184,
  bondAccruedInterest: 185,
  ineligibilityReasons: 186,
  rfqFields: 187,
  bondTradingHours: 188,
  includeOvernight: 189,
  rfqFieldsGone: 190,
  permIdAsLong: 191,
  cmeTaggingFields: 192,
  cmeTaggingInOpenOrder: 193,
} as const;

/** The versions that a client offers: `v100..193`, `v176`, options after a blank. */
export interface OfferedVersions {
  readonly oldest: number;
  readonly newest: number;
  /** What stands after the blank, such as `+PACEAPI`. */
  readonly options: string;
}

/** @returns undefined when the text is no offer of versions */
export function parseOfferedVersions(text: string): OfferedVersions | undefined {
  const match = /^v(\d+)(?:\.\.(\d+))?(?: (.*))?\0?$/s.exec(text);
  if (match === null) return undefined;
  const oldest = Number(match[1]);
  return { oldest, newest: Number(match[2] ?? match[1]), options: match[3] ?? '' };
}

/** The version that both sides speak; undefined when there is none. */
export function commonVersion(offered: OfferedVersions, newest: number = NEWEST_SERVER_VERSION): number | undefined {
  const version = Math.min(newest, offered.newest);
  return version < OLDEST_SERVER_VERSION || version < offered.oldest ? undefined : version;
}
