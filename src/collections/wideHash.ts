import { finish } from "./murmur3.js";

/**
 * A running hash of 128 bits: four words that each step mixes with one another (the block step of cyrb128, the final
 * step of MurmurHash3). For keys that must not collide: among a million, the collision probability is 10^-27.
 */
export class WideHash {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** Creates an empty hash, or a copy that continues another one. */
  constructor(from?: WideHash) {
    this.#a = from === undefined ? 0x6a09e667 : from.#a;
    this.#b = from === undefined ? 0xbb67ae85 : from.#b;
    this.#c = from === undefined ? 0x3c6ef372 : from.#c;
    this.#d = from === undefined ? 0xa54ff53a : from.#d;
  }

  /** Begins again, so that one object serves for many hashes. */
  clear(): this {
    this.#a = 0x6a09e667;
    this.#b = 0xbb67ae85;
    this.#c = 0x3c6ef372;
    this.#d = 0xa54ff53a;
    return this;
  }

  /** Adds 32 bits. O(1). */
  word(word: number): this {
    this.#a = this.#b ^ Math.imul(this.#a ^ word, 0x239b961b);
    this.#b = this.#c ^ Math.imul(this.#b ^ word, 0xab0e9789);
    this.#c = this.#d ^ Math.imul(this.#c ^ word, 0x38b34ae5);
    this.#d = this.#a ^ Math.imul(this.#d ^ word, 0xa1e38b93);
    return this;
  }

  /** Adds an integer as 64 bits, the lower 32 first. */
  number(number: number): this {
    return this.word(number | 0).word(Math.floor(number / 0x1_0000_0000) | 0);
  }

  /** Adds a string, two code units a word, and its length. O(length). */
  text(text: string): this {
    const { length } = text;
    let a = this.#a;
    let b = this.#b;
    let c = this.#c;
    let d = this.#d;
    for (let at = 0; at < length; at += 2) {
      const next = at + 1 < length ? text.charCodeAt(at + 1) : 0;
      const word = text.charCodeAt(at) | (next << 16);
      a = b ^ Math.imul(a ^ word, 0x239b961b);
      b = c ^ Math.imul(b ^ word, 0xab0e9789);
      c = d ^ Math.imul(c ^ word, 0x38b34ae5);
      d = a ^ Math.imul(d ^ word, 0xa1e38b93);
    }
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
    return this.word(length);
  }

  /** Adds a key: the 32 hexadecimal digits of another hash, four digits a word. O(1). */
  key(key: string): this {
    // Not field by field as in `word`: eight words would be 32 writes into memory.
    let a = this.#a;
    let b = this.#b;
    let c = this.#c;
    let d = this.#d;
    for (let at = 0; at < 32; at += 4) {
      const word =
        key.charCodeAt(at) |
        (key.charCodeAt(at + 1) << 8) |
        (key.charCodeAt(at + 2) << 16) |
        (key.charCodeAt(at + 3) << 24);
      a = b ^ Math.imul(a ^ word, 0x239b961b);
      b = c ^ Math.imul(b ^ word, 0xab0e9789);
      c = d ^ Math.imul(c ^ word, 0x38b34ae5);
      d = a ^ Math.imul(d ^ word, 0xa1e38b93);
    }
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
    return this;
  }

  /** Returns 32 bits, not negative, that depend on all input. The running hash does not change. */
  draw(): number {
    this.#settle();
    return finish(
      finish(settled[0] as number) +
        finish(settled[1] as number) +
        finish(settled[2] as number) +
        finish(settled[3] as number),
    );
  }

  /** Returns all 128 bits as 32 hexadecimal digits. */
  digits(): string {
    this.#mix();
    const a = settled[0] as number;
    const b = settled[1] as number;
    const c = settled[2] as number;
    const d = settled[3] as number;
    // One call creates one flat string; a concatenated string would have to be flattened on its first read.
    return String.fromCharCode(
      digit(a, 28),
      digit(a, 24),
      digit(a, 20),
      digit(a, 16),
      digit(a, 12),
      digit(a, 8),
      digit(a, 4),
      digit(a, 0),
      digit(b, 28),
      digit(b, 24),
      digit(b, 20),
      digit(b, 16),
      digit(b, 12),
      digit(b, 8),
      digit(b, 4),
      digit(b, 0),
      digit(c, 28),
      digit(c, 24),
      digit(c, 20),
      digit(c, 16),
      digit(c, 12),
      digit(c, 8),
      digit(c, 4),
      digit(c, 0),
      digit(d, 28),
      digit(d, 24),
      digit(d, 20),
      digit(d, 16),
      digit(d, 12),
      digit(d, 8),
      digit(d, 4),
      digit(d, 0),
    );
  }

