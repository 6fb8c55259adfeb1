/** What an examination found of one thing. */
export type Finding = {
  /** `fault`: it does not work, or would halt the account. `warning`: it works, and a person should know. */
  readonly level: 'ok' | 'warning' | 'fault';
  /** What was looked at, in a few words: `account kind`, `market data of MES`. */
  readonly check: string;
  readonly found: string;
  /** What to do about it; absent where there is nothing to do. */
  readonly hint?: string;
};

/** Something outside that can say how it is. */
export interface Diagnosable {
  /** Looks and changes nothing. Asked behind `connect`, also behind one that failed: then it may say why. */
  diagnose?(): Promise<readonly Finding[]>;
}
