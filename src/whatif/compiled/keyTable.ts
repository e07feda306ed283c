import { birthOf, nextBirthKey } from "../../kernel/lineage.js";
import { clockKey } from "../../service/faults/faultClocks.js";

/** Words of a lineage key, as a hash takes it. */
export const wordsOfKey = 8;

/** Lineage keys by number, each as words that a hash takes. Keys hang on no seed, so that all futures share them. */
export class KeyTable {
  readonly #numbers = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #born = new Map<string, number[][]>();
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
    for (let at = 0; at < wordsOfKey; at++) this.words[number * wordsOfKey + at] = wordOf(key, at);
    return number;
  }

  /** The key with a number. */
  keyOf(number: number): string {
    return this.#keys[number] ?? "";
  }

  /** The number of the key of what is born of a row, of so many before. */
  born(purpose: BirthPurpose, parent: number, before: number): number {
    let ofPurpose = this.#born.get(purpose);
    if (ofPurpose === undefined) {
      ofPurpose = [];
      this.#born.set(purpose, ofPurpose);
    }
    const children = (ofPurpose[parent] ??= []);
    return (children[before] ??= this.numberOf(keyOfBirth(purpose, this.keyOf(parent), before)));
  }

  /** The number of the key of the clock that a process has for an instance. */
  clock(owner: number, instance: number): number {
    const clocks = (this.#clocks[owner] ??= []);
    return (clocks[instance] ??= this.numberOf(clockKey(this.keyOf(owner), this.keyOf(instance))));
  }
}

/** Kinds of births for a row. */
export type BirthPurpose = "strike" | "hidden backup" | NextPurpose;

/** Kinds of repeated births for a row, counted by its account. */
export type NextPurpose = "replacement" | "member";

function keyOfBirth(purpose: BirthPurpose, parentKey: string, before: number): string {
  const isNext = purpose === "replacement" || purpose === "member";
  return isNext
    ? nextBirthKey(parentKey, purpose, before)
    : birthOf(parentKey, purpose, before).key;
}

/** Four hexadecimal digits of a key as one word. */
function wordOf(key: string, word: number): number {
  const at = 4 * word;
  return (
    key.charCodeAt(at) |
    (key.charCodeAt(at + 1) << 8) |
    (key.charCodeAt(at + 2) << 16) |
    (key.charCodeAt(at + 3) << 24)
  );
}
