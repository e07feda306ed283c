import type { NextPurpose } from "./keyTable.js";
import type { DurationLaw, LawTable } from "./lawTable.js";

/** Change of the registers of one row in a transition. */
export type RegisterChange =
  /** A row of a key that is always the same. */
  | { readonly kind: "key"; readonly row: number; readonly key: number }
  /** A fault that a random process makes; its parent is a row as it was before. */
  | { readonly kind: "fault"; readonly row: number; readonly parent: number }
  /** A backup that a build hides; its parent is a row as it is afterwards. */
  | { readonly kind: "hidden"; readonly row: number; readonly parent: number }
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
  | ClockChange;

/** Change of what a row waits for. */
type ClockChange =
  /** Work begins: its last task is drawn. */
  | ({ readonly kind: "work"; readonly row: number } & WorkLaw)
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

interface WorkLaw {
  readonly law: DurationLaw;
  readonly factor: number;
  readonly copies: { readonly law: DurationLaw; readonly gb: number } | null;
}

/** Changes of registers in a transition. All rows are numbers of registers. */
export interface RegisterChanges {
  /** For each row afterwards the register that it has, and the one that it had before; -1 for what is new. */
  readonly rows: readonly { readonly to: number; readonly from: number }[];
  /** Births first, in the order in which they are counted; of each row its count before its clock. */
  readonly changes: readonly RegisterChange[];
  /** Rows that are due anew, in the order in which they are numbered. */
  readonly numbered: readonly number[];
}

/** The steps of a program. Each is five numbers: itself, the row that it changes, and three that are said here. */
export const steps = {
  /** The row that moves there. */
  move: 0,
  /** The number of the key. */
  key: 1,
  /** The row of the process. */
  fault: 2,
  /** The row of the replica. */
  hidden: 3,
  /** The purpose by its place in `nextPurposes`, the number of the parent's key, the counter. */
  next: 4,
  /** The rows of the process and of the instance. */
  clock: 5,
  // Of all that follow: what of the count stays as a mask, and what is added to it.
  count: 6,
  /** The number of the law, as in the next four steps. */
  work: 7,
  runningFailure: 8,
  standingFailure: 9,
  repair: 10,
  /** The place of `ScaledWork`. */
  scaledWork: 11,
  /** The place of the time in `times`. */
  after: 12,
  stop: 13,
  start: 14,
  /** A row is due that was so before, after all others. */
  number: 15,
} as const;

/** Numbers of a step. */
export const wordsOfStep = 5;

/** Work whose time is multiplied, or that copies data first; laws by number. */
export interface ScaledWork {
  readonly law: number;
  readonly factor: number;
  readonly copies: { readonly law: number; readonly gb: number } | null;
}

/** Changes of registers as steps in one row of numbers. */
export interface RegisterProgram {
  /** Number of rows that are changed or read, spare ones included. */
  readonly rows: number;
  readonly code: Int32Array;
  readonly times: readonly number[];
  readonly works: readonly ScaledWork[];
}

/** Purposes of repeated births, by number. */
export const nextPurposes = ["replacement", "member"] as const;

/** Writes changes as a program. Rows whose register changes move first, so that one set of registers is enough. */
export function programOf(changes: RegisterChanges, laws: LawTable): RegisterProgram {
  const writer = new ProgramWriter(changes, laws);
  return writer.write();
}

class ProgramWriter {
  readonly #changes: RegisterChanges;
  readonly #laws: LawTable;
  readonly #code: number[] = [];
  readonly #times: number[] = [];
  readonly #works: ScaledWork[] = [];
  /** The next row that is no row of the world. */
  #spare: number;

  constructor(changes: RegisterChanges, laws: LawTable) {
    this.#changes = changes;
    this.#laws = laws;
    const used = changes.rows.flatMap(({ to, from }) => [to, from]);
    const parents = changes.changes.map((change) => (change.kind === "fault" ? change.parent : 0));
    this.#spare = Math.max(0, ...used, ...parents) + 1;
  }

