import { describe, expect, test } from "vitest";
import { comparePairs } from "../../src/statistics/comparison.js";
import { elasticity } from "../../src/statistics/elasticity.js";
import { exponential, generator, normal, times } from "./samples.js";

describe("two designs under common random numbers", () => {
  const next = generator(21);
  /** Faults of both designs; each costs the first 20 s, the second 80 s, give or take. */
  const pairs = times(400, () => {
    const faults = times(Math.floor(exponential(5, next)), () => next());
    const cost = (seconds: number): number =>
      faults.reduce((sum, draw) => sum + seconds + 9 * (draw - 0.5), 0);
    return [cost(20), cost(80)] as const;
  });
  const first = pairs.map(([a]) => a);
  const second = pairs.map(([, b]) => b);

  test("are distinguished by their ratio far better than by their difference", () => {
    const { ratio, difference } = comparePairs(first, second);
    expect(ratio?.value).toBeCloseTo(4, 1);
    expect(ratio?.gain).toBeGreaterThan(100);
    expect(difference.gain).toBeLessThan(3);
    expect(Math.abs(difference.value - 60 * 4.5)).toBeLessThan(30);
  });

  test("without a common cause have a gain of about 1, so that the pairing is not trusted", () => {
    const shuffled = [...second.slice(200), ...second.slice(0, 200)];
    const { ratio } = comparePairs(first, shuffled);
    expect(Number(ratio?.gain)).toBeGreaterThan(0.7);
    expect(Number(ratio?.gain)).toBeLessThan(1.4);
  });

  test("that differ by a factor alone leave no variance", () => {
    const { ratio } = comparePairs(
      first,
      first.map((x) => 1.5 * x),
    );
    expect(ratio).toEqual({ value: 1.5, interval: { low: 1.5, high: 1.5 }, gain: "infinite" });
  });

  test("that hardly ever differ have no interval", () => {
    const nearly = first.map((x, at) => (at < 19 ? x + 5 : x));
    const { differing, ratio, difference } = comparePairs(first, nearly);
    expect(differing).toBe(19);
    expect(ratio?.interval).toBeNull();
    expect(difference.interval).toBeNull();
    const enough = comparePairs(
      first,
      first.map((x, at) => (at < 60 && x > 0 ? x + 5 : x)),
    );
    expect(enough.differing).toBeGreaterThanOrEqual(20);
    expect(enough.ratio?.interval).not.toBeNull();
  });

  test("have no ratio where the first is 0 throughout, and none without an end where it is nearly so", () => {
    expect(
      comparePairs(
        times(50, () => 0),
        times(50, () => 1),
      ).ratio,
    ).toBeNull();
    const noise = generator(5);
    const around = times(50, () => normal(noise) + 0.05);
    expect(
      comparePairs(
        around,
        times(50, () => normal(noise) + 1),
      ).ratio?.interval,
    ).toMatchObject({ high: null });
  });

  test("must have run the same futures", () => {
    expect(() => comparePairs([1, 2], [1])).toThrow(
      "second must be 2 futures, as many as the first list",
    );
  });
});

describe("an elasticity", () => {
  test("is the power of the parameter", () => {
    const next = generator(22);
    const draws = times(300, () => exponential(1, next));
    const figure = (parameter: number) => draws.map((draw) => 9 * parameter * draw + 11 * draw);
    const found = elasticity(figure(1 / 1.2), figure(1.2), 1.44);
    // Between 1/1.2 and 1.2 the mean changes by (9 * 1.2 + 11) / (9 / 1.2 + 11).
    expect(found.value).toBeCloseTo(Math.log(21.8 / 18.5) / Math.log(1.44), 9);
    expect(found.gain).toBe("infinite");
    const inverse = elasticity(
      draws.map((draw) => draw * 1.2),
      draws.map((draw) => draw / 1.2),
      1.44,
    );
    expect(inverse.value).toBeCloseTo(-1, 9);
  });

  test("of a parameter that falls is the same as of one that rises", () => {
    const next = generator(23);
    const low = times(100, () => 1 + exponential(1, next));
    const high = low.map((value) => 1.5 * value + next());
    const rising = elasticity(low, high, 1.44);
    const falling = elasticity(high, low, 1 / 1.44);
    expect(falling.value).toBeCloseTo(rising.value ?? 0, 9);
    expect(falling.interval?.low).toBeCloseTo(rising.interval?.low ?? 0, 9);
    expect(falling.interval?.high).toBeCloseTo(rising.interval?.high ?? 0, 9);
    const opposite = elasticity(low, high, 1 / 1.44).interval;
    expect(opposite?.low).toBeLessThan(opposite?.high ?? 0);
  });

  test("of a parameter that nothing depends on is 0, without an interval", () => {
    const values = times(50, (at) => at + 1);
    expect(elasticity(values, values, 1.44)).toMatchObject({
      value: 0,
      interval: null,
      gain: "infinite",
    });
  });
});
