import { finish } from "../../collections/murmur3.js";
import { purposes, type Seed } from "../../engine/keyedRandom.js";
import { type KeyTable, wordsOfKey } from "./keyTable.js";

/**
 * The draws of one future after another: what `KeyedRandom` draws under the same seed, bit for bit, without a string, an
 * object or a cache on the way. Each step is the one of `WideHash`.
 */
export class FutureDraws {
  readonly #keys: KeyTable;
  // The hash after the seed.
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  constructor(keys: KeyTable) {
    this.#keys = keys;
  }

  /** Begins the draws of a seed. */
  begin(seed: Seed): void {
    this.#a = 0x6a09e667;
    this.#b = 0xbb67ae85;
    this.#c = 0x3c6ef372;
    this.#d = 0xa54ff53a;
    if (typeof seed === "number") {
      this.#word(0);
      this.#word(seed | 0);
      this.#word(Math.floor(seed / 0x1_0000_0000) | 0);
      return;
    }
    this.#word(1);
    for (let at = 0; at < seed.length; at += 2) {
      const next = at + 1 < seed.length ? seed.charCodeAt(at + 1) : 0;
      this.#word(seed.charCodeAt(at) | (next << 16));
    }
    this.#word(seed.length);
  }

  /** A draw of 32 bits. */
  draw(purpose: keyof typeof purposes, key: number, sequence: number): number {
    const { words } = this.#keys;
    const number = purposes[purpose];
    let a = this.#a;
    let b = this.#b;
    let c = this.#c;
    let d = this.#d;
    a = b ^ Math.imul(a ^ number, 0x239b961b);
    b = c ^ Math.imul(b ^ number, 0xab0e9789);
    c = d ^ Math.imul(c ^ number, 0x38b34ae5);
    d = a ^ Math.imul(d ^ number, 0xa1e38b93);
    const end = (key + 1) * wordsOfKey;
    for (let at = key * wordsOfKey; at < end; at++) {
      const word = words[at] as number; // every key that has a number has its words
      a = b ^ Math.imul(a ^ word, 0x239b961b);
      b = c ^ Math.imul(b ^ word, 0xab0e9789);
      c = d ^ Math.imul(c ^ word, 0x38b34ae5);
      d = a ^ Math.imul(d ^ word, 0xa1e38b93);
    }
    for (let step = 0; step < 3; step++) {
      const word = step === 0 ? sequence : 0;
      a = b ^ Math.imul(a ^ word, 0x239b961b);
      b = c ^ Math.imul(b ^ word, 0xab0e9789);
      c = d ^ Math.imul(c ^ word, 0x38b34ae5);
      d = a ^ Math.imul(d ^ word, 0xa1e38b93);
    }
    return finish((finish(a) + finish(b) + finish(c) + finish(d)) | 0);
  }

  /**
   * Which of some rows a process on a population strikes: the place of the one whose hash with this strike is the highest;
   * -1 of none.
   */
  victim(
    { key, sequence }: { readonly key: number; readonly sequence: number },
    candidates: Int32Array,
    keyOfRow: Int32Array,
  ): number {
    const { words } = this.#keys;
    let a = this.#a;
    let b = this.#b;
    let c = this.#c;
    let d = this.#d;
    const number = purposes.victim;
    const first = key * wordsOfKey;
    for (let step = -1; step <= wordsOfKey; step++) {
      const word =
        step < 0 ? number : step === wordsOfKey ? sequence : (words[first + step] as number);
      a = b ^ Math.imul(a ^ word, 0x239b961b);
      b = c ^ Math.imul(b ^ word, 0xab0e9789);
      c = d ^ Math.imul(c ^ word, 0x38b34ae5);
      d = a ^ Math.imul(d ^ word, 0xa1e38b93);
    }
    let best = -1;
    let height = -1;
    for (let place = 0; place < candidates.length; place++) {
      const candidate = keyOfRow[candidates[place] as number] as number;
      const rank = rankOf(words, candidate, a, b, c, d);
      const isHigher =
        rank === height && best >= 0
          ? this.#keys.keyOf(candidate) >
            this.#keys.keyOf(keyOfRow[candidates[best] as number] as number)
          : rank > height;
      if (isHigher) {
        best = place;
        height = rank;
      }
    }
    return best;
  }

  #word(word: number): void {
    this.#a = this.#b ^ Math.imul(this.#a ^ word, 0x239b961b);
    this.#b = this.#c ^ Math.imul(this.#b ^ word, 0xab0e9789);
    this.#c = this.#d ^ Math.imul(this.#c ^ word, 0x38b34ae5);
    this.#d = this.#a ^ Math.imul(this.#d ^ word, 0xa1e38b93);
  }
}

/** The words of a hash as they were before a candidate, mixed with its key. */
function rankOf(
  words: Int32Array,
  candidate: number,
  first: number,
  second: number,
  third: number,
  fourth: number,
): number {
  let a = first;
  let b = second;
  let c = third;
  let d = fourth;
  const from = candidate * wordsOfKey;
  for (let step = 0; step < wordsOfKey + 2; step++) {
    const word = step < wordsOfKey ? (words[from + step] as number) : 0;
    a = b ^ Math.imul(a ^ word, 0x239b961b);
    b = c ^ Math.imul(b ^ word, 0xab0e9789);
    c = d ^ Math.imul(c ^ word, 0x38b34ae5);
    d = a ^ Math.imul(d ^ word, 0xa1e38b93);
  }
  return finish((finish(a) + finish(b) + finish(c) + finish(d)) | 0);
}
