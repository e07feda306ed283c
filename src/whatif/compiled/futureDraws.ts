import { drawOf, laneOf, rankPurpose, redrawOf, wordsOfKey } from "../../kernel/drawHash.js";
import { hashOfSeed, purposes, type Seed } from "../../kernel/keyedRandom.js";
import type { KeyTable } from "./keyTable.js";

/** What a draw is for, by the number of the key of its row. */
export interface RedrawKey {
  readonly purpose: keyof typeof purposes;
  readonly key: number;
  readonly sequence: number;
}

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
    return drawOf(this.#lane(key), this.#otherLane(key), purpose, sequence);
  }

  /** A draw of 32 bits that replaces an earlier one at a time: what `KeyedRandom.redraw` gives. */
  redraw({ purpose, key, sequence }: RedrawKey, at: number): number {
    const of = { number: purposes[purpose], sequence, at };
    return redrawOf(this.#lane(key), this.#otherLane(key), of) >>> 0;
  }

  /**
   * Which of some rows a process on a population strikes: the place of the one whose rank in this strike is the highest;
   * -1 of none.
   */
  victim(key: number, sequence: number, candidates: Int32Array, keyOfRow: Int32Array): number {
    const drawn = this.draw(purposes.victim, key, sequence);
    let best = -1;
    let height = 0;
    for (let place = 0; place < candidates.length; place++) {
      const candidate = keyOfRow[candidates[place] as number] as number;
      const hash = drawOf(this.#lane(candidate), this.#otherLane(candidate), rankPurpose, drawn);
      // Signed numbers in the order of those without a sign.
      const rank = hash ^ 0x80000000;
      const isHigher =
        best < 0 ||
        rank > height ||
        (rank === height &&
          this.#keys.keyOf(candidate) >
            this.#keys.keyOf(keyOfRow[candidates[best] as number] as number));
      if (isHigher) {
        best = place;
        height = rank;
      }
    }
    return best;
  }

  // Every key that has a number has its words.

  #lane(key: number): number {
    const { words } = this.#keys;
    const at = key * wordsOfKey;
    return laneOf(words[at] as number, words[at + 1] as number, this.#a, this.#b);
  }

  #otherLane(key: number): number {
    const { words } = this.#keys;
    const at = key * wordsOfKey;
    return laneOf(words[at + 2] as number, words[at + 3] as number, this.#c, this.#d);
  }
}

/** Four words of the call under way. */
const words = new Int32Array(4);
