import { cubeRoot } from "./cubeRoot.js";
import { ExactSum, nearestRatio } from "./exactSum.js";

/** The largest absolute value whose cube can still be split into exact parts. */
export const valueMax = 1e90;

/** The sums that a mean and its interval are computed from. */
export interface Moments {
  readonly count: number;
  /** Number of values that are not zero. */
  readonly notZero: number;
  readonly mean: number;
  /** Of the sample, divided by count - 1; 0 for fewer than two values. */
  readonly variance: number;
  /** Third standardized moment; 0 where all values are equal. */
  readonly skewness: number;
}

/**
 * Exact sums of values, of their squares and of their cubes. Moments that come of them have the same bytes in whatever
 * order the values were added and however the sums were merged; nothing cancels, since the sums are exact.
 */
export class PowerSums {
  #count = 0;
  #notZero = 0;
  readonly #first: ExactSum;
  readonly #second: ExactSum;
  readonly #third: ExactSum;

  constructor(
    sums: readonly [ExactSum, ExactSum, ExactSum] = [
      new ExactSum(),
      new ExactSum(),
      new ExactSum(),
    ],
  ) {
    [this.#first, this.#second, this.#third] = sums;
  }

  /** Returns the sums of some values. */
  static of(values: Iterable<number>): PowerSums {
    const sums = new PowerSums();
    for (const value of values) sums.add(value);
    return sums;
  }

  /**
   * Adds a value.
   *
   * @throws RangeError where it is not a number between -1e90 and 1e90
   */
  add(x: number): void {
    if (!(Math.abs(x) <= valueMax))
      throw new RangeError(`cannot add ${String(x)}: it must be between -1e90 and 1e90`);
    this.#count += 1;
    if (x === 0) return;
    this.#notZero += 1;
    this.#first.add(x);
    const square = x * x;
    const squareRest = productError(x, x, square);
    addProduct(this.#third, square, x);
    this.#second.add(square);
    if (squareRest === 0) return;
    this.#second.add(squareRest);
    addProduct(this.#third, squareRest, x);
  }

  /** Adds all that other sums have. */
  merge(other: PowerSums): void {
    this.#count += other.#count;
    this.#notZero += other.#notZero;
    this.#first.merge(other.#first);
    this.#second.merge(other.#second);
    this.#third.merge(other.#third);
  }

  /** Returns mean, variance and skewness, each rounded once. */
  moments(): Moments {
    const count = this.#count;
    const n = BigInt(Math.max(1, count));
    const unit = 1n << 1074n;
    const first = this.#first.toBigInt();
    const second = this.#second.toBigInt();
    const third = this.#third.toBigInt();
    // n² times the sums of squares and n³ times the sum of cubes of the distances from the mean, over unit² and unit³.
    const squares = second * n * unit - first * first;
    const cubes =
      third * n * n * unit * unit - 3n * first * second * n * unit + 2n * first * first * first;
    const m2 = nearestRatio(squares, n * n * unit * unit);
    const m3 = nearestRatio(cubes, n * n * n * unit * unit * unit);
    return {
      count,
      notZero: this.#notZero,
      mean: nearestRatio(first, n * unit),
      variance: count < 2 ? 0 : nearestRatio(squares, n * (n - 1n) * unit * unit),
      skewness: m2 > 0 ? standardized(m3, m2) : 0,
    };
  }

  /** Returns the sums as plain data. */
  toJSON(): PowerSumsJson {
    return {
      count: this.#count,
      notZero: this.#notZero,
      sums: [this.#first.toJSON(), this.#second.toJSON(), this.#third.toJSON()],
    };
  }

  /** Reads what `toJSON` wrote. */
  static fromJSON({ count, notZero, sums: [first, second, third] }: PowerSumsJson): PowerSums {
    const sums = new PowerSums([
      ExactSum.fromJSON(first),
      ExactSum.fromJSON(second),
      ExactSum.fromJSON(third),
    ]);
    sums.#count = count;
    sums.#notZero = notZero;
    return sums;
  }
}

/** Power sums as plain data. */
export interface PowerSumsJson {
  readonly count: number;
  readonly notZero: number;
  readonly sums: readonly [readonly number[], readonly number[], readonly number[]];
}

/** m3 / m2^1.5 without a power: the cube of m3^(1/3) / m2^(1/2), which cannot overflow. */
function standardized(m3: number, m2: number): number {
  const ratio = cubeRoot(m3) / Math.sqrt(m2);
  return ratio * ratio * ratio;
}

function addProduct(sum: ExactSum, a: number, b: number): void {
  const product = a * b;
  sum.add(product);
  const rest = productError(a, b, product);
  if (rest !== 0) sum.add(rest);
}

/** a * b - fl(a * b), exactly (T. J. Dekker, 1971). */
function productError(a: number, b: number, product: number): number {
  // Whole numbers whose product is a safe integer leave nothing; durations in ms are of this kind.
  if (Number.isSafeInteger(product) && Number.isInteger(a) && Number.isInteger(b)) return 0;
  const aHigh = upperHalf(a);
  const bHigh = upperHalf(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

function upperHalf(x: number): number {
  const scaled = x * 134217729; // 2^27 + 1
  return scaled - (scaled - x);
}
