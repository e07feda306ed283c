import { describe, expect, test } from "vitest";
import { ExactSum } from "../../src/statistics/exactSum.js";
import { PowerSums } from "../../src/statistics/powerSums.js";
import { quantileOf, sortedValues } from "../../src/statistics/quantile.js";
import { Sketch, sketchError } from "../../src/statistics/sketch.js";
import { exponential, generator, times } from "./samples.js";

describe("an exact sum", () => {
  test("loses nothing between numbers of any size", () => {
    const sum = new ExactSum();
    for (const x of [1e300, 1, -1e300, 1e-300, 5e-324, -1e-300]) sum.add(x);
    expect(sum.value).toBe(1);
    sum.add(-1);
    expect(sum.value).toBe(5e-324);
  });

  test("has the rounding of one division at the end", () => {
    const sum = new ExactSum();
    for (let at = 0; at < 10; at++) sum.add(0.1);
    expect(sum.value).toBe(1);
  });

  test("carries before its limbs overflow", () => {
    const sum = new ExactSum();
    for (let at = 0; at < 1_100_000; at++) sum.add(Number.MAX_SAFE_INTEGER);
    expect(sum.toBigInt() >> 1074n).toBe(BigInt(Number.MAX_SAFE_INTEGER) * 1_100_000n);
  });

  test("takes no infinity", () => {
    expect(() => new ExactSum().add(Infinity)).toThrow(RangeError);
    expect(() => new ExactSum().add(Number.NaN)).toThrow(RangeError);
  });
});

describe("power sums", () => {
  test("keep the digits of values that are large and close together", () => {
    const moments = PowerSums.of([1e15, 1e15 + 1, 1e15 + 2, 1e15 + 7]).moments();
    expect(moments).toMatchObject({ count: 4, mean: 1e15 + 2.5, variance: 29 / 3 });
    expect(moments.skewness).toBeCloseTo(PowerSums.of([0, 1, 2, 7]).moments().skewness, 12);
  });

  test("agree with the textbook's two passes", () => {
    const next = generator(1);
    const values = times(500, () => exponential(3, next));
    const { mean, variance, skewness } = PowerSums.of(values).moments();
    const middle = values.reduce((sum, x) => sum + x, 0) / 500;
    const central = (power: number): number =>
      values.reduce((sum, x) => sum + (x - middle) ** power, 0);
    expect(mean).toBeCloseTo(middle, 12);
    expect(variance).toBeCloseTo(central(2) / 499, 11);
    expect(skewness).toBeCloseTo(central(3) / 500 / (central(2) / 500) ** 1.5, 11);
  });

  test("refuse a value that has no exact cube", () => {
    for (const x of [Number.NaN, Infinity, 1e91])
      expect(() => new PowerSums().add(x)).toThrow(RangeError);
  });
});

describe("a sketch", () => {
  test("finds quantiles within 1/256 of themselves", () => {
    const next = generator(2);
    const values = times(20_000, () => exponential(60_000, next));
    const sorted = sortedValues(values);
    const sketch = new Sketch();
    for (const value of values) sketch.add(value);
    for (const share of [0.01, 0.5, 0.95, 0.99, 1]) {
      const exact = quantileOf(sorted, share);
      const found = sketch.atRank(Math.ceil(share * values.length));
      expect(Math.abs(found - exact)).toBeLessThanOrEqual(sketchError * exact);
    }
  });

  test("keeps zeros and signs", () => {
    const sketch = new Sketch();
    for (const value of [-5, 0, 0, 7]) sketch.add(value);
    expect(times(4, (at) => Math.round(sketch.atRank(at + 1)))).toEqual([-5, 0, 0, 7]);
    expect(() => sketch.atRank(5)).toThrow(RangeError);
  });
});
