import { describe, expect, test } from "vitest";
import { comparePairs } from "../../src/statistics/comparison.js";
import { elasticity } from "../../src/statistics/elasticity.js";
import { mean as meanFigure, skewT } from "../../src/statistics/mean.js";
import { PowerSums } from "../../src/statistics/powerSums.js";
import { proportion, wilson } from "../../src/statistics/proportion.js";
import { quantile, quantileByFutures } from "../../src/statistics/quantile.js";
import { tQuantile } from "../../src/statistics/specialFunctions.js";
import { checkMean, checkProportion, verdictOf } from "../../src/statistics/verdict.js";
import { exponential, generator, times } from "./samples.js";

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + (value - average(values)) ** 2, 0) / (values.length - 1);

describe("the ratio of two designs", () => {
  const next = generator(5);
  const first = times(60, () => exponential(10, next));
  const second = first.map((x) => 2 * x + exponential(3, next));
  const { ratio, difference, pairs, differing } = comparePairs(first, second);
  const residual = (r: number): readonly number[] =>
    second.map((y, at) => y - r * (first[at] ?? 0));

  test("ends where the mean of second minus ratio times first can just be distinguished from 0", () => {
    const low = ratio?.interval?.low ?? Number.NaN;
    const high = ratio?.interval?.high ?? Number.NaN;
    expect(low).toBeLessThan(average(second) / average(first));
    expect(high).toBeGreaterThan(average(second) / average(first));
    expect(skewT(PowerSums.of(residual(low)).moments(), 0.95).low).toBeCloseTo(0, 9);
    expect(skewT(PowerSums.of(residual(high)).moments(), 0.95).high).toBeCloseTo(0, 9);
  });

  test("gains what independent futures would have more of variance", () => {
    const value = average(second) / average(first);
    expect(ratio?.value).toBeCloseTo(value, 12);
    const apart = value ** 2 * variance(first) + variance(second);
    expect(ratio?.gain).toBeCloseTo(apart / variance(residual(value)), 9);
    const apartInDifference = variance(first) + variance(second);
    expect(difference.gain).toBeCloseTo(apartInDifference / variance(residual(1)), 9);
    expect([pairs, differing]).toEqual([60, 60]);
  });

  test("to a negative mean has the mirrored interval", () => {
    const mirrored = comparePairs(
      first.map((x) => -x),
      second,
    ).ratio;
    expect(mirrored?.value).toBeCloseTo(-(ratio?.value ?? 0), 12);
    expect(mirrored?.interval?.low).toBeCloseTo(-(ratio?.interval?.high ?? 0), 9);
    expect(mirrored?.interval?.high).toBeCloseTo(-(ratio?.interval?.low ?? 0), 9);
  });

  test.each([
    [19, 40, 40, false, false],
    [20, 40, 40, true, true],
    [40, 19, 40, false, true],
    [40, 20, 40, true, true],
    [40, 40, 19, false, true],
    [40, 40, 20, true, true],
  ])(
    "with %d pairs that differ, %d and %d futures that are not zero, has an interval: %s; the difference: %s",
    (pairsThatDiffer, notZeroOfFirst, notZeroOfSecond, hasRatio, hasDifference) => {
      const a = times(80, (at) => (at < notZeroOfFirst ? 10 + (at % 7) : 0));
      const b = times(80, (at) => {
        if (at >= notZeroOfSecond) return 0;
        return at < pairsThatDiffer ? 20 + (at % 5) : (a[at] ?? 0);
      });
      const compared = comparePairs(a, b);
      expect(compared.ratio?.interval !== null).toBe(hasRatio);
      expect(compared.difference.interval !== null).toBe(hasDifference);
    },
  );
});

