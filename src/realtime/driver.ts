import type { HaGroup, Instance } from "../domain/entities.js";
import {
  anyFunction,
  assertOption,
  hasMethods,
  nonEmptyString,
  type OptionRule,
  type OptionRules,
  parseOptions,
  wholeFrom,
} from "../domain/entryPointOptions.js";
import type { HaGroupStatus, InstanceStatus } from "../domain/statuses.js";
import type { ReplicationSimulator } from "../simulator.js";
import { type Clock, systemClock, timerMsMax } from "./clock.js";
import { PendingWaits, type RealtimeWaitOptions } from "./pendingWaits.js";
import { liveSimulator } from "./syncingProxy.js";

/** How a driver drives. */
export interface RealtimeOptions {
  /** Virtual ms for each real one: 1 is real time, 60 a minute each second, 0 stands still. Default 1. */
  readonly speed?: number;
  /** Where real time comes from. Default: the host's. */
  readonly clock?: Clock;
  /**
   * Hears of errors that come up while time moves: what a subscriber threw, or a broken invariant. The driver goes on
   * after it, unless it is stopped. Without it they are thrown: out of the timer, or out of the call that brought
   * time up.
   */
  readonly onError?: (error: unknown) => void;
  /** Most steps that a timer takes at once before it lets the host do something else. Default 1000. */
  readonly maxStepsPerTick?: number;
}

/**
 * Lets a simulator live in real time. It sets one timer, for the next thing due, and none when nothing is due.
 * Give commands and questions to `driver.sim`: they take effect at the present virtual time.
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { RealtimeDriver } from "replication-simulator/realtime";
 *
 * const driver = new RealtimeDriver(new ReplicationSimulator(), { speed: 600 });
 * driver.start();
 * const { id } = driver.sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
 * const ready = await driver.waitFor(id, "ACTIVE"); // 35 s of virtual time: about 58 ms
 * console.log(ready.status);
 * driver.stop();
 * ```
 */
export class RealtimeDriver {
  /** The simulator, always at the present: time is brought up before each verb and each question. */
  readonly sim: ReplicationSimulator;
  readonly #sim: ReplicationSimulator;
  readonly #clock: Clock;
  readonly #onError: ((error: unknown) => void) | undefined;
  readonly #maxStepsPerTick: number;
  #speed: number;
  /** A moment that real and virtual time have in common; undefined while the driver stands. */
  #anchor: { readonly real: number; readonly virtual: number } | undefined;
  /** Virtual time when the driver last looked. */
  #seen = 0;
  #timer: { readonly handle: unknown; readonly dueAt: number } | undefined;
  #isDriving = false;
  #unsubscribe: (() => void) | undefined;
  readonly #waits: PendingWaits;

  /**
   * @throws InvalidInputError `realtime-options`
   */
  constructor(sim: ReplicationSimulator, options: RealtimeOptions = {}) {
    const read = parseOptions(options, demands, { field: "options", rule });
    const { speed = 1, clock = systemClock(), onError, maxStepsPerTick = 1000 } = read;
    this.#sim = assertOption(sim, simulator, { field: "sim", rule });
    this.#clock = clock;
    this.#waits = new PendingWaits(sim, clock);
    this.#onError = onError;
    this.#speed = speed;
    this.#maxStepsPerTick = maxStepsPerTick;
    this.sim = liveSimulator(sim, (call) => {
      this.sync();
      try {
        return call();
      } finally {
        this.#plan();
      }
    });
  }

  /** Virtual ms for each real one. */
  get speed(): number {
    return this.#speed;
  }

  /** Whether virtual time goes on with real time. */
  get isRunning(): boolean {
    return this.#anchor !== undefined;
  }

