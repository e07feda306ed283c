import type { HaGroupStatus } from "../lifecycle/groupStates.js";
import type { InstanceStatus } from "../lifecycle/instanceStates.js";
import {
  anyFunction,
  assertOption,
  hasMethods,
  nonEmptyString,
  type OptionRule,
  type OptionRules,
  parseOptions,
  wholeFrom,
} from "../model/schema/entryPointOptions.js";
import type { HaGroup } from "../service/haGroups/haGroup.model.js";
import type { Instance } from "../service/instances/instance.model.js";
import type { ReplicationSimulator } from "../simulator.js";
import { type Clock, systemClock, timerMsMax } from "./clock.js";
import { PendingWaits, type RealtimeWaitOptions } from "./pendingWaits.js";
import { liveSimulator } from "./syncingProxy.js";

/** Options of a `RealtimeDriver`. */
export interface RealtimeOptions {
  /** Virtual ms per real ms: 1 is real time, 60 is a minute per second, 0 pauses time. Default 1. */
  readonly speed?: number;
  /** Source of real time. Default: the host's clock. */
  readonly clock?: Clock;
  /**
   * Called with each error that occurs while time moves: an error thrown by a subscriber, or a broken invariant. The
   * driver then continues, unless it is stopped. Without this option such an error is thrown from the timer, or from
   * the call that moved time.
   */
  readonly onError?: (error: unknown) => void;
  /** Maximum number of steps per timer callback before the driver yields to the host. Default 1000. */
  readonly maxStepsPerTick?: number;
}

/**
 * Ties the virtual time of a simulator to real time. It sets one timer, for the next due task, and none if no task is
 * due. Call all methods on `driver.sim`: they run at the present virtual time.
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
  /** The simulator. Virtual time is brought up to the present before each method call and property read. */
  readonly sim: ReplicationSimulator;
  readonly #sim: ReplicationSimulator;
  readonly #clock: Clock;
  readonly #onError: ((error: unknown) => void) | undefined;
  readonly #maxStepsPerTick: number;
  #speed: number;
  /** A pair of corresponding real and virtual times; undefined while the driver is stopped. */
  #anchor: { readonly real: number; readonly virtual: number } | undefined;
  /** Virtual time at the last check of the driver. */
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

  /** Virtual ms per real ms. */
  get speed(): number {
    return this.#speed;
  }

  /** Whether virtual time advances with real time. */
  get isRunning(): boolean {
    return this.#anchor !== undefined;
  }

  /** Starts virtual time from its current value. Has no effect if the driver is already running. */
  start(): void {
    if (this.isRunning) return;
    this.#dropAnchor();
    this.#unsubscribe = this.#sim.subscribe(({ facts }) => {
      this.#waits.notify(facts);
      this.#plan();
    });
    this.#plan();
  }

  /** Brings virtual time up to the present and stops it. Pending `waitFor` promises are rejected. */
  stop(): void {
    if (!this.isRunning) return;
    try {
      this.sync();
    } finally {
      this.#clearTimer();
      this.#anchor = undefined;
      this.#unsubscribe?.();
      this.#waits.notify("stopped");
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
   * Brings the simulator up to the present: all tasks due by now complete. Time that was moved by hand, forward or
   * (by `load` and `rollbackTo`) back, is kept. Does nothing while the driver is stopped, and inside a subscriber
   * that it
   * has called.
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
   * Waits in real time until an instance or a group reaches a status, even a short-lived one.
   * @returns a promise of the row at that time, which the errors below reject
   * @throws NotFoundError `instance-exists` if the resource does not exist or is deleted
   * @throws TimeLimitError `status-in-time` on timeout, if the status is unreachable or the driver stops
   * @throws InvalidInputError `realtime-options` for an invalid status or `wait`
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
    if (!this.isRunning) this.#waits.notify("stopped");
    return await waiting;
  }

  /** Processes due tasks, up to a number of steps. Virtual time is set to the present only if none is left. */
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
      // The due task has completed despite the error, so no error is reported twice.
      if (this.#onError === undefined) throw error;
      this.#onError(error);
    }
  }

  /** Returns the virtual time of the present. Moves the anchor if time was moved by hand, forward or back. */
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

  /** Sets the timer for the next due task, unless it is already set. */
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
    // A task that is not due yet takes at least 1 ms, however the division was rounded.
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