describe("an elasticity", () => {
  const down = times(30, (at) => 5 + (at % 3));

  test("is 1 where a fifth more of the parameter is a fifth more of the figure", () => {
    const up = down.map((x) => x * 1.44);
    const { value, interval, gain } = elasticity(down, up, 1.44);
    expect(value).toBeCloseTo(1, 12);
    expect(interval?.low).toBeCloseTo(1, 9);
    expect(interval?.high).toBeCloseTo(1, 9);
    expect(gain).toBe("infinite");
  });

  test("has no interval where no future changes, and is 0", () => {
    expect(elasticity(down, down, 1.44)).toMatchObject({ value: 0, interval: null });
  });

  test("is none where a mean is 0 or below", () => {
    const none = down.map(() => 0);
    const missing = { value: null, interval: null, confidence: 0.95, gain: null };
    expect(elasticity(none, down, 1.44)).toEqual(missing);
    expect(elasticity(down, none, 1.44).value).toBeNull();
    const negative = elasticity(
      down,
      down.map((x, at) => -x - (at % 2)),
      1.44,
    );
    expect(negative).toMatchObject({ value: null, interval: { low: null, high: null } });
  });
});

describe("a quantile of lists", () => {
  const next = generator(11);
  /** Values of one future resemble each other: each has a level of its own. */
  const lists = times(40, () => {
    const level = exponential(100, next);
    return times(1 + Math.floor(next() * 9), () => level + exponential(5, next));
  });
  const values = lists.flat();
  const sorted = values.toSorted((a, b) => a - b);
  const lengths = lists.map(({ length }) => length);

  test.each([0.5, 0.8])("at %d has the interval that futures give, worked out anew", (share) => {
    const { value, interval } = quantileByFutures({ values, lengths }, sorted, share);
    expect(value).toBe(sorted[Math.ceil(share * sorted.length) - 1]);
    const rests = lists.map(
      (list) => list.filter((one) => one <= (value ?? 0)).length - share * list.length,
    );
    const squares = rests.reduce((sum, rest) => sum + rest ** 2, 0);
    const errorOfShare = Math.sqrt(squares / 39 / 40) / average(lengths);
    const half = (tQuantile(0.975, 39) * errorOfShare) / (share * (1 - share));
    const logit = Math.log(share / (1 - share));
    const shareAt = (x: number): number => 1 / (1 + Math.exp(-x));
    const low = Math.floor(sorted.length * shareAt(logit - half));
    const high = Math.ceil(sorted.length * shareAt(logit + half));
    expect(interval).toEqual({ low: sorted[low - 1], high: sorted[high - 1] });
    const byValues = quantile(sorted, share).interval;
    expect(interval.low ?? 0).toBeLessThan(byValues.low ?? 0);
    expect(interval.high ?? 0).toBeGreaterThan(byValues.high ?? 0);
  });

  test("of one value each is as wide as order statistics at least", () => {
    const singles = sorted.slice(0, 60);
    const one = { values: singles, lengths: singles.map(() => 1) };
    for (const share of [0.25, 0.5, 0.9]) {
      const { interval } = quantileByFutures(one, singles, share);
      const byValues = quantile(singles, share).interval;
      expect(interval.low ?? 0).toBeLessThanOrEqual(byValues.low ?? 0);
      expect(interval.high ?? 1e9).toBeGreaterThanOrEqual(byValues.high ?? 1e9);
    }
  });

  test("has no upper end where too few values lie beyond it, and none at all of no or one future", () => {
    expect(quantileByFutures({ values, lengths }, sorted, 0.999).interval.high).toBeNull();
    expect(quantileByFutures({ values, lengths }, sorted, 0.001).interval.low).toBeNull();
    const empty = { share: 0.5, value: null, interval: { low: null, high: null }, count: 0 };
    expect(quantileByFutures({ values: [], lengths: [] }, [], 0.5)).toMatchObject(empty);
    const single = quantileByFutures({ values: sorted, lengths: [sorted.length] }, sorted, 0.5);
    expect(single).toEqual(quantile(sorted, 0.5));
  });

  test("order statistics of ten values at the median are the second and the ninth", () => {
    // P(2 <= K <= 8) of a fair binomial of ten is 0.979; the third and the eighth give 0.891.
    const ten = times(10, (at) => at + 1);
    expect(quantile(ten, 0.5)).toMatchObject({ value: 5, interval: { low: 2, high: 9 } });
    expect(quantile(ten, 0.5, 0.89).interval).toEqual({ low: 3, high: 8 });
    expect(quantile(ten, 0.5, 0.9999).interval).toEqual({ low: null, high: null });
  });
});

