import { describe, expect, test } from "vitest";
import { durationBeyond, durationOf } from "../../src/kernel/distribution.js";
import { redrawDuration } from "../../src/kernel/latency.js";
import { type Distribution, durationMsMax } from "../../src/model/distributions.js";

/*
 * How long a task takes that has run for some time and is not over: each distribution, given that the duration is longer
 * than the age. A fork with a seed of its own draws pending tasks and failures in this way.
 */

const draws = 2 ** 32;
const shares = [0, 0.001, 0.25, 0.5, 0.632, 0.9, 0.999] as const;

describe("a duration over its age", () => {
  test("stays as it is where it is fixed", () => {
    for (const ageMs of [0, 249, 900]) {
      expect(durationBeyond(250, { ageMs, draw: draws - 1 })).toBe(250);
    }
  });

  test("is each ms from the one after the age to the upper bound, equally likely", () => {
    const even = { from: 10, to: 13 };
    const drawn = (ageMs: number): readonly number[] =>
      [0, draws / 4, draws / 2 - 1, draws / 2, draws - 1].map((draw) =>
        durationBeyond(even, { ageMs, draw }),
      );
    expect(drawn(5)).toEqual([10, 11, 11, 12, 13]);
    expect(drawn(9)).toEqual([10, 11, 11, 12, 13]);
    expect(drawn(11)).toEqual([12, 12, 12, 13, 13]);
    expect(drawn(12)).toEqual([13, 13, 13, 13, 13]);
  });

  test("is one of the measured values over the age, equally likely", () => {
    const measured: Distribution = { kind: "empirical", ms: [5, 7, 90] };
    const drawn = (ageMs: number): readonly number[] =>
      [0, draws / 2 - 1, draws / 2, draws - 1].map((draw) =>
        durationBeyond(measured, { ageMs, draw }),
      );
    expect(drawn(4)).toEqual([5, 7, 7, 90]);
    expect(drawn(5)).toEqual([7, 7, 90, 90]);
    expect(drawn(89)).toEqual([90, 90, 90, 90]);
  });

  test("ends in the next ms where the distribution has no value over the age", () => {
    for (const draw of [0, draws - 1]) {
      expect(durationBeyond({ from: 10, to: 13 }, { ageMs: 13, draw })).toBe(14);
      expect(durationBeyond({ kind: "empirical", ms: [5, 90] }, { ageMs: 90, draw })).toBe(91);
    }
  });

  test.each(shares)("is the quantile of what is left over the age, at a share of %d", (share) => {
    const draw = share * draws;
    const waiting = -Math.log(1 - (draw + 0.5) / draws);
    for (const ageMs of [0, 1000, 999_999]) {
      // An integer duration over the age was at least half a ms over it before it was rounded.
      const beyond = ageMs + 0.5;
      const mean = 1_000_000;
      const ms = durationBeyond({ kind: "exponential", meanMs: mean }, { ageMs, draw });
      expect(ms).toBe(Math.max(ageMs + 1, Math.round(beyond + mean * waiting)));
      for (const shape of [0.5, 1, 3]) {
        const hazard = (beyond / mean) ** shape + waiting;
        const aging: Distribution = { kind: "weibull", scaleMs: mean, shape };
        expect(durationBeyond(aging, { ageMs, draw })).toBe(
          Math.max(ageMs + 1, Math.round(mean * hazard ** (1 / shape))),
        );
      }
    }
  });

  test("differs between the first two of 4,294,967,296 draws where the mean is long", () => {
    const months: Distribution = { kind: "exponential", meanMs: 2 ** 40 };
    const drawn = [0, 1].map((draw) => durationBeyond(months, { ageMs: 0, draw }));
    // Half of a draw's share of the mean is 128 ms.
    expect(drawn).toEqual([129, 385]);
  });

  test("follows the tail of the lognormal distribution", () => {
    const lognormal: Distribution = { kind: "lognormal", medianMs: 1_000_000, sigma: 0.5 };
    // One standard deviation over the median, where 15.866 % are left.
    const ageMs = Math.round(1_000_000 * Math.exp(0.5));
    const left = 0.158655253931457;
    for (const share of [0.1, 0.5, 0.9]) {
      const ms = durationBeyond(lognormal, { ageMs, draw: share * draws });
      const expected = durationOf(lognormal, (1 - left * (1 - share)) * draws);
      expect(ms / expected).toBeCloseTo(1, 5);
    }
  });

  test("ends in the next ms where the lognormal distribution has nothing left", () => {
    const narrow: Distribution = { kind: "lognormal", medianMs: 1000, sigma: 0.01 };
    for (const draw of [0, draws / 2, draws - 1]) {
      expect(durationBeyond(narrow, { ageMs: 3_600_000, draw })).toBe(3_600_001);
    }
  });

  test("is 317 years at most", () => {
    const endless: Distribution = { kind: "weibull", scaleMs: durationMsMax, shape: 0.1 };
    expect(durationBeyond(endless, { ageMs: 1, draw: draws - 1 })).toBe(durationMsMax);
  });
});

describe("the jitter of a pending task", () => {
  /** The least and the most that is drawn. */
  function range(duration: Distribution, jitter: number, ageMs = 0): readonly [number, number] {
    const least = redrawDuration(duration, { ageMs, draw: 0, jitter });
    return [least, redrawDuration(duration, { ageMs, draw: draws - 1, jitter })];
  }

  test("spreads a fixed duration to both sides, and the age cuts the lower side off", () => {
    expect(range(20, 0.25)).toEqual([15, 25]);
    expect(range(20, 0.25, 18)).toEqual([19, 25]);
  });

  test("leaves a fixed duration alone where it is 0 or less than a ms", () => {
    expect(range(20, 0, 30)).toEqual([20, 20]);
    expect(range(3, 0.25, 30)).toEqual([3, 3]);
  });

  test("widens a uniform duration by its share of the width", () => {
    expect(range({ from: 10, to: 30 }, 0)).toEqual([10, 30]);
    expect(range({ from: 10, to: 30 }, 0.5)).toEqual([5, 35]);
    expect(range({ from: 10, to: 30 }, 0.5, 7)).toEqual([8, 35]);
    expect(range({ from: 2, to: 22 }, 0.5)).toEqual([1, 27]);
  });

  test("makes no duration longer than the longest", () => {
    expect(range(durationMsMax - 10, 1, durationMsMax - 100)[1]).toBe(durationMsMax);
    expect(range({ from: durationMsMax - 1000, to: durationMsMax }, 1)[1]).toBe(durationMsMax);
  });

  test("leaves a distribution with a shape of its own alone", () => {
    expect(range({ kind: "empirical", ms: [5, 90] }, 1)).toEqual([5, 90]);
  });
});
