import { exp } from "../../collections/deterministicMath.js";
import { hasDensity, logMass, logTail } from "./failureLaw.js";
import { type Lomax, lomaxDuration, lomaxLogMass, lomaxLogTail } from "./lomax.js";
import type { FailureClock, RareHit, RareWorld, RootOutcome } from "./rareWorld.js";

/** Options of forced excursions. */
export interface ForcedOptions {
  /** Names the root: its copies draw by it. */
  readonly seed: string;
  /** Copies at each departure from health. */
  readonly copies: number;
  /** Scale of the time to the next failure in a copy, in ms: about twice the length of an excursion. */
  readonly scaleMs: number;
  /** Shape of that time. Default 1. */
  readonly shape?: number;
  /** Called with each path that has come to the event. */
  readonly onHit?: (hit: RareHit) => void;
}

/**
 * Estimates the probability of an event from one natural path. At each departure from health copies are made whose next
 * failures come soon, from a Lomax law, and count by the ratio of the likelihoods. The path itself goes on as it would.
 *
 * Unbiased: an event happens either in an excursion, of which each has its copies, or on the path at level 0.
 */
export function forcedRoot(path: RareWorld, options: ForcedOptions): RootOutcome {
  const { copies, seed, onHit } = options;
  const counts = { departures: 0, hits: 0, steps: 0, forks: 0 };
  let value = 0;
  const depart = (): void => {
    counts.departures += 1;
    let sum = 0;
    for (let copy = 0; copy < copies; copy++) {
      const name = `${seed}/${String(counts.departures)}.${String(copy)}`;
      const excursion = new Excursion(path, options, name);
      const weight = excursion.run(counts);
      if (weight > 0) {
        counts.hits += 1;
        onHit?.({ world: excursion.world, weight: weight / copies, departedAt: path.now });
      }
      excursion.release();
      sum += weight;
    }
    value += sum / copies;
  };
  const comeDirectly = (): RootOutcome => {
    onHit?.({ world: path, weight: 1, departedAt: path.now });
    return { ...counts, value: value + 1, direct: 1 };
  };
  if (path.hasHappened()) return comeDirectly();
  let { level } = path;
  if (level > 0) depart();
  while (!path.hasHappened()) {
    if (path.nextAt === undefined) path.finish();
    else {
      path.step();
      counts.steps += 1;
    }
    const before = level;
    ({ level } = path);
    if (before === 0 && level > 0) depart();
    else if (before === 0 && path.hasHappened()) return comeDirectly();
    if (path.nextAt === undefined) break;
  }
  return { ...counts, value, direct: 0 };
}

/** A clock whose time comes from the proposal. */
interface ForcedClock {
  readonly from: FailureClock;
  readonly proposedMs: number;
  /** As it was seen last: a clock that is gone has run until then. */
  last: FailureClock;
}

/** One copy of a world that has left health: until it is healthy again, the event, or the horizon. */
class Excursion {
  #world: RareWorld;
  readonly #options: Pick<ForcedOptions, "scaleMs" | "shape">;
  /** Names the copy: its stages draw by it. */
  readonly #seed: string;
  #clocks: readonly ForcedClock[] = [];
  #law: Lomax = { scaleMs: 1, shape: 1 };
  #logWeight = 0;
  #stages = 0;

  constructor(from: RareWorld, options: Pick<ForcedOptions, "scaleMs" | "shape">, seed: string) {
    this.#world = from;
    this.#options = options;
    this.#seed = seed;
  }

  /** Returns the weight of the event; 0 where it does not happen. */
  run(counts: { steps: number; forks: number }): number {
    if (this.#world.hasHappened()) return 1;
    for (;;) {
      this.#beginStage();
      counts.forks += 1;
      for (;;) {
        const { nextAt, now } = this.#world;
        if (nextAt === undefined) this.#world.finish();
        else {
          this.#world.step();
          counts.steps += 1;
        }
        const isActivated = this.#follow(now);
        if (isActivated || this.#world.hasHappened()) this.#weigh();
        if (this.#world.hasHappened()) return exp(this.#logWeight);
        if (nextAt === undefined || this.#world.level === 0) return 0;
        if (isActivated) break;
      }
    }
  }

  /** The world of its last stage. */
  get world(): RareWorld {
    return this.#world;
  }

  /** Gives back the world of its last stage. */
  release(): void {
    if (this.#stages > 0) this.#world.release?.();
  }

  /** Forks the world with forced clocks. Together their first failure comes from one Lomax law, however many they are. */
  #beginStage(): void {
    const { scaleMs, shape = 1 } = this.#options;
    const name = `${this.#seed}.${String(this.#stages)}`;
    this.#stages += 1;
    let count = 0;
    for (const clock of this.#world.failureClocks()) if (canBeForced(clock)) count++;
    this.#law = { scaleMs, shape: shape / Math.max(1, count) };
    const clocks: ForcedClock[] = [];
    const before = this.#world;
    this.#world = before.fork(name, (clock, draw) => {
      if (!canBeForced(clock)) return undefined;
      const proposedMs = lomaxDuration(this.#law, draw);
      clocks.push({ from: clock, proposedMs, last: clock });
      return proposedMs;
    });
    // The world of the path goes on; that of the stage before is not needed any more.
    if (this.#stages > 1) before.release?.();
    this.#clocks = clocks;
  }

  /** Follows the clocks through an event, and returns whether one of them has come to its end. */
  #follow(before: number): boolean {
    let isActivated = false;
    for (const clock of this.#clocks) {
      const { last, from } = clock;
      const now = this.#world.clock(from.id);
      // Of a clock that has gone nothing more is known than how long it ran.
      const ranMs = last.isRunning ? this.#world.now - before : 0;
      clock.last = now ?? gone(clock, last.ageMs + ranMs);
      if (clock.last.activations !== from.activations) isActivated = true;
    }
    return isActivated;
  }

  /** Weighs a stage: what the clocks have done by their own law, over what they have done by the proposal. */
  #weigh(): void {
    for (const { from, last, proposedMs } of this.#clocks) {
      const { law, ageMs, activations } = from;
      const isActivated = last.activations !== activations;
      const ranMs = isActivated ? proposedMs : last.ageMs - ageMs;
      this.#logWeight += isActivated
        ? logMass(law, ageMs + ranMs) - lomaxLogMass(this.#law, ranMs)
        : logTail(law, ageMs + ranMs) - lomaxLogTail(this.#law, ranMs);
      this.#logWeight -= logTail(law, ageMs);
    }
  }
}

/** A clock that is gone: struck where it came to its end in the same event. */
function gone({ from, last, proposedMs }: ForcedClock, ageMs: number): FailureClock {
  const hasEnded = last.activations === from.activations && ageMs - from.ageMs >= proposedMs;
  return { ...last, ageMs, isRunning: false, activations: last.activations + (hasEnded ? 1 : 0) };
}

function canBeForced({ isRunning, law, ageMs }: FailureClock): boolean {
  return isRunning && hasDensity(law) && logTail(law, ageMs) > Number.NEGATIVE_INFINITY;
}
