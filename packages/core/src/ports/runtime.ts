import type { UtcMs } from '../domain/units.js';

/** The only source of time. Backtests turn it by the bars, live runs by the machine. */
export interface Clock {
  now(): UtcMs;
}

/** A limit on waiting for the outside world. It bounds how long a process waits, never what a decision sees. */
export interface Timer {
  /** Calls back after a span of the machine's time; returns the way to call it off. */
  after(ms: number, call: () => void): () => void;
}

/** The only source of chance: a seeded generator. Equal seeds give equal sequences on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform whole number in [0, bound). */
  int(bound: number): number;
  /** Normal with mean 0 and deviation 1. */
  normal(): number;
  /** An independent generator, determined by this one's seed and the label alone. */
  fork(label: string): Random;
}

export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}
