import { describe, expect, test, vi } from "vitest";
import { checkpoints, confidenceOfLook } from "../../src/statistics/checkpoints.js";
import { notZeroMin, relativeHalfWidth } from "../../src/statistics/interval.js";
import { mean } from "../../src/statistics/mean.js";
import { PowerSums } from "../../src/statistics/powerSums.js";
import { checkMean, type LimitVerdict } from "../../src/statistics/verdict.js";
import { exponential, generator, normal, repetitions, type Sampler, times } from "./samples.js";

// A loaded machine takes several times as long.
vi.setConfig({ testTimeout: 60_000 });

const looks = checkpoints(6_400);

const samples: Readonly<
  Record<string, { readonly sample: Sampler; readonly truth: number; readonly wrongMax: number }>
> = {
  "outages in a fifth of the futures": {
    sample: (next) => {
      let down = 0;
      for (let at = exponential(2, next); at < 1; at += exponential(2, next))
        down += exponential(1, next);
      return down;
    },
    truth: 0.5,
    wrongMax: 5,
  },
  "outages in one of fifty futures": {
    sample: (next) => (next() < 0.02 ? exponential(1, next) : 0),
    truth: 0.02,
    wrongMax: 5,
  },
  "heavy tails (lognormal, sigma 1.5)": {
    sample: (next) => Math.exp(1.5 * normal(next)),
    truth: Math.exp(1.125),
    wrongMax: 9,
  },
};

/** Looks at each checkpoint and stops at the first verdict. */
function decide(
  sample: Sampler,
  limit: number,
  next: () => number,
  confidence: number,
): LimitVerdict | undefined {
  const sums = new PowerSums();
  let count = 0;
  for (const look of looks) {
    for (; count < look; count++) sums.add(sample(next));
    const limitVerdict = checkMean(mean(sums.moments(), confidence), { atMost: limit });
    if (limitVerdict.verdict !== "undecided") return limitVerdict;
  }
  return undefined;
}

describe("a verdict at the limit itself is wrong in at most 5 of 100 cases", () => {
  test.each(Object.entries(samples))("%s", (_, { sample, truth, wrongMax }) => {
    const next = generator(11);
    const confidence = confidenceOfLook(0.95, looks.length);
    const wrong = times(repetitions, () => decide(sample, truth, next, confidence)).filter(
      (verdict) => verdict !== undefined,
    ).length;
    expect((100 * wrong) / repetitions).toBeLessThanOrEqual(wrongMax);
  });

  test("looking each time at 95 % would be wrong in more than 15", () => {
    const next = generator(12);
    const { sample, truth } = samples[
      "outages in a fifth of the futures"
    ] as (typeof samples)[string];
    const wrong = times(300, () => decide(sample, truth, next, 0.95)).filter(
      (verdict) => verdict !== undefined,
    );
    expect(wrong.length / 300).toBeGreaterThan(0.15);
  });

  test("a limit a quarter above the mean is met, and decided in nearly all cases", () => {
    const next = generator(13);
    const { sample, truth } = samples[
      "outages in a fifth of the futures"
    ] as (typeof samples)[string];
    const verdicts = times(100, () =>
      decide(sample, 1.25 * truth, next, confidenceOfLook(0.95, looks.length)),
    );
    expect(
      verdicts.filter((limitVerdict) => limitVerdict?.verdict === "met").length,
    ).toBeGreaterThanOrEqual(98);
    expect(verdicts.filter((limitVerdict) => limitVerdict?.verdict === "not met").length).toBe(0);
  });

  test("no verdict below 20 futures that are not zero", () => {
    const values = [...times(notZeroMin - 1, () => 1), ...times(1000, () => 0)];
    expect(checkMean(mean(values), { atMost: 100 }).verdict).toBe("undecided");
    expect(checkMean(mean([...values, 1]), { atMost: 100 }).verdict).toBe("met");
  });
});

describe("stopping at a wished precision", () => {
  test("keeps the interval at 93 of 100 or more", () => {
    const next = generator(14);
    const { sample, truth } = samples[
      "outages in a fifth of the futures"
    ] as (typeof samples)[string];
    let inside = 0;
    for (let at = 0; at < repetitions; at++) {
      const sums = new PowerSums();
      let count = 0;
      for (const look of looks) {
        for (; count < look; count++) sums.add(sample(next));
        const { value, interval } = mean(sums.moments());
        if (relativeHalfWidth(value, interval) > 0.1 && look !== 6_400) continue;
        if ((interval?.low ?? Infinity) <= truth && truth <= (interval?.high ?? -Infinity))
          inside++;
        break;
      }
    }
    expect((100 * inside) / repetitions).toBeGreaterThanOrEqual(93);
  });

  test("looks at 100, 200, 400, ... and the whole", () => {
    expect(checkpoints(1000)).toEqual([100, 200, 400, 800, 1000]);
    expect(checkpoints(800)).toEqual([100, 200, 400, 800]);
    expect(checkpoints(60)).toEqual([60]);
  });
});
