import { describe, expect, test, vi } from "vitest";
import { bandOverTime } from "../../src/statistics/band.js";
import { simultaneousConfidence } from "../../src/statistics/interval.js";
import { latinHypercube } from "../../src/statistics/latinHypercube.js";
import { mean } from "../../src/statistics/mean.js";
import { proportion } from "../../src/statistics/proportion.js";
import { quantile, sortedValues } from "../../src/statistics/quantile.js";
import {
  checkMean,
  checkProportion,
  checkQuantile,
  verdictOf,
} from "../../src/statistics/verdict.js";
import { exponential, generator, normal, times } from "./samples.js";

// A loaded machine takes several times as long.
vi.setConfig({ testTimeout: 60_000 });

describe("a Latin hypercube", () => {
  const points = latinHypercube({ points: 40, dimensions: 3, seed: 7 });

  test("has one point in each slice of each dimension", () => {
    for (const dimension of [0, 1, 2]) {
      const slices = points.map((point) => Math.floor((point[dimension] as number) * 40));
      expect(slices.sort((a, b) => a - b)).toEqual(times(40, (at) => at));
    }
  });

  test("is the same for the same seed, another for another, and grows without moving", () => {
    expect(latinHypercube({ points: 40, dimensions: 3, seed: 7 })).toEqual(points);
    expect(latinHypercube({ points: 40, dimensions: 3, seed: 8 })).not.toEqual(points);
    const wider = latinHypercube({ points: 40, dimensions: 4, seed: 7 });
    expect(wider.map((point) => point.slice(0, 3))).toEqual(points);
  });
});

describe("a band over time", () => {
  /** Random walks: neighbouring moments resemble each other. */
  const walks = (futures: number, next: () => number) =>
    times(futures, () => {
      let at = 0;
      return times(30, () => (at += normal(next)));
    });
  const holds = (
    bounds: readonly { readonly low: number | null; readonly high: number | null }[],
  ): boolean => bounds.every(({ low, high }) => (low ?? -Infinity) <= 0 && 0 <= (high ?? Infinity));

  test("holds at all moments together in 95 of 100 cases; its pointwise intervals do not", () => {
    const next = generator(31);
    const bands = times(200, () => bandOverTime(walks(40, next), { kind: "mean", draws: 200 }));
    const together = bands.filter(({ simultaneous }) => holds(simultaneous)).length / 200;
    const single = bands.filter(({ pointwise }) => holds(pointwise)).length / 200;
    expect(together).toBeGreaterThan(0.91);
    expect(together).toBeLessThan(0.99);
    expect(single).toBeLessThan(0.88);
  });

  test("of shares keeps to 0 and 1 at each moment", () => {
    const next = generator(32);
    const series = times(50, () => times(10, (at) => (next() < at / 10 ? 1 : 0)));
    const { means, pointwise } = bandOverTime(series, { kind: "share" });
    expect(means[0]).toBe(0);
    expect(pointwise[0]).toMatchObject({ low: 0 });
    expect(pointwise.every(({ high }) => (high ?? 2) <= 1)).toBe(true);
  });

  test("has no ends at moments where fewer than 20 futures are not zero, as a mean has none", () => {
    const next = generator(33);
    const beginning = times(40, (future) => [0, future < 19 ? 1 + next() : 0]);
    const series = beginning.map((values, future) => [...values, future < 20 ? 1 + next() : 0, 7]);
    const { means, pointwise, simultaneous } = bandOverTime(series, { kind: "mean" });
    expect(means[1]).toBeGreaterThan(0);
    const none = { low: null, high: null };
    for (const intervals of [pointwise, simultaneous]) {
      expect(intervals.slice(0, 2)).toEqual([none, none]);
      expect(intervals[2]?.low).toBeLessThan(means[2] ?? 0);
      expect(intervals[2]?.high).toBeGreaterThan(means[2] ?? 0);
      expect(intervals[3]).toEqual({ low: 7, high: 7 });
    }
    const few = [
      [1, 2],
      [3, 5],
    ];
    expect(bandOverTime(few, { kind: "mean" }).simultaneous).toEqual([none, none]);
    expect(bandOverTime(few, { kind: "mean" }).pointwise).toEqual([none, none]);
  });

  test("is as wide as a normal interval at least, with as few draws as there can be", () => {
    const next = generator(34);
    const series = times(25, () => times(3, () => normal(next)));
    for (const draws of [1, 2, 5, 1000]) {
      const { means, simultaneous } = bandOverTime(series, { kind: "mean", draws });
      for (const [at, middle] of means.entries()) {
        const squares = series.map((values) => ((values[at] ?? 0) - middle) ** 2);
        const error = Math.sqrt(squares.reduce((sum, one) => sum + one, 0) / 24 / 25);
        const half = (simultaneous[at]?.high ?? 0) - middle;
        expect(half / error).toBeGreaterThan(1.9599);
      }
    }
  });

  test("needs series of one length", () => {
    expect(() => bandOverTime([[1], [1, 2]], { kind: "mean" })).toThrow(
      "series[1] must be a list of 1 moments",
    );
  });
});

