import { anyFunction, assertOption } from "../domain/entryPointOptions.js";

/** Real time, as a driver needs it. Whoever has another one (a test, a game loop) hands it in. */
export interface Clock {
  /** Real time in ms, from any beginning. */
  now(): number;
  /** Calls once, after at least `ms`; gives back what `clearTimer` takes. */
  setTimer(run: () => void, ms: number): unknown;
  /** Forgets a timer; one that has been called or forgotten is ignored. */
  clearTimer(timer: unknown): void;
}

/** Longer timers fire at once on most hosts. */
export const timerMsMax = 2_147_483_647;

/**
 * The clock of the host: its monotonic time where it has one, and its timers. It follows the fake timers of test
 * runners as well, also those that leave `performance` alone: where `Date` is faked, time is that of `Date`; and when a
 * timer of n ms fires, at least n ms have passed.
 */
export function systemClock(): Clock {
  let source = hostTime();
  /** What is added to the time of the source, so that a change of the source is no jump. */
  let offset = 0;
  /** Time that has passed for certain. */
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

/** The time of `performance`, or that of `Date` where only `Date` is faked. */
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

/** A clock that stands still until it is told how much time has passed: for tests of what a driver drives. */
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

  /** How long until the next timer, in ms: undefined when none is set, negative when it is late. */
  get nextTimerMs(): number | undefined {
    const next = this.#next();
    return next && next.dueAt - this.#now;
  }

  /** How many timers are set. */
  get timerCount(): number {
    return this.#timers.length;
  }

  /**
   * Lets real time pass, calling each timer at its moment, also those that timers set.
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

  /** Calls the next timer, if its moment has come; tells whether it has. */
  runNext(): boolean {
    const next = this.#next();
    if (next === undefined || next.dueAt > this.#now) return false;
    this.clearTimer(next);
    next.run();
    return true;
  }

  /**
   * Lets real time pass without any timer, as when the host was asleep or busy; the timers are late then.
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
