import type { JournalEntry } from "../../kernel/journal.js";
import type { ConditionOf } from "../../scenario/format/scenario.js";
import {
  conditionsOfPositions,
  conditionsOfTime,
  copiesInService,
  type WatchedCondition,
  watchCondition,
} from "../../scenario/run/conditions.js";
import type { NamedThing, NameTable } from "../../scenario/run/nameTable.js";
import { changesStates } from "../measures/measure.js";

/**
 * Distance of a world from health. `copies`: the number of missing copies that answer and hold current data.
 * Conditions: the number of those that hold.
 */
export type RareLevel = "copies" | readonly ConditionOf<number>[];

/** Whether a level needs the positions of replicas, so that workloads must run. */
export function needsPositions(level: RareLevel): boolean {
  return level !== "copies" && level.some(({ condition }) => conditionsOfPositions.has(condition));
}

/** The level of one world. It changes with states alone, except where a condition begins by itself. */
export class LevelWatch {
  readonly #names: NameTable;
  readonly #things: readonly NamedThing[];
  readonly #conditions: readonly WatchedCondition[];
  readonly #isOfStates: boolean;
  #value = 0;
  #isStale = true;

  constructor(level: RareLevel, things: readonly string[], names: NameTable) {
    this.#names = names;
    this.#things =
      level === "copies" ? names.things.filter(({ name }) => things.includes(name)) : [];
    this.#conditions =
      level === "copies" ? [] : level.map((condition) => watchCondition(condition, names));
    this.#isOfStates =
      level === "copies" || level.every(({ condition }) => !conditionsOfTime.has(condition));
  }

  /** The level now. */
  get value(): number {
    if (this.#isStale) {
      this.#value = this.#computed();
      this.#isStale = !this.#isOfStates;
    }
    return this.#value;
  }

  /** Virtual time at which a condition begins or ceases to hold if nothing happens before; undefined where none does. */
  get nextAt(): number | undefined {
    if (this.#isOfStates) return undefined;
    let next: number | undefined;
    for (const condition of this.#conditions) {
      const turn = condition.turnsAt();
      if (turn !== undefined && turn > this.#names.sim.now) next = Math.min(next ?? turn, turn);
    }
    return next;
  }

  /** To be called after every journal entry. */
  after(entry: JournalEntry): void {
    if (changesStates(entry)) this.#isStale = true;
  }

  #computed(): number {
    let level = 0;
    for (const condition of this.#conditions) if (condition.holds()) level += 1;
    for (const thing of this.#things) {
      level += Math.max(0, thing.plannedCopies - copiesInService(this.#names, thing));
    }
    return level;
  }
}