describe("a verdict", () => {
  test.each([
    [{ low: 1, high: 2 }, { atMost: 2 }, "met"],
    [{ low: 1, high: 2.1 }, { atMost: 2 }, "undecided"],
    [{ low: 2, high: 3 }, { atMost: 2 }, "undecided"],
    [{ low: 2.1, high: 3 }, { atMost: 2 }, "not met"],
    [{ low: 2.1, high: null }, { atMost: 2 }, "not met"],
    [{ low: 1, high: null }, { atMost: 2 }, "undecided"],
    [{ low: 2, high: 3 }, { atLeast: 2 }, "met"],
    [{ low: 1, high: 1.9 }, { atLeast: 2 }, "not met"],
    [{ low: null, high: 3 }, { atLeast: 2 }, "undecided"],
    [null, { atMost: 2 }, "undecided"],
  ] as const)("on %j with %j is %s", (interval, limit, expected) => {
    expect(verdictOf(interval, limit)).toBe(expected);
  });

  test("says how many futures would decide, and with that many it does", () => {
    const next = generator(33);
    const sample = (): number => (next() < 0.3 ? exponential(10, next) : 0);
    const few = checkMean(mean(times(200, sample)), { atMost: 3.3 });
    expect(few.verdict).toBe("undecided");
    expect(few.futuresToDecide).toBeGreaterThan(200);
    // With one that has not enough futures that are not zero, twenty of them.
    const rare = checkMean(mean([...times(5, () => 1), ...times(95, () => 0)]), { atMost: 1 });
    expect(rare).toMatchObject({ interval: null, futuresToDecide: 400 });
    expect(checkMean(mean(times(95, () => 0)), { atMost: 1 }).futuresToDecide).toBeNull();
  });

  test("on a share that none has names the futures that would allow the limit", () => {
    const { verdict, futuresToDecide } = checkProportion(proportion(0, 300), { atMost: 0.01 });
    expect(verdict).toBe("undecided");
    expect(futuresToDecide).toBe(370);
    expect(checkProportion(proportion(0, 370), { atMost: 0.01 }).verdict).toBe("met");
  });

  test("on a share decides at the number it names, and not at nine tenths of it", () => {
    const limit = { atMost: 0.05 };
    const { futuresToDecide } = checkProportion(proportion(12, 300), limit);
    const at = (n: number) => checkProportion(proportion(Math.round(0.04 * n), n), limit).verdict;
    expect(at(futuresToDecide as number)).toBe("met");
    expect(at(Math.round(0.85 * (futuresToDecide as number)))).toBe("undecided");
  });

  test("on a quantile", () => {
    const next = generator(34);
    const sorted = sortedValues(times(400, () => exponential(10, next)));
    const checked = (atMost: number) =>
      checkQuantile(
        quantile(sorted, 0.95),
        { atMost },
        proportion(sorted.filter((x) => x <= atMost).length, 400),
      );
    expect(checked(60).verdict).toBe("met");
    expect(checked(10).verdict).toBe("not met");
    const close = checked(30.5);
    expect(close.verdict).toBe("undecided");
    expect(close.futuresToDecide).toBeGreaterThan(400);
  });

  test("on several figures together takes a confidence for each", () => {
    expect(simultaneousConfidence(0.95, 5)).toBeCloseTo(0.99, 12);
  });
});
