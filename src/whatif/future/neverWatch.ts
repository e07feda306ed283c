import type { JournalEntry } from "../../kernel/journal.js";
import type { ExpectationOf } from "../../scenario/format/scenario.js";
import { type WatchedCondition, watchCondition } from "../../scenario/run/conditions.js";
import type { NameTable } from "../../scenario/run/nameTable.js";
import { changesStates } from "../measures/measure.js";

/** An expectation that a condition never holds, or never for so long. */
export type NeverExpectation = Extract<ExpectationOf<number>, { readonly never: unknown }>;

/** Finds the first time at which a condition has held for as long as it must not. */
export class NeverWatch {
  readonly #expectation: NeverExpectation;
  readonly #condition: WatchedCondition;
  /** Virtual time at which the condition began to hold; undefined while it does not. */
  #since: number | undefined;
  /** Virtual time at which the expectation was broken first; undefined while it is not. */
  brokenAt: number | undefined;

  constructor(expectation: NeverExpectation, names: NameTable, now: number) {
    const { never: condition, for: _, ...rest } = expectation;
    this.#expectation = expectation;
    this.#condition = watchCondition({ condition, ...rest }, names);
    this.#since = this.#condition.holds() ? now : undefined;
  }

  /** The broken property. */
  get message(): string {
    return `${this.#expectation.never} of ${this.#expectation.of}`;
  }

  /** Virtual time at which it is broken if nothing happens before; undefined where it is not. */
  get nextAt(): number | undefined {
    if (this.brokenAt !== undefined) return undefined;
    const begins = this.#since ?? this.#condition.beginsAt();
    return begins === undefined ? undefined : begins + this.#longest;
  }

  /** To be called after every journal entry, and without one when time has passed. */
  after(entry: JournalEntry | undefined, now: number): void {
    this.#check(now);
    const begins = this.#since === undefined ? this.#condition.beginsAt() : undefined;
    if (begins !== undefined && begins < now) this.#since = begins;
    if (entry === undefined || changesStates(entry) || this.#condition.beginsAt() !== undefined) {
      this.#check(now);
      if (!this.#condition.holds()) this.#since = undefined;
      else this.#since ??= now;
    }
    this.#check(now);
  }

  /** The same watch in a fork of the world. */
  copyFor(names: NameTable, now: number): NeverWatch {
    const copy = new NeverWatch(this.#expectation, names, now);
    copy.#since = this.#since;
    copy.brokenAt = this.brokenAt;
    return copy;
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
