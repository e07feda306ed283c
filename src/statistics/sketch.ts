/** Maximum relative error of a quantile of a sketch. */
export const sketchError = 1 / 256;

/**
 * Counts of values in buckets that are cut from the bits of a double: its exponent and seven bits of its mantissa.
 * The buckets are fixed and need no logarithm, so merging is addition and every runtime agrees.
 */
export class Sketch {
  readonly #counts = new Map<number, number>();
  readonly #double = new DataView(new ArrayBuffer(8));

  /** Counts a value. */
  add(x: number): void {
    const bucket = this.#bucketOf(x);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
  }

  /** Adds all counts of another sketch. */
  merge(other: Sketch): void {
    for (const [bucket, count] of other.#counts)
      this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
  }

  /** Returns the value at a rank from 1 to the number of values, within 1/256 of itself. */
  atRank(rank: number): number {
    let left = rank;
    for (const [bucket, count] of this.toJSON()) {
      left -= count;
      if (left <= 0) return this.#middleOf(bucket);
    }
    throw new RangeError(`a sketch of fewer than ${String(rank)} values has no such rank`);
  }

  /** Returns the buckets with their counts, in the order of the values. */
  toJSON(): readonly (readonly [bucket: number, count: number])[] {
    return [...this.#counts].sort(([a], [b]) => a - b);
  }

  /** Reads what `toJSON` wrote. */
  static fromJSON(json: readonly (readonly [number, number])[]): Sketch {
    const sketch = new Sketch();
    for (const [bucket, count] of json) sketch.#counts.set(bucket, count);
    return sketch;
  }

  #bucketOf(x: number): number {
    if (x === 0) return 0;
    this.#double.setFloat64(0, Math.abs(x));
    const bucket = (this.#double.getUint32(0) >>> 13) + 1; // 11 bits of exponent, 7 of mantissa
    return x < 0 ? -bucket : bucket;
  }

  #middleOf(bucket: number): number {
    if (bucket === 0) return 0;
    const middle = (this.#edge(Math.abs(bucket) - 1) + this.#edge(Math.abs(bucket))) / 2;
    return bucket < 0 ? -middle : middle;
  }

  #edge(bucket: number): number {
    this.#double.setUint32(0, bucket << 13);
    this.#double.setUint32(4, 0);
    return this.#double.getFloat64(0);
  }
}
