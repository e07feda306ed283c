import { type Distribution, durationMsMax } from "../../model/distributions.js";
import type { FutureDraws } from "./futureDraws.js";
import type { BirthPurpose, KeyTable, NextPurpose } from "./keyTable.js";
import { quickDuration } from "./quickDuration.js";

/** State of each row in a future: everything that its draws and clocks depend on. */
export interface RowRegisters {
  /** Number of its lineage key. */
  key: Int32Array;
  /** Tasks started, or strikes of a clock. */
  count: Int32Array;
  /** Time at which it is due; for a stopped clock, the remaining time. */
  time: Float64Array;
  /** Order among what is due at one moment. */
  seq: Float64Array;
}

/** Distribution of a duration, jitter included. */
export type DurationLaw =
  | { readonly kind: "fixed"; readonly ms: number }
  | { readonly kind: "even"; readonly from: number; readonly values: number }
  | { readonly kind: "shaped"; readonly distribution: Distribution };

/** Change of the registers of one row in a transition. */
export type RegisterChange =
  /** A row of a key that is always the same. */
  | { readonly kind: "key"; readonly row: number; readonly key: number }
  /** A row that a strike makes, or a backup that a build hides; its parent is a row as it was before. */
  | {
      readonly kind: "born";
      readonly row: number;
      readonly purpose: BirthPurpose;
      readonly parent: number;
      readonly isNumbered: boolean;
    }
  /** A row that the service makes again and again. */
  | {
      readonly kind: "next";
      readonly row: number;
      readonly purpose: NextPurpose;
      readonly parentKey: number;
      readonly counter: number;
    }
  /** A clock of a process for an instance; both are rows as they are afterwards. */
  | {
      readonly kind: "clock";
      readonly row: number;
      readonly owner: number;
      readonly instance: number;
    }
  | { readonly kind: "count"; readonly row: number; readonly by: number; readonly isNew: boolean }
  /** Work begins: its last task is drawn. */
  | {
      readonly kind: "work";
      readonly row: number;
      readonly law: DurationLaw;
      readonly factor: number;
      readonly copies: { readonly law: DurationLaw; readonly gb: number } | null;
    }
  /** A clock is drawn; it stands, or runs at once. */
  | {
      readonly kind: "failure";
      readonly row: number;
      readonly law: DurationLaw;
      readonly runs: boolean;
    }
  | { readonly kind: "repair"; readonly row: number; readonly law: DurationLaw }
  | { readonly kind: "after"; readonly row: number; readonly ms: number }
  | { readonly kind: "stop"; readonly row: number }
  | { readonly kind: "start"; readonly row: number };

/** Changes of registers in a transition. */
export interface RegisterChanges {
  /** For each row afterwards the row that it was before; -1 for what is new. */
  readonly from: Int32Array;
  /** Whether each row that stays keeps its place, so that nothing has to be moved. */
  readonly isInPlace: boolean;
  /** Births come first: they look at parents as they were. */
  readonly changes: readonly RegisterChange[];
  /** Rows that are due anew, in the order in which they are numbered. */
  readonly numbered: Int32Array;
}

/** The registers of one future at a time. */
export class Registers {
  readonly #keys: KeyTable;
  readonly #draws: FutureDraws;
  rows = emptyRows(16);
  #spare = emptyRows(16);
  /** Number of counted births of each kind. */
  counters: number[] = [];
  /** The number of the next thing that is due. */
  nextSeq = 0;

  constructor(keys: KeyTable, draws: FutureDraws) {
    this.#keys = keys;
    this.#draws = draws;
  }

  /** Makes room for so many rows. */
  reserve(rows: number): void {
    if (rows <= this.rows.key.length) return;
    const wider = emptyRows(2 * rows);
    wider.key.set(this.rows.key);
    wider.count.set(this.rows.count);
    wider.time.set(this.rows.time);
    wider.seq.set(this.rows.seq);
    this.rows = wider;
    this.#spare = emptyRows(2 * rows);
  }