  /** Lets virtual time go on from where it stands. Running already: nothing changes. */
  start(): void {
    if (this.isRunning) return;
    this.#dropAnchor();
    this.#unsubscribe = this.#sim.subscribe(({ facts }) => {
      this.#waits.hear(facts);
      this.#plan();
    });
    this.#plan();
  }

  /** Brings time up to the present and stops it there. Everybody who waits is refused. */
  stop(): void {
    if (!this.isRunning) return;
    try {
      this.sync();
    } finally {
      this.#clearTimer();
      this.#anchor = undefined;
      this.#unsubscribe?.();
      this.#waits.hear("stopped");
    }
  }

  /**
   * Changes the speed from now on.
   * @throws InvalidInputError `realtime-options`
   */
  setSpeed(speed: number): void {
    const next = assertOption(speed, demands.speed, { field: "speed", rule });
    this.sync();
    this.#speed = next;
    if (this.isRunning) this.#dropAnchor();
    this.#plan();
  }

  /**
   * Brings the simulator up to the present: everything due until now has ended then. Time that was moved by hand, on or
   * (by `load` and `rollbackTo`) back, is kept. While the driver stands still, and inside a subscriber that it has called, time is right as it is.
   * @returns the virtual time
   */
  sync(): number {
    if (this.isRunning && !this.#isDriving) {
      try {
        this.#catchUp(Infinity);
      } finally {
        this.#plan();
      }
    }
    return this.#sim.now;
  }

  /**
   * Waits in real time until an instance or a group has a status, also one that passes quickly.
   * @returns a promise of the row as it is then; rejected with NotFoundError `instance-exists` when it is not there
   * or goes away, with TimeLimitError `status-in-time` when the time is over, the status can come no more or the driver stands, with
   * InvalidInputError `realtime-options` for a status or a `wait` that is none
   */
  async waitFor(
    id: string,
    status: InstanceStatus | HaGroupStatus,
    wait: RealtimeWaitOptions = {},
  ): Promise<Instance | HaGroup> {
    const read = parseOptions(wait, waitDemands, { field: "wait", rule });
    const wanted = { id, status: assertOption(status, nonEmptyString, { field: "status", rule }) };
    this.sync();
    const waiting = this.#waits.until(wanted, read);
    if (!this.isRunning) this.#waits.hear("stopped");
    return await waiting;
  }

  /** Ends what is due by now, a number of steps at most; the clock is set only when nothing is left. */
  #catchUp(maxSteps: number): void {
    const until = this.#present();
    const anchor = this.#anchor;
    this.#isDriving = true;
    try {
      for (let steps = 0; (this.#sim.nextDueAt ?? Infinity) <= until; steps++) {
        if (steps === maxSteps) return;
        this.#guarded(() => this.#sim.step());
        // A subscriber has stopped time, changed its speed or moved it on.
        if (this.#anchor !== anchor) return;
      }
      this.#sim.advanceTo(until);
    } finally {
      this.#isDriving = false;
    }
  }

  #guarded(move: () => void): void {
    try {
      move();
    } catch (error) {
      // What came due has ended all the same, so that nothing comes up twice.
      if (this.#onError === undefined) throw error;
      this.#onError(error);
    }
  }

  /** Virtual time that corresponds to the present; the anchor follows where time was moved, on or back, by hand. */
  #present(): number {
    const { now } = this.#sim;
    if (this.#anchor === undefined) return now;
    const { real, virtual } = this.#anchor;
    const present = virtual + Math.floor((this.#clock.now() - real) * this.#speed);
    const isAsDriven = now >= this.#seen && now <= present;
    this.#seen = now;
    if (isAsDriven) return present;
    this.#dropAnchor();
    return now;
  }

  #dropAnchor(): void {
    this.#anchor = { real: this.#clock.now(), virtual: this.#sim.now };
    this.#seen = this.#sim.now;
    this.#clearTimer();
  }

  /** Sets the timer for the next thing due, unless it is set for that already. */
  #plan(): void {
    if (this.#isDriving) return;
    const present = this.#present();
    if (this.#anchor === undefined) return;
    const dueAt = this.#sim.nextDueAt;
    if (this.#timer?.dueAt === dueAt) return;
    this.#clearTimer();
    if (dueAt === undefined || this.#speed === 0) return;
    const dueInMs =
      (dueAt - this.#anchor.virtual) / this.#speed - (this.#clock.now() - this.#anchor.real);
    // What is not due yet takes a moment at least, however the division was rounded.
    const ms = dueAt <= present ? 0 : Math.max(1, Math.ceil(dueInMs));
    const handle = this.#clock.setTimer(
      () => {
        this.#wake();
      },
      Math.min(ms, timerMsMax),
    );
    this.#timer = { handle, dueAt };
  }

  #wake(): void {
    this.#timer = undefined;
    try {
      this.#catchUp(this.#maxStepsPerTick);
    } finally {
      this.#plan();
    }
  }

  #clearTimer(): void {
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer.handle);
    this.#timer = undefined;
  }
}

const rule = "realtime-options";

const demands: OptionRules<RealtimeOptions> = {
  speed: {
    expected: "a number of at least 0",
    accepts: (value) => Number.isFinite(value) && (value as number) >= 0,
  },
  clock: hasMethods(
    "a clock: an object with now, setTimer and clearTimer",
    "now",
    "setTimer",
    "clearTimer",
  ),
  onError: anyFunction,
  maxStepsPerTick: wholeFrom(1),
};

const waitDemands: OptionRules<RealtimeWaitOptions> = {
  timeoutMs: {
    expected: "ms of at least 0; Infinity for as long as it takes",
    accepts: (value) => typeof value === "number" && value >= 0,
  },
  accountId: nonEmptyString,
};

const simulator: OptionRule = hasMethods(
  "a simulator",
  "subscribe",
  "step",
  "advanceTo",
  "account",
);
