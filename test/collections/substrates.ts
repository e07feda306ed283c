import { produce } from "immer";

/** What a step gave: its value, or the name of the error it threw. */
export type Outcome = { readonly value: unknown } | { readonly thrown: string };

/** The same steps on both substrates of one state, with the immutable versions on the way. */
export class Substrates<State extends object> {
  readonly versions: State[];
  readonly #texts: string[];
  readonly #inPlace: State;

  constructor(initial: State) {
    this.#inPlace = structuredClone(initial);
    this.versions = [initial];
    this.#texts = [JSON.stringify(initial)];
  }

  get immutable(): State {
    return this.versions.at(-1) as State; // there is always the initial one
  }

  get inPlace(): State {
    return this.#inPlace;
  }

  /** Steps of one batch share one draft. A refused step must have changed nothing, so it may stay in. */
  run(batch: readonly ((state: State) => unknown)[]): { immutable: Outcome[]; inPlace: Outcome[] } {
    const immutable: Outcome[] = [];
    const next = produce(this.immutable, (draft) => {
      for (const step of batch) immutable.push(outcomeOf(step, draft as State));
    });
    this.versions.push(next);
    this.#texts.push(JSON.stringify(next));
    return { immutable, inPlace: batch.map((step) => outcomeOf(step, this.#inPlace)) };
  }

  /** The versions that a later step changed: none, we hope. */
  spoiled(): number[] {
    return this.versions.flatMap((version, at) =>
      JSON.stringify(version) === this.#texts[at] ? [] : [at],
    );
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
export function flawsOf(root: unknown): string[] {
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
