import fc from "fast-check";

/**
 * Integers of a range, some of them more frequent. All shrink towards the minimum, which a choice among constants does
 * not.
 */
export function likelyNumber(
  likely: readonly number[],
  range: { readonly min: number; readonly max: number },
): fc.Arbitrary<number> {
  const inRange = likely.filter((number) => number >= range.min && number <= range.max);
  const any = fc.integer(range);
  return inRange.length === 0 ? any : new LikelyNumber(inRange, any);
}

/** Of seven generated numbers, this many are frequent ones. */
const likelyOfSeven = 5;

class LikelyNumber extends fc.Arbitrary<number> {
  readonly #likely: readonly number[];
  readonly #any: fc.Arbitrary<number>;

  constructor(likely: readonly number[], any: fc.Arbitrary<number>) {
    super();
    this.#likely = likely;
    this.#any = any;
  }

  override generate(random: fc.Random, biasFactor: number | undefined): fc.Value<number> {
    if (random.nextInt(1, 7) > likelyOfSeven) return this.#any.generate(random, biasFactor);
    const number = this.#likely[random.nextInt(0, this.#likely.length - 1)] as number; // in range
    return new fc.Value(number, undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is number {
    return this.#any.canShrinkWithoutContext(value);
  }

  override shrink(value: number, context: unknown): fc.Stream<fc.Value<number>> {
    return this.#any.shrink(value, context);
  }
}