  write(): RegisterProgram {
    const { rows, changes, numbered } = this.#changes;
    const parents = new Map<number, number>();
    for (const change of changes) {
      if (change.kind === "fault") parents.set(change.parent, this.#parent(change.parent));
    }
    this.#move();
    for (const change of changes) this.#birth(change, parents);
    // A clock that is set takes the next number, so that rows come in the order of their numbers.
    const isNumbered = new Set(numbered);
    const others = rows.map(({ to }) => to).filter((row) => !isNumbered.has(row));
    for (const row of [...numbered, ...others]) this.#row(row, isNumbered.has(row));
    return {
      rows: this.#spare,
      code: Int32Array.from(this.#code),
      times: this.#times,
      works: this.#works,
    };
  }

  #step(step: keyof typeof steps, row: number, first = 0, second = 0, third = 0): void {
    this.#code.push(steps[step], row, first, second, third);
  }

  /** The row of a parent after all have moved. One that is gone is kept beside the others. */
  #parent(old: number): number {
    const found = this.#changes.rows.find(({ from }) => from === old);
    if (found !== undefined) return found.to;
    const kept = this.#spare++;
    this.#step("move", kept, old);
    return kept;
  }

  /** Moves rows one after another, each when its place is free. */
  #move(): void {
    const moved = this.#changes.rows.filter(({ to, from }) => from >= 0 && from !== to);
    const open = new Map(moved.map(({ to, from }) => [to, from]));
    while (open.size > 0) {
      const sources = new Set(open.values());
      const free = [...open.keys()].find((row) => !sources.has(row));
      if (free !== undefined) {
        this.#step("move", free, open.get(free));
        open.delete(free);
        continue;
      }
      // All that are left stand in circles: one steps aside.
      const [[row, old] = [0, 0]] = open;
      const aside = this.#spare++;
      this.#step("move", aside, old);
      open.set(row, aside);
    }
  }

  #birth(change: RegisterChange, parents: ReadonlyMap<number, number>): void {
    const { row } = change;
    if (change.kind === "key") this.#step("key", row, change.key);
    else if (change.kind === "fault") this.#step("fault", row, parents.get(change.parent));
    else if (change.kind === "hidden") this.#step("hidden", row, change.parent);
    else if (change.kind === "clock") this.#step("clock", row, change.owner, change.instance);
    else if (change.kind === "next") {
      const { purpose, parentKey, counter } = change;
      this.#step("next", row, nextPurposes.indexOf(purpose), parentKey, counter);
    }
  }

  #row(row: number, isNumbered: boolean): void {
    const changes = this.#changes.changes.filter((change) => change.row === row);
    const count = changes.find(({ kind }) => kind === "count");
    const [keeps, by] = count?.kind === "count" ? [count.isNew ? 0 : -1, count.by] : [-1, 0];
    const clock = changes.map((change) => this.#clock(change)).find((step) => step !== undefined);
    if (clock !== undefined) this.#step(clock.step, row, keeps, by, clock.parameter);
    else if (isNumbered) this.#step("number", row, keeps, by);
    else if (count !== undefined) this.#step("count", row, keeps, by);
  }

  #clock(
    change: RegisterChange,
  ): { readonly step: keyof typeof steps; readonly parameter: number } | undefined {
    const laws = this.#laws;
    switch (change.kind) {
      case "work": {
        const law = laws.numberOf(change.law);
        const { factor, copies } = change;
        if (factor === 1 && copies === null) return { step: "work", parameter: law };
        const scaled = {
          law,
          factor,
          copies: copies === null ? null : { law: laws.numberOf(copies.law), gb: copies.gb },
        };
        return { step: "scaledWork", parameter: this.#works.push(scaled) - 1 };
      }
      case "failure": {
        const step = change.runs ? "runningFailure" : "standingFailure";
        return { step, parameter: laws.numberOf(change.law) };
      }
      case "repair":
        return { step: "repair", parameter: laws.numberOf(change.law) };
      case "after":
        return { step: "after", parameter: this.#times.push(change.ms) - 1 };
      case "stop":
      case "start":
        return { step: change.kind, parameter: 0 };
      default:
        return undefined;
    }
  }
}
