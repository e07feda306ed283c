import { durationOf } from "../../kernel/distribution.js";
import { exponentialMs, lognormalMs } from "../../kernel/quickDuration.js";
import { type Distribution, durationMsMax } from "../../model/distributions.js";

/** Distribution of a duration, jitter included. */
export type DurationLaw =
  | { readonly kind: "fixed"; readonly ms: number }
  | { readonly kind: "even"; readonly from: number; readonly values: number }
  | { readonly kind: "shaped"; readonly distribution: Distribution };

/** Numbers of a law: its kind and two parameters. */
const wordsOfLaw = 3;

const kinds = { fixed: 0, even: 1, exponential: 2, lognormal: 3, other: 4 } as const;

/** Laws of durations by number, each as three numbers in one array. */
export class LawTable {
  readonly #numbers = new Map<string, number>();
  readonly #others: Distribution[] = [];
  #words = new Float64Array(16 * wordsOfLaw);

  /** The number of a law. */
  numberOf(law: DurationLaw): number {
    const text = JSON.stringify(law);
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = wordsOfLaw * this.#numbers.size;
    this.#numbers.set(text, number);
    if (number === this.#words.length) {
      const longer = new Float64Array(2 * number);
      longer.set(this.#words);
      this.#words = longer;
    }
    this.#words.set(this.#wordsOf(law), number);
    return number;
  }

  /** Whether no draw matters. */
  isFixed(law: number): boolean {
    return this.#words[law] === kinds.fixed;
  }

  /** The duration that a draw of 32 bits stands for. */
  durationOf(law: number, draw: number): number {
    const words = this.#words;
    const first = words[law + 1] as number;
    const second = words[law + 2] as number;
    switch (words[law]) {
      case kinds.fixed:
        return first;
      case kinds.even:
        return Math.min(durationMsMax, first + Math.floor(((draw >>> 0) / 0x1_0000_0000) * second));
      case kinds.exponential:
        return exponentialMs(first, draw);
      case kinds.lognormal:
        return lognormalMs(first, second, draw);
      default:
        return durationOf(this.#others[first] as Distribution, draw >>> 0);
    }
  }

  #wordsOf(law: DurationLaw): readonly [number, number, number] {
    if (law.kind === "fixed") return [kinds.fixed, law.ms, 0];
    if (law.kind === "even") return [kinds.even, law.from, law.values];
    const { distribution } = law;
    if (typeof distribution === "object" && "kind" in distribution) {
      if (distribution.kind === "exponential") return [kinds.exponential, distribution.meanMs, 0];
      if (distribution.kind === "lognormal") {
        return [kinds.lognormal, distribution.medianMs, distribution.sigma];
      }
    }
    return [kinds.other, this.#others.push(distribution) - 1, 0];
  }
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

/** The time that work takes whose duration is multiplied. */
export function scaledMs(ms: number, factor: number): number {
  return Math.min(Math.round(ms * factor), durationMsMax);
}
