import { produce } from "immer";
import { type IdIndex, overIndex, publishIds } from "../../src/collections/idIndex.js";
import { overTable, publishRows, replaceShared, type Table } from "../../src/collections/table.js";

/** What a step gave: its value, or the name of the error it threw. */
export type Outcome = { readonly value: unknown } | { readonly thrown: string };

/** The ways in which one state is written. */
export type Substrate = "version" | "draft" | "inPlace";

/**
 * The next version of a state, written by `write`: what is written stands over the state at first, as in a transaction,
 * and is published into a new head, which shares with the one before what was not touched.
 */
export function versionAfter<State extends Table<unknown> | IdIndex>(
  before: State,
  write: (next: State) => void,
): State {
  const after = "depth" in before ? tableAfter(before, write) : indexAfter(before, write);
  return after as State; // the same kind of state
}

function tableAfter<State>(before: Table<unknown>, write: (next: State) => void): Table<object> {
  const over = overTable(before as Table<object>, copied);
  write(over as State);
  const { depth, size, count, root } = before as Table<object>;
  const after: Table<object> = { depth, size, count, root };
  publishRows(after, over.touched, replaceShared, true);
  return after;
}

function indexAfter<State>(before: IdIndex, write: (next: State) => void): IdIndex {
  const over = overIndex(before);
  write(over as State);
  const after: IdIndex = { count: before.count, root: before.root };
  if (over.changes !== undefined) publishIds(after, over.changes, true);
  return after;
}

function copied<Row extends object>(row: Row): Row {
  return { ...row };
}

/** The same steps on every substrate of one state, with all versions on the way. */
export class Substrates<State extends Table<unknown> | IdIndex> {
  /** Written as next versions. */
  version: State;
  /** Written as immer drafts. */
  draft: State;
  readonly inPlace: State;
  readonly #kept: { readonly state: State; readonly text: string }[] = [];

  constructor(initial: State) {
    this.inPlace = structuredClone(initial);
    this.version = structuredClone(initial);
    this.draft = initial;
    this.#keep(initial);
  }

  /** Steps of one batch share one draft, and those of a table one version. A refused step must have changed nothing, so it may stay in. */
  run(batch: readonly ((state: State) => unknown)[]): Record<Substrate, Outcome[]> {
    const outcomes: Record<Substrate, Outcome[]> = { version: [], draft: [], inPlace: [] };
    const runOn = (substrate: Substrate, state: State): void => {
      for (const step of batch) outcomes[substrate].push(outcomeOf(step, state));
    };
    const runSteps = (steps: typeof batch): void => {
      this.version = versionAfter(this.version, (next) => {
        for (const step of steps) outcomes.version.push(outcomeOf(step, next));
      });
    };
    // A version of an index is what came of it: put and dropped at once leaves no trace in its shape.
    if ("depth" in this.version) runSteps(batch);
    else for (const step of batch) runSteps([step]);
    this.draft = produce(this.draft, (draft) => {
      runOn("draft", draft as State);
    });
    runOn("inPlace", this.inPlace);
    this.#keep(this.version);
    this.#keep(this.draft);
    return outcomes;
  }

  /** The versions that a later step changed: none, we hope. */
  spoiled(): State[] {
    return this.#kept.flatMap(({ state, text }) => (JSON.stringify(state) === text ? [] : [state]));
  }

  #keep(state: State): void {
    this.#kept.push({ state, text: JSON.stringify(state) });
  }
}

function outcomeOf<State>(step: (state: State) => unknown, state: State): Outcome {
  try {
    return { value: step(state) };
  } catch (error) {
    return { thrown: (error as Error).name };
  }
}

/** Whether a value is plain data: objects without a class, arrays without holes, JSON's primitives. */
export function isPlain(value: unknown): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object") return false;
  if (Array.isArray(value)) {
    return Object.keys(value).length === value.length && value.every(isPlain);
  }
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlain);
}

/** Arrays in a value, itself included. */
export function arraysIn(value: unknown): number {
  if (value === null || typeof value !== "object") return 0;
  const inside = Object.values(value).reduce((sum: number, part) => sum + arraysIn(part), 0);
  return inside + (Array.isArray(value) ? 1 : 0);
}

/**
 * What is wrong with a tree of pairs: keys out of order or out of the bounds above them, nodes that are
 * empty or too wide, leaves on different levels.
 */
export function issuesOf(root: unknown): string[] {
  const flaws: string[] = [];
  const levels = new Set<number>();
  const walk = (node: unknown, level: number, low: string, high: string | undefined): void => {
    const cells = node as readonly unknown[];
    const keys = cells.filter((_, at) => at % 2 === 0) as string[];
    const values = cells.filter((_, at) => at % 2 === 1);
    const isBranch = Array.isArray(values[0]);
    if (cells.length % 2 === 1 || cells.length > 64) flaws.push(`${String(cells.length)} cells`);
    if (cells.length === 0 && level > 0) flaws.push("an empty node");
    if (isBranch) keys[0] = low; // the one bound that says nothing
    for (const [at, key] of keys.entries()) {
      if (key < low || (high !== undefined && key >= high)) flaws.push(`${key} out of bounds`);
      if (at > 0 && (keys[at - 1] as string) >= key) flaws.push(`${key} out of order`);
      if (isBranch) walk(values[at], level + 1, key, keys[at + 1] ?? high);
    }
    if (!isBranch) levels.add(level);
  };
  walk(root, 0, "", undefined);
  if (levels.size !== 1) flaws.push("leaves on different levels");
  return flaws;
}