describe("an interval beside a limit", () => {
  test.each([
    [{ low: 1, high: 5 }, { atMost: 5 }, "met"],
    [{ low: 5, high: 9 }, { atMost: 5 }, "undecided"],
    [{ low: 5.1, high: 9 }, { atMost: 5 }, "not met"],
    [{ low: null, high: 9 }, { atMost: 5 }, "undecided"],
    [{ low: 6, high: null }, { atMost: 5 }, "not met"],
    [{ low: 4, high: null }, { atMost: 5 }, "undecided"],
    [{ low: 5, high: 9 }, { atLeast: 5 }, "met"],
    [{ low: 1, high: 5 }, { atLeast: 5 }, "undecided"],
    [{ low: 1, high: 4.9 }, { atLeast: 5 }, "not met"],
    [{ low: null, high: 4 }, { atLeast: 5 }, "not met"],
    [{ low: null, high: 9 }, { atLeast: 5 }, "undecided"],
    [{ low: 4, high: null }, { atLeast: 5 }, "undecided"],
    [null, { atLeast: 5 }, "undecided"],
  ] as const)("%o beside %o is %s", (interval, limit, verdict) => {
    expect(verdictOf(interval, limit)).toBe(verdict);
  });
});

describe("how many futures would decide", () => {
  const mean = {
    ...meanFigure(times(100, (at) => at % 21)),
    value: 10,
    interval: { low: 8, high: 12.5 },
    count: 100,
    notZero: 90,
  };

  test.each([
    // The half-width falls with the root: 2.5 has to become 1, 2 has to become 0.5.
    [{ atMost: 11 }, 630],
    [{ atMost: 9.5 }, 1600],
    [{ atMost: 10 }, null],
  ])("of a mean of 10 (8 to 12.5) beside %o: %s", (limit, futures) => {
    expect(checkMean(mean, limit)).toMatchObject({
      verdict: "undecided",
      futuresToDecide: futures,
    });
  });

  test("of a mean that has no end on that side: four times as many", () => {
    const open = { ...mean, interval: { low: 8, high: null } };
    expect(checkMean(open, { atMost: 11 }).futuresToDecide).toBe(400);
  });

  test("of a mean with 7 futures of 100 that are not zero: until 20 are; with none it is not known", () => {
    const few = { ...mean, interval: null, notZero: 7 };
    expect(checkMean(few, { atMost: 11 }).futuresToDecide).toBe(290);
    expect(checkMean({ ...few, notZero: 0 }, { atMost: 11 }).futuresToDecide).toBeNull();
  });

  test("of a mean whose verdict is known: none", () => {
    expect(checkMean(mean, { atMost: 13 })).toMatchObject({
      verdict: "met",
      futuresToDecide: null,
    });
  });

  test("of a share: the least number at which the same share excludes the limit, to two digits", () => {
    for (const [count, limit] of [
      [6, 0.05],
      [8, 0.1],
      [55, 0.6],
    ] as const) {
      let futures = 100;
      for (; ; futures++) {
        const { low, high } = wilson((count / 100) * futures, futures);
        if ((low ?? 0) > limit || (high ?? 1) < limit) break;
      }
      const unit = 10 ** (Math.floor(Math.log10(futures)) - 1);
      const { verdict, futuresToDecide } = checkProportion(proportion(count, 100), {
        atMost: limit,
      });
      expect(verdict).toBe("undecided");
      expect(futuresToDecide).toBe(Math.ceil(futures / unit) * unit);
    }
  });

  test("of a share of none, as the rule of three says; of a share at the limit and of no futures it is not known", () => {
    const none = checkProportion(proportion(0, 100), { atMost: 0.01 });
    expect(none.futuresToDecide).toBe(370); // ln 0.025 / ln 0.99 = 367.04
    expect(checkProportion(proportion(5, 100), { atMost: 0.05 }).futuresToDecide).toBeNull();
    expect(checkProportion(proportion(0, 0), { atMost: 0.05 }).futuresToDecide).toBeNull();
  });
});

test("what nothing is known of has the widest interval", () => {
  expect(proportion(0, 0).interval).toEqual({ low: 0, high: 1 });
  expect(skewT(PowerSums.of([3]).moments(), 0.95)).toEqual({ low: null, high: null });
  expect(skewT(PowerSums.of([3, 3, 3]).moments(), 0.95)).toEqual({ low: 3, high: 3 });
});