  /** Returns the bits as a random UUID: version and variant replace six of them. */
  uuid(): string {
    this.#mix();
    const a = settled[0] as number;
    const b = settled[1] as number;
    const c = settled[2] as number;
    const d = settled[3] as number;
    const variant = (c & 0x3fffffff) | 0x80000000;
    return String.fromCharCode(
      digit(a, 28),
      digit(a, 24),
      digit(a, 20),
      digit(a, 16),
      digit(a, 12),
      digit(a, 8),
      digit(a, 4),
      digit(a, 0),
      dash,
      digit(b, 28),
      digit(b, 24),
      digit(b, 20),
      digit(b, 16),
      dash,
      digit(4, 0),
      digit(b, 8),
      digit(b, 4),
      digit(b, 0),
      dash,
      digit(variant, 28),
      digit(variant, 24),
      digit(c, 20),
      digit(c, 16),
      dash,
      digit(c, 12),
      digit(c, 8),
      digit(c, 4),
      digit(c, 0),
      digit(d, 28),
      digit(d, 24),
      digit(d, 20),
      digit(d, 16),
      digit(d, 12),
      digit(d, 8),
      digit(d, 4),
      digit(d, 0),
    );
  }

  /** Returns all 128 bits as four words. */
  words(): readonly [number, number, number, number] {
    this.#mix();
    return [
      (settled[0] as number) >>> 0,
      (settled[1] as number) >>> 0,
      (settled[2] as number) >>> 0,
      (settled[3] as number) >>> 0,
    ];
  }

  /** Writes what `words` returns into an array, without one of its own. */
  wordsTo(target: Int32Array): void {
    this.#mix();
    target.set(settled);
  }

  /** Leaves 128 bits in `settled` that depend on all input. */
  #mix(): void {
    this.#settle();
    const a = finish(settled[0] as number);
    const b = finish(settled[1] as number);
    const c = finish(settled[2] as number);
    const d = finish(settled[3] as number);
    const sum = a + b + c + d;
    settled[0] = finish(sum);
    settled[1] = finish(sum + b);
    settled[2] = finish(sum + c);
    settled[3] = finish(sum + d);
  }

  /** Adds the four words to a sum of hashes, or takes them away. */
  addTo(sum: [number, number, number, number], sign: 1 | -1): void {
    let a = this.#a;
    let b = this.#b;
    let c = this.#c;
    let d = this.#d;
    // As `#settled`, without an object.
    for (let step = 0; step < 2; step++) {
      a = b ^ Math.imul(a, 0x239b961b);
      b = c ^ Math.imul(b, 0xab0e9789);
      c = d ^ Math.imul(c, 0x38b34ae5);
      d = a ^ Math.imul(d, 0xa1e38b93);
    }
    // Signed: numbers above 2^31 are boxed. The sums are equal modulo 2^32, which is all that counts.
    const f = finish(b) | 0;
    const g = finish(c) | 0;
    const h = finish(d) | 0;
    const all = ((finish(a) | 0) + f + g + h) | 0;
    sum[0] = (sum[0] + sign * (finish(all) | 0)) | 0;
    sum[1] = (sum[1] + sign * (finish((all + f) | 0) | 0)) | 0;
    sum[2] = (sum[2] + sign * (finish((all + g) | 0) | 0)) | 0;
    sum[3] = (sum[3] + sign * (finish((all + h) | 0) | 0)) | 0;
  }

  /** The last input has been through one step only: two more, in `settled`, mix every word with every other. */
  #settle(): void {
    let a = this.#a;
    let b = this.#b;
    let c = this.#c;
    let d = this.#d;
    for (let step = 0; step < 2; step++) {
      a = b ^ Math.imul(a, 0x239b961b);
      b = c ^ Math.imul(b, 0xab0e9789);
      c = d ^ Math.imul(c, 0x38b34ae5);
      d = a ^ Math.imul(d, 0xa1e38b93);
    }
    settled[0] = a;
    settled[1] = b;
    settled[2] = c;
    settled[3] = d;
  }
}

/** Four words of the call under way: an array of each call's own would be most of its cost. */
const settled = new Int32Array(4);

const dash = "-".charCodeAt(0);

/** Returns the character code of the hexadecimal digit of the four bits from `shift` on. */
function digit(word: number, shift: number): number {
  const four = (word >>> shift) & 15;
  return four < 10 ? 48 + four : 87 + four;
}
