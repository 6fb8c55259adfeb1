/** What stands behind a source, under a test's control. Each is optional: a card that needs one that is missing is skipped, unless `cannot` of the subject says why. */
export type SourceControl = {
  /** From now on it fails: the file is gone, the server answers with an error. */
  fail?(): void | Promise<void>;
  /** From now on it is as it was. */
  heal?(): void | Promise<void>;
  /** From now on it does not answer. */
  hang?(): void | Promise<void>;
  /** One of the things it says can no longer be used: text in the place of a number, a time that is none. */
  spoil?(): void | Promise<void>;
};

/** What a source is made of for a card: equal ones each time. */
export type SourceSession<Control extends SourceControl = SourceControl> = {
  /** Settings of this session. Default: those of the subject. */
  readonly params?: unknown;
  /** Folder of the account file. Default: that of the process. */
  readonly baseDir?: string;
  /** The present, ms since 1970: what is known to the source was known by then. Default: the newest of what it knows. */
  readonly now?: number;
  readonly control?: Control;
  /** Lets what is on its way arrive. Default: a turn of the event loop, and a look at a file; a source on a network needs more. */
  settle?(): Promise<void>;
  /** How often `settle` is called, at most. Default: 200. */
  readonly patience?: number;
  close?(): void | Promise<void>;
};