  /** Makes a transition at a time. */
  apply({ from, isInPlace, changes, numbered }: RegisterChanges, now: number): void {
    const before = this.rows;
    if (!isInPlace) {
      const { key, count, time, seq } = this.#spare;
      for (let row = 0; row < from.length; row++) {
        const old = from[row] as number;
        if (old < 0) continue;
        key[row] = before.key[old] as number;
        count[row] = before.count[old] as number;
        time[row] = before.time[old] as number;
        seq[row] = before.seq[old] as number;
      }
      this.rows = this.#spare;
      this.#spare = before;
    }
    const after = this.rows;
    for (const change of changes) this.#change(change, before, after, now);
    for (const row of numbered) after.seq[row] = this.nextSeq++;
  }

  #change(change: RegisterChange, before: RowRegisters, after: RowRegisters, now: number): void {
    const { row } = change;
    const { key, count, time } = after;
    switch (change.kind) {
      case "key":
        key[row] = change.key;
        return;
      case "born": {
        const number = change.isNumbered ? (before.count[change.parent] as number) : 0;
        const parent = change.isNumbered ? before.key[change.parent] : key[change.parent];
        key[row] = this.#keys.born(change.purpose, parent as number, number);
        return;
      }
      case "next": {
        const number = this.counters[change.counter] ?? 0;
        this.counters[change.counter] = number + 1;
        key[row] = this.#keys.born(change.purpose, change.parentKey, number);
        return;
      }
      case "clock":
        key[row] = this.#keys.clock(key[change.owner] as number, key[change.instance] as number);
        return;
      case "count":
        count[row] = change.by + (change.isNew ? 0 : (count[row] as number));
        return;
      case "work": {
        const { law, factor, copies } = change;
        const of = key[row] as number;
        const drawn = this.#duration(law, "duration", of, (count[row] as number) - 1);
        const ms = factor === 1 ? drawn : Math.min(Math.round(drawn * factor), durationMsMax);
        const extra = copies === null ? 0 : this.#duration(copies.law, "copy", of, 0) * copies.gb;
        time[row] = now + Math.min(Math.round(extra * factor), durationMsMax) + ms;
        return;
      }
      case "failure": {
        const ms = this.#duration(
          change.law,
          "timeToFailure",
          key[row] as number,
          count[row] as number,
        );
        time[row] = (change.runs ? now : 0) + Math.max(1, ms);
        return;
      }
      case "repair":
        time[row] = now + this.#duration(change.law, "timeToRepair", key[row] as number, 0);
        return;
      case "after":
        time[row] = now + change.ms;
        return;
      case "stop":
        time[row] = (time[row] as number) - now;
        return;
      case "start":
        time[row] = (time[row] as number) + now;
        return;
    }
  }

  #duration(
    law: DurationLaw,
    purpose: "duration" | "copy" | "timeToFailure" | "timeToRepair",
    key: number,
    sequence: number,
  ): number {
    if (law.kind === "fixed") return law.ms;
    return durationOfLaw(law, this.#draws.draw(purpose, key, sequence) >>> 0);
  }
}

/** The duration that a draw of 32 bits stands for. */
export function durationOfLaw(law: DurationLaw, draw: number): number {
  if (law.kind === "fixed") return law.ms;
  if (law.kind === "shaped") return quickDuration(law.distribution, draw);
  return law.from + Math.floor((draw / 0x1_0000_0000) * law.values);
}

/** Returns the distribution of a task's duration, equal to `drawDuration`. */
export function workLaw(distribution: Distribution, jitter: number): DurationLaw {
  if (typeof distribution === "number") {
    const spread = Math.floor(distribution * jitter);
    if (jitter === 0) return { kind: "fixed", ms: distribution };
    return { kind: "even", from: distribution - spread, values: 2 * spread + 1 };
  }
  if ("kind" in distribution) return { kind: "shaped", distribution };
  const spread = Math.floor(((distribution.to - distribution.from) / 2) * jitter);
  const from = Math.max(0, distribution.from - spread);
  return { kind: "even", from, values: distribution.to + spread - from + 1 };
}

/** Returns the distribution of a clock or a repair, which jitter does not affect. */
export function clockLaw(distribution: Distribution): DurationLaw {
  return typeof distribution === "number"
    ? { kind: "fixed", ms: distribution }
    : { kind: "shaped", distribution };
}

function emptyRows(rows: number): RowRegisters {
  return {
    key: new Int32Array(rows),
    count: new Int32Array(rows),
    time: new Float64Array(rows),
    seq: new Float64Array(rows),
  };
}
