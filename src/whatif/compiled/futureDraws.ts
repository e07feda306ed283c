import { finish } from "../../collections/murmur3.js";
import { purposes, redrawPurposes, type Seed } from "../../kernel/keyedRandom.js";
import { type KeyTable, wordsOfKey } from "./keyTable.js";

/** Keys below this have a place of their own for each purpose: those of the rows at time 0 come first. */
const keptKeys = 64;
const keptPurposes = 16;

/** What a draw is for, by the number of the key of its row. */
export interface RedrawKey {
  readonly purpose: keyof typeof purposes;
  readonly key: number;
  readonly sequence: number;
}

/**
 * The draws of one future after another: what `KeyedRandom` draws under the same seed, bit for bit, without a string, an
 * object or a cache on the way. Each step is the one of `WideHash`.
 */
export class FutureDraws {
  readonly #keys: KeyTable;
  /** Four words for each purpose and key; the first four for keys that are not kept. */
  readonly #known = new Int32Array(4 * keptKeys * keptPurposes);
  /** The future that each of them was made for. */
  readonly #futures = new Int32Array(keptKeys * keptPurposes);
  #future = 0;
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
    this.#future = (this.#future + 1) | 0;
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

  /** A draw of 32 bits, as a signed number: what is not signed would have to be boxed. */
  draw(purpose: keyof typeof purposes, key: number, sequence: number): number {
    const at = this.#prefix(purposes[purpose], key);
    const known = this.#known;
    let a = known[at] as number;
    let b = known[at + 1] as number;
    let c = known[at + 2] as number;
    let d = known[at + 3] as number;
    a = b ^ Math.imul(a ^ sequence, 0x239b961b);
    b = c ^ Math.imul(b ^ sequence, 0xab0e9789);
    c = d ^ Math.imul(c ^ sequence, 0x38b34ae5);
    d = a ^ Math.imul(d ^ sequence, 0xa1e38b93);
    return settled(a, b, c, d);
  }

  /** A draw of 32 bits that replaces an earlier one at a time: what `KeyedRandom.redraw` gives. */
  redraw({ purpose, key, sequence }: RedrawKey, at: number): number {
    const { words } = this.#keys;
    const number = redrawPurposes + purposes[purpose];
    let a = this.#b ^ Math.imul(this.#a ^ number, 0x239b961b);
    let b = this.#c ^ Math.imul(this.#b ^ number, 0xab0e9789);
    let c = this.#d ^ Math.imul(this.#c ^ number, 0x38b34ae5);
    let d = a ^ Math.imul(this.#d ^ number, 0xa1e38b93);
    // The words of the key, the sequence, and the time as 64 bits.
    const before = key * wordsOfKey;
    for (let place = 0; place < wordsOfKey + 3; place++) {
      const next =
        place < wordsOfKey
          ? (words[before + place] as number) // every key that has a number has its words
          : place === wordsOfKey
            ? sequence
            : place === wordsOfKey + 1
              ? at | 0
              : Math.floor(at / 0x1_0000_0000) | 0;
      a = b ^ Math.imul(a ^ next, 0x239b961b);
      b = c ^ Math.imul(b ^ next, 0xab0e9789);
      c = d ^ Math.imul(c ^ next, 0x38b34ae5);
      d = a ^ Math.imul(d ^ next, 0xa1e38b93);
    }
    return settled(a, b, c, d) >>> 0;
  }

  /**
   * Which of some rows a process on a population strikes: the place of the one whose hash with this strike is the highest;
   * -1 of none.
   */
  victim(key: number, sequence: number, candidates: Int32Array, keyOfRow: Int32Array): number {
    const { words } = this.#keys;
    const at = this.#prefix(purposes.victim, key);
    const known = this.#known;
    let a = known[at] as number;
    let b = known[at + 1] as number;
    let c = known[at + 2] as number;
    let d = known[at + 3] as number;
    a = b ^ Math.imul(a ^ sequence, 0x239b961b);
    b = c ^ Math.imul(b ^ sequence, 0xab0e9789);
    c = d ^ Math.imul(c ^ sequence, 0x38b34ae5);
    d = a ^ Math.imul(d ^ sequence, 0xa1e38b93);
    let best = -1;
    let height = 0;
    for (let place = 0; place < candidates.length; place++) {
      const candidate = keyOfRow[candidates[place] as number] as number;
      // Signed numbers in the order of those without a sign.
      const rank = rankOf(words, candidate, a, b, c, d) ^ 0x80000000;
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

  /** Returns the hash after a purpose and a key. Computed once per future, as one row draws many times. */
  #prefix(purpose: number, key: number): number {
    const { words } = this.#keys;
    const place = key < keptKeys ? purpose * keptKeys + key : 0;
    const at = 4 * place;
    const known = this.#known;
    if (place !== 0 && this.#futures[place] === this.#future) return at;
    this.#futures[place] = this.#future;
    let a = this.#a;
    let b = this.#b;
    let c = this.#c;
    let d = this.#d;
    a = b ^ Math.imul(a ^ purpose, 0x239b961b);
    b = c ^ Math.imul(b ^ purpose, 0xab0e9789);
    c = d ^ Math.imul(c ^ purpose, 0x38b34ae5);
    d = a ^ Math.imul(d ^ purpose, 0xa1e38b93);
    const end = (key + 1) * wordsOfKey;
    for (let word = key * wordsOfKey; word < end; word++) {
      const next = words[word] as number; // every key that has a number has its words
      a = b ^ Math.imul(a ^ next, 0x239b961b);
      b = c ^ Math.imul(b ^ next, 0xab0e9789);
      c = d ^ Math.imul(c ^ next, 0x38b34ae5);
      d = a ^ Math.imul(d ^ next, 0xa1e38b93);
    }
    known[at] = a;
    known[at + 1] = b;
    known[at + 2] = c;
    known[at + 3] = d;
    return at;
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
  const end = (candidate + 1) * wordsOfKey;
  for (let at = candidate * wordsOfKey; at < end; at++) {
    const word = words[at] as number;
    a = b ^ Math.imul(a ^ word, 0x239b961b);
    b = c ^ Math.imul(b ^ word, 0xab0e9789);
    c = d ^ Math.imul(c ^ word, 0x38b34ae5);
    d = a ^ Math.imul(d ^ word, 0xa1e38b93);
  }
  return settled(a, b, c, d);
}

/** The draw of a hash: two steps without input mix every word with every other. */
function settled(first: number, second: number, third: number, fourth: number): number {
  let a = second ^ Math.imul(first, 0x239b961b);
  let b = third ^ Math.imul(second, 0xab0e9789);
  let c = fourth ^ Math.imul(third, 0x38b34ae5);
  let d = a ^ Math.imul(fourth, 0xa1e38b93);
  a = b ^ Math.imul(a, 0x239b961b);
  b = c ^ Math.imul(b, 0xab0e9789);
  c = d ^ Math.imul(c, 0x38b34ae5);
  d = a ^ Math.imul(d, 0xa1e38b93);
  return finish((finish(a) + finish(b) + finish(c) + finish(d)) | 0) | 0;
}
