import type { Distribution } from "../../model/distributions.js";

/** The clock of a failure that is to come. */
export interface FailureClock {
  /** The same in every fork of a world. */
  readonly id: number;
  /** Distribution of its time. */
  readonly law: Distribution;
  /** Time it has run, in ms. */
  readonly ageMs: number;
  readonly isRunning: boolean;
  /** Number of its completed intervals. */
  readonly activations: number;
}

/**
 * A proposal for the time that a clock still runs, in whole ms of at least 1, from a draw of 32 bits. Undefined leaves the
 * clock to its own law.
 */
export type ClockProposal = (clock: FailureClock, draw: number) => number | undefined;

/**
 * A world of which a rare event is estimated: the full simulator, or whatever else goes on event by event and can be
 * forked with other draws.
 */
export interface RareWorld {
  /** Virtual time, in ms. */
  readonly now: number;
  /** Virtual time of the next event; undefined when none comes within the horizon. */
  readonly nextAt: number | undefined;
  /** Distance from health: 0 is healthy, each integer above is a step towards the event. */
  readonly level: number;
  /** Whether the event has happened. */
  hasHappened(): boolean;
  /** Lets the next event happen. */
  step(): void;
  /** Lets time pass to the horizon, when no event comes any more. */
  finish(): void;
  /** The clocks of failures that can lead to the event. */
  failureClocks(): readonly FailureClock[];
  /** A clock as it is now; undefined when it is gone. */
  clock(id: number): FailureClock | undefined;
  /**
   * Another world from this moment on. Everything that is under way at random is drawn anew by the seed, given that it
   * has lasted until now; the clocks of failures by the proposal where there is one.
   */
  fork(seed: string, proposal?: ClockProposal): RareWorld;
  /** Says that nothing asks this world any more, so that its memory can serve another one. */
  release?(): void;
}

/** A path that has come to the event. */
export interface RareHit {
  readonly world: RareWorld;
  /** What it counts for in its root. */
  readonly weight: number;
  /** Virtual time at which it left health; of an event at level 0, that of the event. */
  readonly departedAt: number;
}

/** Outcome of one root: an unbiased estimate of the probability of the event, and its cost. */
export interface RootOutcome {
  readonly value: number;
  /** Times that the natural path has left health. */
  readonly departures: number;
  /** Copies in which the event happened. */
  readonly hits: number;
  /** 1 where the event came on the natural path without a departure; else 0. */
  readonly direct: number;
  /** Events of the path and of all copies. */
  readonly steps: number;
  readonly forks: number;
}
