import { drawOf, laneOf, wordsOfKey } from "../../kernel/drawHash.js";
import { hashOfSeed, type Seed } from "../../kernel/keyedRandom.js";
import type { KeyTable } from "./keyTable.js";

/**
 * The draws of one future after another: what `KeyedRandom` draws under the same seed, without a string, an object or a
 * cache on the way.
 */
export class FutureDraws {
  readonly #keys: KeyTable;
  // The words of the seed.
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  constructor(keys: KeyTable) {
    this.#keys = keys;
  }

  /** Begins the draws of a seed. */
  begin(seed: Seed): void {
    hashOfSeed(seed).wordsTo(words);
    this.#a = words[0] as number;
    this.#b = words[1] as number;
    this.#c = words[2] as number;
    this.#d = words[3] as number;
  }

  /** A draw of 32 bits for one of `purposes`, as a signed number: what is not signed would have to be boxed. */
  draw(purpose: number, key: number, sequence: number): number {
    return drawOf(this.lane(key), this.otherLane(key), purpose, sequence);
  }

  // Every key that has a number has its words.

  /** The first lane of a key under the seed. */
  lane(key: number): number {
    const { words } = this.#keys;
    const at = key * wordsOfKey;
    return laneOf(words[at] as number, words[at + 1] as number, this.#a, this.#b);
  }

  /** The second lane of a key under the seed. */
  otherLane(key: number): number {
    const { words } = this.#keys;
    const at = key * wordsOfKey;
    return laneOf(words[at + 2] as number, words[at + 3] as number, this.#c, this.#d);
  }
}

/** Four words of the call under way. */
const words = new Int32Array(4);
