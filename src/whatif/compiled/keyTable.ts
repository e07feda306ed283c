import { wordOfKey, wordsOfKey } from "../../kernel/drawHash.js";
import { birthOf, nextBirthKey } from "../../kernel/lineage.js";
import { clockKey } from "../../service/faults/faultClocks.js";

/** Kinds of repeated births for a row, counted by its account. */
export type NextPurpose = "replacement" | "member";

/** Lineage keys by number, each as words that a hash takes. Keys depend on no seed, so that all futures share them. */
export class KeyTable {
  readonly #numbers = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #activations: number[][] = [];
  readonly #hidden: number[] = [];
  readonly #next: Readonly<Record<NextPurpose, number[][]>> = { replacement: [], member: [] };
  readonly #clocks: number[][] = [];
  /** `wordsOfKey` for each key, in the order of their numbers. */
  words = new Int32Array(64 * wordsOfKey);

  /** The number of a key. */
  numberOf(key: string): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#keys.length;
    this.#numbers.set(key, number);
    this.#keys.push(key);
    const end = (number + 1) * wordsOfKey;
    if (end > this.words.length) {
      const longer = new Int32Array(2 * this.words.length);
      longer.set(this.words);
      this.words = longer;
    }
    for (let at = 0; at < wordsOfKey; at++) {
      this.words[number * wordsOfKey + at] = wordOfKey(key, at);
    }
    return number;
  }

  /** The key with a number. */
  keyOf(number: number): string {
    return this.#keys[number] ?? "";
  }

  /** The number of the key of a strike of a process that struck so many times before. */
  fault(process: number, before: number): number {
    const activations = (this.#activations[process] ??= []);
    return (activations[before] ??= this.numberOf(
      birthOf(this.keyOf(process), "strike", before).key,
    ));
  }

  /** The number of the key of the backup that the build of a replica hides. */
  hiddenBackup(replica: number): number {
    return (this.#hidden[replica] ??= this.numberOf(
      birthOf(this.keyOf(replica), "hidden backup").key,
    ));
  }

  /** The number of the key of what the service makes again for a parent, of so many before. */
  next(purpose: NextPurpose, parent: number, before: number): number {
    const born = (this.#next[purpose][parent] ??= []);
    return (born[before] ??= this.numberOf(nextBirthKey(this.keyOf(parent), purpose, before)));
  }

  /** The number of the key of the clock that a process has for an instance. */
  clock(owner: number, instance: number): number {
    const clocks = (this.#clocks[owner] ??= []);
    return (clocks[instance] ??= this.numberOf(clockKey(this.keyOf(owner), this.keyOf(instance))));
  }
}
