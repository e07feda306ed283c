import type { JournalEntry } from "../../kernel/journal.js";
import type { ExpectationOf } from "../../scenario/format/scenario.js";
import {
  conditionsOfTime,
  type WatchedCondition,
  watchCondition,
} from "../../scenario/run/conditions.js";
import type { NameTable } from "../../scenario/run/nameTable.js";
import { changesStates } from "../measures/measure.js";

/** An expectation that a condition never holds, or never for so long. */
export type NeverExpectation = Extract<ExpectationOf<number>, { readonly never: unknown }>;

/** More turns than a lag has by itself between two events. */
const turnsMax = 16;

/** Finds the first time at which a condition has held for as long as it must not. */
export class NeverWatch {
  readonly #expectation: NeverExpectation;
  readonly #condition: WatchedCondition;
  /** Virtual time at which the condition began to hold; undefined while it does not. */
  #since: number | undefined;
  /**
   * Virtual times at which the condition begins or ceases to hold by itself, in turn, as things were when it was last
   * looked at: an entry is seen only after it has changed them.
   */
  #turns: readonly number[];
  /** Virtual time at which the expectation was broken first; undefined while it is not. */
  brokenAt: number | undefined;

  constructor(expectation: NeverExpectation, names: NameTable, now: number) {
    const { never: condition, for: _, ...rest } = expectation;
    this.#expectation = expectation;
    this.#condition = watchCondition({ condition, ...rest }, names);
    this.#since = this.#condition.holds() ? now : undefined;
    this.#turns = this.#turnsAfter(now);
  }

  /** The broken property. */
  get message(): string {
    return `${this.#expectation.never} of ${this.#expectation.of}`;
  }

  /** Virtual time at which it is broken if nothing happens before; undefined where it is not. */
  get nextAt(): number | undefined {
    if (this.brokenAt !== undefined) return undefined;
    let since = this.#since;
    for (const turn of this.#turns) {
      if (since === undefined) since = turn;
      else if (turn - since >= this.#longest) break;
      else since = undefined;
    }
    return since === undefined ? undefined : since + this.#longest;
  }

  /** To be called after every journal entry, and without one when time has passed. */
  after(entry: JournalEntry | undefined, now: number): void {
    for (const turn of this.#turns) {
      if (turn > now) break;
      this.#check(turn);
      this.#since = this.#since === undefined ? turn : undefined;
    }
    this.#check(now);
    if (entry !== undefined && !changesStates(entry) && !this.#isTimed) return;
    if (!this.#condition.holds()) this.#since = undefined;
    else this.#since ??= now;
    this.#turns = this.#turnsAfter(now);
    this.#check(now);
  }

  /** The same watch in a fork of the world. */
  copyFor(names: NameTable, now: number): NeverWatch {
    const copy = new NeverWatch(this.#expectation, names, now);
    copy.#since = this.#since;
    copy.#turns = this.#turns;
    copy.brokenAt = this.brokenAt;
    return copy;
  }

  /** Whether the condition is about time, so that every entry may change it. */
  get #isTimed(): boolean {
    return conditionsOfTime.has(this.#expectation.never);
  }

  #turnsAfter(now: number): readonly number[] {
    const turns: number[] = [];
    while (turns.length < turnsMax) {
      const turn = this.#condition.turnsAt(turns.at(-1) ?? now);
      if (turn === undefined) break;
      turns.push(turn);
    }
    return turns;
  }

  get #longest(): number {
    return this.#expectation.for ?? 0;
  }

  #check(now: number): void {
    const since = this.#since;
    if (since === undefined || this.brokenAt !== undefined || now - since < this.#longest) return;
    this.brokenAt = since + this.#longest;
  }
}
