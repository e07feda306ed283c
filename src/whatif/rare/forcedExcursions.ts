import { exp } from "../../collections/deterministicMath.js";
import { hasDensity, logMass, logTail } from "./failureLaw.js";
import { type Lomax, lomaxDuration, lomaxLogMass, lomaxLogTail } from "./lomax.js";
import type { FailureClock, RareHit, RareWorld, RootOutcome } from "./rareWorld.js";

/** Options of forced excursions. */
export interface ForcedOptions {
  /** Names the root: its copies draw by it. */
  readonly seed: string;
  /** Copies at each departure from health, and of each where it first comes to a higher level. */
  readonly copies: number;
  /** Scale of the time to the next failure in a copy, in ms: about twice the length of an excursion. */
  readonly scaleMs: number;
  /** Shape of that time. Default 1. */
  readonly shape?: number;
  /** Whether a copy that first comes to a higher level is copied again. Default true. */
  readonly splits?: boolean;
  /** Called with each path that has come to the event. */
  readonly onHit?: (hit: RareHit) => void;
}

/**
 * Estimates the probability of an event from one natural path. At each departure from health copies are made whose next
 * failures come soon, from a Lomax law, and count by the ratio of the likelihoods. The path itself goes on as it would.
 *
 * Few copies come to a higher level than that of the departure. Each that does is worth several tries, and is copied again.
 *
 * Unbiased: an event happens either in an excursion, of which each has its copies, or on the path at level 0. The mean of
 * the copies of a world is right on average wherever they are made.
 */
export function forcedRoot(path: RareWorld, options: ForcedOptions): RootOutcome {
  const { copies, seed, onHit } = options;
  const counts = { departures: 0, hits: 0, steps: 0, forks: 0 };
  let value = 0;
  const depart = (): void => {
    counts.departures += 1;
    const name = `${seed}/${String(counts.departures)}`;
    const about = { options, counts, departedAt: path.now };
    const part = 1 / copies;
    value += valueOf(about, { from: path, seed: name, part, logWeight: 0, highest: path.level });
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

/** What all copies of a departure have in common. */
interface Departure {
  readonly options: ForcedOptions;
  readonly counts: { hits: number; steps: number; forks: number };
  /** Virtual time at which the path left health. */
  readonly departedAt: number;
}

/** Where copies begin. */
interface Branch {
  readonly from: RareWorld;
  /** Names it: its copies draw by it. */
  readonly seed: string;
  /** Part of the departure that each copy stands for. */
  readonly part: number;
  readonly logWeight: number;
  /** The highest level on the way to it, its own included. */
  readonly highest: number;
}

/** Copies of one departure at most, if each comes to the highest level. */
const copiesMost = 256;

/** Runs the copies of a branch, and returns the mean of their weights. */
function valueOf(departure: Departure, branch: Branch): number {
  const { copies } = departure.options;
  let sum = 0;
  for (let copy = 0; copy < copies; copy++) {
    const excursion = new Excursion(departure, branch, copy);
    sum += excursion.run();
    excursion.release();
  }
  return sum / copies;
}

/** One copy of a world that has left health: until it is healthy again, at a higher level, the event, or the horizon. */
class Excursion {
  #world: RareWorld;
  readonly #departure: Departure;
  readonly #branch: Branch;
  /** Its number among the copies of the branch. */
  readonly #copy: number;
  /** Names the copy: its stages draw by it. */
  readonly #seed: string;
  #clocks: readonly ForcedClock[] = [];
  #law: Lomax = { scaleMs: 1, shape: 1 };
  #logWeight: number;
  #stages = 0;

  constructor(departure: Departure, branch: Branch, copy: number) {
    this.#world = branch.from;
    this.#departure = departure;
    this.#branch = branch;
    this.#copy = copy;
    this.#seed = `${branch.seed}.${String(copy)}`;
    this.#logWeight = branch.logWeight;
  }

  /** Returns the weight of the event, a mean where it is split; 0 where it does not happen. */
  run(): number {
    if (this.#world.hasHappened()) return this.#hit();
    const { counts } = this.#departure;
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
        if (this.#world.hasHappened()) return this.#hit();
        if (nextAt === undefined || this.#world.level === 0) return 0;
        if (isActivated) break;
      }
      if (this.#isWorthCopies()) return this.#split();
    }
  }

  /** Gives back the world of its last stage. */
  release(): void {
    if (this.#stages > 0) this.#world.release?.();
  }

  #hit(): number {
    const { options, counts, departedAt } = this.#departure;
    const weight = exp(this.#logWeight);
    counts.hits += 1;
    options.onHit?.({ world: this.#world, weight: weight * this.#branch.part, departedAt });
    return weight;
  }

  /** Whether it has come to a higher level than ever, where the number of copies is not yet the largest. */
  #isWorthCopies(): boolean {
    const { highest, part } = this.#branch;
    const { copies, splits = true } = this.#departure.options;
    return splits && this.#world.level > highest && copies <= copiesMost * part;
  }

  #split(): number {
    return valueOf(this.#departure, {
      from: this.#world,
      seed: `${this.#seed}.${String(this.#stages)}`,
      part: this.#branch.part / this.#departure.options.copies,
      logWeight: this.#logWeight,
      highest: this.#world.level,
    });
  }

  /** Forks the world with forced clocks. Together their first failure comes from one Lomax law, however many they are. */
  #beginStage(): void {
    const { scaleMs, shape = 1 } = this.#departure.options;
    const name = `${this.#seed}.${String(this.#stages)}`;
    this.#stages += 1;
    let count = 0;
    for (const clock of this.#world.failureClocks()) if (canBeForced(clock)) count++;
    this.#law = { scaleMs, shape: shape / Math.max(1, count) };
    const clocks: ForcedClock[] = [];
    const before = this.#world;
    this.#world = before.fork(name, (clock, draw) => {
      if (!canBeForced(clock)) return undefined;
      const isFirst = this.#stages === 1 && clocks.length === 0;
      const proposedMs = lomaxDuration(this.#law, isFirst ? this.#inOwnPart(draw) : draw);
      clocks.push({ from: clock, proposedMs, last: clock });
      return proposedMs;
    });
    // The world of the path goes on; that of the stage before is not needed any more.
    if (this.#stages > 1) before.release?.();
    this.#clocks = clocks;
  }

  /**
   * The copies of a branch share the range of a draw, one part each: together they are still as likely to draw one value as
   * another, and how soon the first clock fails differs less from branch to branch.
   */
  #inOwnPart(draw: number): number {
    const { copies } = this.#departure.options;
    return (draw + 0.5 + this.#copy * draws) / copies - 0.5;
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

/** Number of possible values of a draw. */
const draws = 0x1_0000_0000;

function canBeForced({ isRunning, law, ageMs }: FailureClock): boolean {
  return isRunning && hasDensity(law) && logTail(law, ageMs) > Number.NEGATIVE_INFINITY;
}
