import { anyFunction, assertOption } from "../model/schema/entryPointOptions.js";

/** Source of real time and timers for a driver. Pass your own in a test or a game loop. */
export interface Clock {
  /** Real time in ms, from an arbitrary origin. */
  now(): number;
  /** Calls `run` once, after at least `ms`. Returns a handle for `clearTimer`. */
  setTimer(run: () => void, ms: number): unknown;
  /** Cancels a timer. A timer that has fired or is already cancelled is ignored. */
  clearTimer(timer: unknown): void;
}

/** Longer timers fire at once on most hosts. */
export const timerMsMax = 2_147_483_647;

/**
 * The clock of the host: its monotonic time, if it has one, and its timers. It follows the fake timers of test
 * runners too, including those that do not replace `performance`: if `Date` is faked, `Date` gives the time. When a
 * timer of n ms fires, at least n ms have passed.
 */
export function systemClock(): Clock {
  let source = hostTime();
  /** Offset added to the time of the source, so that a change of the source causes no jump. */
  let offset = 0;
  /** Lower bound of the time that has passed. */
  let proven = -Infinity;
  const now = (): number => {
    const present = hostTime();
    if (present.isFaked !== source.isFaked) offset += source.ms - present.ms;
    source = present;
    return Math.max(proven, present.ms + offset);
  };
  return {
    now,
    setTimer: (run, ms) => {
      const firesAt = now() + ms;
      return setTimeout(() => {
        proven = Math.max(proven, firesAt);
        run();
      }, ms);
    },
    clearTimer: (timer) => {
      clearTimeout(timer as ReturnType<typeof setTimeout>);
    },
  };
}

interface HostTime {
  readonly ms: number;
  readonly isFaked: boolean;
}

/** Returns the time of `performance`, or of `Date` if only `Date` is faked. */
function hostTime(): HostTime {
  if (isDateFakedAlone()) return { ms: Date.now(), isFaked: true };
  return {
    ms: typeof performance === "undefined" ? Date.now() : performance.now(),
    isFaked: false,
  };
}

/** Vitest, Jest and sinon leave their clock at what they replace; Node marks its Date. */
function isDateFakedAlone(): boolean {
  const { clock, isMock } = Date as FakedDate;
  if (isMock === true) return true;
  const methods: unknown = clock?.methods;
  return Array.isArray(methods) && methods.includes("Date") && !methods.includes("performance");
}

type FakedDate = DateConstructor & {
  readonly clock?: { readonly methods?: unknown };
  readonly isMock?: unknown;
};

/** A clock that moves only when you advance it. Use it to test code that runs on a driver. */
export class ManualClock implements Clock {
  #now = 0;
  #timers: readonly ManualTimer[] = [];

  /** Real time in ms, from 0. */
  now(): number {
    return this.#now;
  }

  /**
   * Sets a timer that `advance` and `runNext` call.
   * @throws InvalidInputError `realtime-clock`
   */
  setTimer(run: () => void, ms: number): unknown {
    assertOption(run, anyFunction, { field: "run", rule });
    const timer = { run, dueAt: this.#now + Math.max(0, readMs(ms)) };
    this.#timers = [...this.#timers, timer];
    return timer;
  }

  /** Forgets a timer. */
  clearTimer(timer: unknown): void {
    this.#timers = this.#timers.filter((other) => other !== timer);
  }

  /** Time until the next timer in ms: undefined if none is pending, negative if it is late. */
  get nextTimerMs(): number | undefined {
    const next = this.#next();
    return next && next.dueAt - this.#now;
  }

  /** Number of pending timers. */
  get timerCount(): number {
    return this.#timers.length;
  }

  /**
   * Advances real time and calls each timer at its due time, including timers that timers set.
   * @throws InvalidInputError `realtime-clock`
   */
  advance(ms: number): void {
    const until = this.#now + readMs(ms);
    for (let next = this.#next(); next !== undefined && next.dueAt <= until; next = this.#next()) {
      this.#now = Math.max(this.#now, next.dueAt);
      this.runNext();
    }
    this.#now = until;
  }

  /** Calls the next timer if it is due. Returns whether it was. */
  runNext(): boolean {
    const next = this.#next();
    if (next === undefined || next.dueAt > this.#now) return false;
    this.clearTimer(next);
    next.run();
    return true;
  }

  /**
   * Advances real time without calling timers, as if the host was asleep or busy. The timers are late afterwards.
   * @throws InvalidInputError `realtime-clock`
   */
  stall(ms: number): void {
    this.#now += readMs(ms);
  }

  #next(): ManualTimer | undefined {
    let first: ManualTimer | undefined;
    for (const timer of this.#timers) {
      if (first === undefined || timer.dueAt < first.dueAt) first = timer;
    }
    return first;
  }
}

interface ManualTimer {
  readonly run: () => void;
  readonly dueAt: number;
}

const rule = "realtime-clock";

function readMs(ms: number): number {
  const demand = { expected: "a number of ms", accepts: Number.isFinite };
  return assertOption(ms, demand, { field: "ms", rule });
}
