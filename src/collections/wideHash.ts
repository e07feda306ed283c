import { finish, hex } from "./murmur3.js";

/**
 * A running hash of 128 bits: four words that each step mixes with one another (the block step of cyrb128, the final
 * step of MurmurHash3). For names that must not meet: of a million, two share a hash with a chance of 10^-27.
 */
export class WideHash {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** The hash of nothing, or one that goes on from what another has taken in. */
  constructor(from?: WideHash) {
    this.#a = from === undefined ? 0x6a09e667 : from.#a;
    this.#b = from === undefined ? 0xbb67ae85 : from.#b;
    this.#c = from === undefined ? 0x3c6ef372 : from.#c;
    this.#d = from === undefined ? 0xa54ff53a : from.#d;
  }

  /** Takes in 32 bits. O(1). */
  word(word: number): this {
    this.#a = this.#b ^ Math.imul(this.#a ^ word, 0x239b961b);
    this.#b = this.#c ^ Math.imul(this.#b ^ word, 0xab0e9789);
    this.#c = this.#d ^ Math.imul(this.#c ^ word, 0x38b34ae5);
    this.#d = this.#a ^ Math.imul(this.#d ^ word, 0xa1e38b93);
    return this;
  }

  /** Takes in a number: 64 bits of a whole one, the lower ones first. */
  number(number: number): this {
    return this.word(number | 0).word(Math.floor(number / 0x1_0000_0000) | 0);
  }

  /** Takes in a text, two code units a word, and its length. O(length). */
  text(text: string): this {
    for (let at = 0; at < text.length; at += 2) {
      const next = at + 1 < text.length ? text.charCodeAt(at + 1) : 0;
      this.word(text.charCodeAt(at) | (next << 16));
    }
    return this.word(text.length);
  }

  /** Takes in a key: the 32 hexadecimal digits of another hash, four of them a word. O(1). */
  key(key: string): this {
    for (let at = 0; at < 32; at += 4) {
      this.word(
        key.charCodeAt(at) |
          (key.charCodeAt(at + 1) << 8) |
          (key.charCodeAt(at + 2) << 16) |
          (key.charCodeAt(at + 3) << 24),
      );
    }
    return this;
  }

  /** 32 bits that all that was taken in has a part in; not negative. What is taken in after it goes on from before. */
  draw(): number {
    const last = this.#settled();
    return finish(finish(last.#a) + finish(last.#b) + finish(last.#c) + finish(last.#d));
  }

  /**
   * What `word(first).key(key).word(last).draw()` gives on a copy, without one: millions of draws a second are taken so.
   */
  drawFor(first: number, key: string, last: number): number {
    let a = this.#a;
    let b = this.#b;
    let c = this.#c;
    let d = this.#d;
    // The number first, the key's eight words, the number last, and two steps in which every word meets every other.
    for (let step = -1; step < 11; step++) {
      let word = 0;
      if (step < 0) word = first;
      else if (step < 8) {
        const at = step << 2;
        word =
          key.charCodeAt(at) |
          (key.charCodeAt(at + 1) << 8) |
          (key.charCodeAt(at + 2) << 16) |
          (key.charCodeAt(at + 3) << 24);
      } else if (step === 8) word = last;
      a = b ^ Math.imul(a ^ word, 0x239b961b);
      b = c ^ Math.imul(b ^ word, 0xab0e9789);
      c = d ^ Math.imul(c ^ word, 0x38b34ae5);
      d = a ^ Math.imul(d ^ word, 0xa1e38b93);
    }
    return finish(finish(a) + finish(b) + finish(c) + finish(d));
  }

  /** All 128 bits, as 32 hexadecimal digits. */
  digits(): string {
    const last = this.#settled();
    const [a, b, c, d] = [finish(last.#a), finish(last.#b), finish(last.#c), finish(last.#d)];
    const sum = a + b + c + d;
    return hex(finish(sum)) + hex(finish(sum + b)) + hex(finish(sum + c)) + hex(finish(sum + d));
  }

  /** What came last has been through one step only: two more let every word meet every other. */
  #settled(): WideHash {
    return new WideHash(this).word(0).word(0);
  }
}
