import type { Instrument } from '@keelson/core/domain';
import type { Broker } from '@keelson/core/ports';

/**
 * Makes things happen at a venue. Each is optional: a card that needs one that is missing is skipped, unless
 * `BrokerSubject.cannot` says why the venue can never have it. All of them return once the venue has done it; what it says of it may still be on its way.
 */
export type VenueControl = {
  /** The market trades at `price`, and time passes. Orders that it reaches fill. */
  movePrice?(price: number): void | Promise<void>;
  /** From now on each move of the price fills at most `quantity` of an order; undefined for as much as there is. */
  limitLiquidity?(quantity: number | undefined): void | Promise<void>;
  /** The venue refuses the next order, for a reason of its own. */
  refuseNext?(): void | Promise<void>;
  /** The venue takes the next order, and its answer never comes. */
  loseNextAnswer?(): void | Promise<void>;
  /** The next order never arrives at the venue, and nobody says so. */
  loseNextOrder?(): void | Promise<void>;
  /** What the venue says from now on is on its way, until `release`. */
  hold?(): void | Promise<void>;
  release?(): void | Promise<void>;
  /** The connection breaks, and stays so until `restoreConnection`. */
  dropConnection?(): void | Promise<void>;
  restoreConnection?(): void | Promise<void>;
  /** The venue tells an execution once more. */
  repeatExecution?(executionId: string): void | Promise<void>;
  /** The venue corrects the price of an execution. */
  correctExecution?(executionId: string, price: number): void | Promise<void>;
  /** The venue takes an execution back. */
  takeBackExecution?(executionId: string): void | Promise<void>;
  /** The trading session ends. */
  endSession?(): void | Promise<void>;
};

/** One broker on one account that is flat and has no orders. */
export type BrokerSession = {
  /** Not connected yet. */
  readonly broker: Broker;
  /** What is traded; the market of it is open. */
  readonly instrument: Instrument;
  /** Where the market stands now. */
  price(): number;
  readonly control?: VenueControl;
  /** The same account from a new process: the one before is gone without a word. Not connected yet. */
  restart?(): Broker | Promise<Broker>;
  /** A quantity that the account cannot pay for. */
  readonly tooLarge?: number;
  /** Lets what is on its way arrive; on a real connection, waits a moment. Default: two turns of the event loop. */
  settle?(): Promise<void>;
  /** How often `settle` is called, at most, before something is taken as missing. Default: 20. */
  readonly patience?: number;
  /** Client order ids begin with it. On a paper account it must differ from run to run. Default: `contract`. */
  readonly run?: string;
  close?(): void | Promise<void>;
};

/** A broker to be tested. */
export type BrokerSubject = {
  /** A session on a fresh venue; on a paper account, on an account that is flat. Called once for each card. */
  open(): BrokerSession | Promise<BrokerSession>;
  /** What this venue can never do or suffer, each with the reason. The cards that need it have nothing to hold, and pass with that note. */
  readonly cannot?: Readonly<Partial<Record<keyof VenueControl | 'restart' | 'tooLarge', string>>>;
};
